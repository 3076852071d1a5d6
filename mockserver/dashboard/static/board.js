/** One picture on a checkerboard, with boxes drawn on it. */

import { html, nothing, svg } from "./lit.js";
import { onAnew, update } from "./store.js";

const MOST_KNOWN = 100;

/** What is known of pictures by address: their sizes in pixels, or that there is nothing to see. */
const known = new Map();

onAnew(() => known.clear());

function note(source, what) {
  known.set(source, what);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value);
  update();
}

/** Look anew at what was missing: it may only not have come. */
export function lookAgain() {
  for (const [source, { missing }] of known) if (missing) known.delete(source);
}

/** Return the size of the picture at `source` in pixels, undefined while it is not known; or that it is missing. */
export const knownOf = source => known.get(source);

/** Return how large the picture at `source` is, in words, once that is known. */
export function measures(source) {
  const size = known.get(source);
  return size?.width ? html`<span class="quiet">${size.width} × ${size.height} pixels</span>` : nothing;
}

function overlay(boxes, size) {
  if (!boxes.length || !size?.width) return nothing;
  return html`
    <svg viewBox=${`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" aria-hidden="true">
      ${boxes.map(one => svg`<rect x=${one.left} y=${one.top} width=${one.width} height=${one.height}
        vector-effect="non-scaling-stroke"></rect>`)}
    </svg>`;
}

/** Return the picture at `source`: `factor` screen pixels for each of its own, or, with 0, as large as there is room. */
export function board(source, alt, boxes, factor = 0) {
  const size = known.get(source);
  const scaled = length => (factor && length ? length * factor : nothing);
  return html`
    <span class="board">
      <img class=${size ? "" : "coming"} src=${source} alt=${alt} decoding="async" draggable="false" width=${scaled(size?.width)} height=${scaled(size?.height)}
        @load=${({ target }) => note(source, { width: target.naturalWidth, height: target.naturalHeight })}
        @error=${() => note(source, { missing: true })}>
      ${overlay(boxes, size)}
    </span>`;
}
