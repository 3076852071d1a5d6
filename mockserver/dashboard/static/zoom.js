/** The window in which the pictures of an exchange are seen large: side by side, or one in all the room. */

import { board, measures } from "./board.js";
import { html, nothing } from "./lit.js";
import { begin, drag, follow } from "./panes.js";
import { update } from "./store.js";

const FIT = 0;
const ZOOMS = [FIT, 1, 2, 4, 8];
const CRISP = 2; // from this zoom on, pixels are to be seen as such
const STEPS = { __proto__: null, "+": 1, "=": 1, "-": -1, _: -1 }; // with and without the shift key

/** What is seen: `pictures`, of which one was clicked, on `opener`, and `only` one or, with null, all of them. */
let enlarged = null;

function change(changes) {
  Object.assign(enlarged, changes);
  update();
}

/** Open the window for `pictures`, with that which is `first` in focus; `opener` has the focus again afterwards. */
export function enlarge(pictures, first, opener) {
  enlarged = { pictures, opener, only: pictures.length > 1 ? null : first, zoom: FIT, outlined: true };
  update();
  requestAnimationFrame(() => {
    const opened = document.querySelector("dialog.zoom");
    opened?.showModal();
    opened?.querySelectorAll(".pane")[pictures.indexOf(first)].focus();
    begin();
  });
}

function close() {
  const { opener } = enlarged;
  enlarged = null;
  update();
  if (opener.isConnected) opener.focus();
}

/** Close the window if it is open: its pictures belong to a call that is no longer shown. */
export const leave = () => document.querySelector("dialog.zoom")?.close();

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return; // the browser's own zoom
  const step = STEPS[event.key];
  const zoom = event.key === "0" ? FIT : ZOOMS[ZOOMS.indexOf(enlarged.zoom) + step];
  if (zoom === undefined) return;
  event.preventDefault();
  change({ zoom });
}

function choices(label, options) {
  return html`
    <span class="choices" role="group" aria-label=${label}>
      ${options.map(({ text, name = text, pressed, changes }) => html`
        <button type="button" aria-label=${name} aria-pressed=${String(pressed)} @click=${() => change(changes)}>${text}</button>`)}
    </span>`;
}

function bar() {
  const { pictures, only, zoom, outlined } = enlarged;
  const one = pictures.map(picture => {
    const name = `Only ${picture.name}`;
    return { text: picture.name, name, pressed: only === picture, changes: { only: picture } };
  });
  const zooms = ZOOMS.map(factor => ({
    text: factor === FIT ? "Fit" : `${factor}×`,
    pressed: factor === zoom,
    changes: { zoom: factor },
  }));
  return html`
    <form method="dialog" class="bar">
      ${pictures.length > 1
        ? choices("Show", [{ text: "Side by side", pressed: only === null, changes: { only: null } }, ...one])
        : html`<strong>${only.name}</strong>`}
      ${choices("Zoom", zooms)}
      ${pictures.some(({ boxes }) => boxes.length)
        ? html`<label><input type="checkbox" .checked=${outlined} @change=${event => change({ outlined: event.target.checked })}>
            foreground box</label>`
        : nothing}
      <span class="hint quiet">+ and − zoom, arrows move</span>
      <button class="close">Close</button>
    </form>`;
}

function pane(picture) {
  const { only, pictures, zoom, outlined } = enlarged;
  const { source, name, boxes } = picture;
  const style = zoom === FIT ? "fit" : zoom < CRISP ? "" : "crisp";
  return html`
    <figure ?hidden=${only !== null && only !== picture}>
      ${pictures.length > 1 ? html`<figcaption>${name} ${measures(source)}</figcaption>` : nothing}
      <div class="pane ${style}" tabindex="0" role="region" aria-label=${name}
        @scroll=${follow} @pointerdown=${drag}>${board(source, name, outlined ? boxes : [], zoom)}</div>
    </figure>`;
}

/** Return the window for the pictures that were enlarged, if some were. */
export function zoom() {
  if (!enlarged) return nothing;
  const { pictures } = enlarged;
  return html`
    <dialog class="zoom" aria-label=${`Enlarged: ${pictures.map(({ name }) => name).join("; ")}`} @close=${close} @keydown=${onKey}>
      ${bar()}
      <div class="panes">${pictures.map(pane)}</div>
    </dialog>`;
}
