/** The pictures of an exchange beside each other, and larger if one likes. */

import { board, knownOf, measures } from "./board.js";
import { html, nothing } from "./lit.js";
import { enlarge } from "./zoom.js";

const isThere = ({ source }) => Boolean(source) && !knownOf(source)?.missing;

function figure(picture, all) {
  const { source, name, boxes, none, note } = picture;
  if (!isThere(picture)) {
    return html`<figure class="picture"><figcaption>${name}</figcaption><p class="quiet">${none}</p></figure>`;
  }
  return html`
    <figure class="picture">
      <figcaption>${name} ${measures(source)}</figcaption>
      <button class="enlarge" aria-label=${`Enlarge: ${name}`}
        @click=${({ currentTarget }) => enlarge(all.filter(isThere), picture, currentTarget)}>
        ${board(source, name, boxes)}
      </button>
      ${boxes.map(box => html`<p class="quiet"><span class="swatch"></span> ${box.name}: top ${box.top}, left ${box.left},
        ${box.width} × ${box.height}</p>`)}
      ${note ? html`<p class="quiet">${note}</p>` : nothing}
    </figure>`;
}

/**
 * Return the pictures `all` beside each other; each can be enlarged, together with the others.
 *
 * Each has a `name`, a `source`, which is empty where there surely is none, the `boxes` to be drawn on it, a `note`, and
 * what is said where there is `none`.
 */
export function pictures(all) {
  return html`<section class="sides" aria-label="Pictures">${all.map(one => figure(one, all))}</section>`;
}
