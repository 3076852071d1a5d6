/** What code should do after an answer that is no success, by the rules about clients that speak of its status. */

import { facts } from "./facts.js";
import { html, nothing } from "./lit.js";
import { prose } from "./prose.js";
import { sourceOf } from "./sources.js";

const STATUSES = /(other than )?\b([1-5]\d\d)\b(?: to ([1-5]\d\d)\b)?( or above)?/g;

/** Tell whether a rule's text speaks of `status`: "429", "500 to 599", "500 or above", and not "other than 429". */
function speaksOf(text, status) {
  let found = false;
  for (const [, excluded, first, last, isOpen] of text.matchAll(STATUSES)) {
    const within = status >= Number(first) && status <= (isOpen ? 599 : Number(last ?? first));
    if (within && excluded) return false;
    found ||= within;
  }
  return found;
}

/** Return what the rules demand of the caller of `exchange` now. */
export function duties({ provider, status }) {
  if (!provider || !(status >= 400)) return nothing;
  const found = facts(provider, "rules").filter(one => one.subject === "client" && speaksOf(one.text, status));
  if (!found.length) return nothing;
  return html`
    <section>
      <h2>What your code should do after a ${status}</h2>
      <ul class="duties">
        ${found.map(one => html`<li>${prose(one.text)} <span class="quiet">(<a href=${`#/learn?search=${encodeURIComponent(one.id)}`}>${one.level}</a>,
          ${one.assurance}: ${sourceOf(provider, one.source)})</span></li>`)}
      </ul>
    </section>`;
}
