/** Pictures on a checkerboard, with boxes drawn on them, and larger if one likes. */

import { html, nothing, svg } from "./lit.js";
import { update } from "./store.js";

const ZOOMS = [1, 2, 4, 8];
const FIT = 0;

const MOST_KNOWN = 100;

/** What is known of pictures by address: their sizes in pixels, or that there is nothing to see. */
const known = new Map();
let enlarged = null;

function note(source, what) {
  known.set(source, what);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value);
  update();
}

/** Look anew at what was missing: it may only not have come. */
export function lookAgain() {
  for (const [source, { missing }] of known) if (missing) known.delete(source);
}

function overlay(boxes, size) {
  if (!boxes.length || !size?.width) return nothing;
  return html`
    <svg viewBox=${`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" aria-hidden="true">
      ${boxes.map(one => svg`<rect x=${one.left} y=${one.top} width=${one.width} height=${one.height}
        vector-effect="non-scaling-stroke"></rect>`)}
    </svg>`;
}

function board(source, alt, boxes, factor = FIT) {
  const size = known.get(source);
  return html`
    <span class="board">
      <img src=${source} alt=${alt} decoding="async" width=${factor && size ? size.width * factor : nothing}
        @load=${({ target }) => note(source, { width: target.naturalWidth, height: target.naturalHeight })}
        @error=${() => note(source, { missing: true })}>
      ${overlay(boxes, size)}
    </span>`;
}

/** Return the picture at `source` with its name and its boxes; `none` is said where there is none. */
export function picture(source, name, { boxes = [], none = "There is none.", note: remark = "" } = {}) {
  const size = known.get(source);
  if (!source || size?.missing) {
    return html`<figure class="picture"><figcaption>${name}</figcaption><p class="quiet">${none}</p></figure>`;
  }
  return html`
    <figure class="picture">
      <figcaption>${name} ${size ? html`<span class="quiet">${size.width} × ${size.height} pixels</span>` : nothing}</figcaption>
      <button class="enlarge" aria-label=${`Enlarge: ${name}`} @click=${() => enlarge(source, name, boxes)}>
        ${board(source, name, boxes)}
      </button>
      ${boxes.map(box => html`<p class="quiet"><span class="swatch"></span> ${box.name}: top ${box.top}, left ${box.left},
        ${box.width} × ${box.height}</p>`)}
      ${remark ? html`<p class="quiet">${remark}</p>` : nothing}
    </figure>`;
}

function enlarge(source, name, boxes) {
  enlarged = { source, name, boxes, zoom: FIT, outlined: true };
  update();
  requestAnimationFrame(() => document.querySelector("dialog.zoom")?.showModal());
}

/** Return the window for the picture that was enlarged, if one was. */
export function zoom() {
  if (!enlarged) return nothing;
  const { source, name, boxes, zoom: factor, outlined } = enlarged;
  const change = changes => {
    Object.assign(enlarged, changes);
    update();
  };
  return html`
    <dialog class="zoom" aria-label=${name} @close=${() => {
      enlarged = null;
      update();
    }}>
      <form method="dialog" class="bar">
        <strong>${name}</strong>
        <span role="group" aria-label="Zoom">
          <button type="button" aria-pressed=${String(factor === FIT)} @click=${() => change({ zoom: FIT })}>Fit</button>
          ${ZOOMS.map(one => html`<button type="button" aria-pressed=${String(one === factor)}
            @click=${() => change({ zoom: one })}>${one}×</button>`)}
        </span>
        ${boxes.length
          ? html`<label><input type="checkbox" .checked=${outlined} @change=${event => change({ outlined: event.target.checked })}>
              foreground box</label>`
          : nothing}
        <button autofocus>Close</button>
      </form>
      <div class=${factor === FIT ? "scroll fit" : "scroll"} tabindex="0">${board(source, name, outlined ? boxes : [], factor)}</div>
    </dialog>`;
}
