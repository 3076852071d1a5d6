/** Panes that show parts of pictures, all the same part: whoever moves one moves the others. */

/** Where the middle of a pane is in its picture, as shares of width and height. */
const MIDDLE = { x: 0.5, y: 0.5 };

let place = MIDDLE;
/** Where panes were put by this module, and how large they were then: not all that are scrolled were moved by somebody. */
const put = new WeakMap();

const panes = () => [...document.querySelectorAll("dialog.zoom .pane")];

function middleOf(pane) {
  const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = pane.firstElementChild;
  return {
    // Along a side that fits in there is nothing to be moved.
    x: pane.scrollWidth > pane.clientWidth ? (pane.scrollLeft + pane.clientWidth / 2 - left) / width : place.x,
    y: pane.scrollHeight > pane.clientHeight ? (pane.scrollTop + pane.clientHeight / 2 - top) / height : place.y,
  };
}

const sizeOf = pane => [pane.clientWidth, pane.clientHeight, pane.scrollWidth, pane.scrollHeight].join(" ");

/** Note where `pane` is, which is where it belongs. */
const note = pane => put.set(pane, { left: pane.scrollLeft, top: pane.scrollTop, size: sizeOf(pane) });

/** Tell whether somebody has moved `pane`. One of another size than before has been cut short by the browser, and is put right soon. */
function isMoved(pane) {
  const { left, top, size } = put.get(pane) ?? {};
  return size === sizeOf(pane) && (pane.scrollLeft !== left || pane.scrollTop !== top);
}

function settle(pane) {
  const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = pane.firstElementChild;
  pane.scrollLeft = left + place.x * width - pane.clientWidth / 2;
  pane.scrollTop = top + place.y * height - pane.clientHeight / 2;
  note(pane);
}

/** Whatever becomes of the panes, or of the pictures in them, the same part is shown as before. */
const sizes = new ResizeObserver(() => panes().forEach(settle));

/** Begin with the middle of each picture in the panes that are there now. */
export function begin() {
  place = MIDDLE;
  sizes.disconnect();
  for (const pane of panes()) [pane, pane.firstElementChild].forEach(one => sizes.observe(one));
}

/** Have the other panes follow the one that was scrolled. */
export function follow({ currentTarget: pane }) {
  if (!isMoved(pane)) return;
  place = middleOf(pane);
  note(pane);
  for (const other of panes()) if (other !== pane) settle(other);
}

/** Let a mouse or a pen drag the picture along; fingers do so anyhow. */
export function drag(event) {
  const { currentTarget: pane, target, pointerId, pointerType, button } = event;
  if (pointerType === "touch" || button !== 0 || target === pane) return; // the pane itself: one of its scroll bars
  const from = { x: event.clientX + pane.scrollLeft, y: event.clientY + pane.scrollTop };
  const move = ({ clientX, clientY }) => pane.scrollTo(from.x - clientX, from.y - clientY);
  const stop = () => {
    pane.removeEventListener("pointermove", move);
    pane.classList.remove("dragged");
  };
  pane.setPointerCapture(pointerId);
  pane.classList.add("dragged");
  pane.addEventListener("pointermove", move);
  pane.addEventListener("lostpointercapture", stop, { once: true });
}
