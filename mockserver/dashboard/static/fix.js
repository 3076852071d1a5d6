/** What a request should have been. */

import { get } from "./api.js";
import { html, nothing } from "./lit.js";
import { once } from "./once.js";
import { prose } from "./prose.js";
import { broken, isAdvice } from "./verdicts.js";

const KEPT = 20; // exchanges of which it is remembered
const NONE = { right: false, changes: [], snippets: [] };
const [SENT, INSTEAD, WHY] = ["Sent", "Send instead", "Why"];
const found = once(number => get(`journal/${number}/fix`), { kept: KEPT, refused: () => NONE }); // without the body nothing is known of it

/** Return what the server knows of the fix of `exchange`; it is asked where something may be wrong. */
export function fixOf(exchange) {
  const { number, ending, status, fields, operation, query } = exchange;
  const isRefused = status < 200 || status >= 300;
  const isFine = !isRefused && !fields?.some(one => one.problem) && !(operation && query) && broken(exchange).every(isAdvice);
  return ending === null || isFine ? NONE : (found.of(number) ?? NONE);
}

/** Return a sentence for who may look for a fault in a request that has none. */
export function excuse(exchange) {
  const { status } = exchange;
  if (!(status === 402 || status === 429 || status >= 500) || !fixOf(exchange).right) return nothing;
  const when = status === 402 ? "once the account has credits" : "later";
  return html`<p>Nothing is wrong with the request itself: sent again ${when}, just as it is, it can succeed.</p>`;
}

const shown = value => (value === null ? html`<i class="quiet">nothing</i>` : html`<code>${value}</code>`);

/** Return what has to be changed in a request, in a table. */
export const changes = all => html`
  <div class="scroll" tabindex="0" role="region" aria-label="What to change"><table>
    <thead><tr><th scope="col">Where</th><th scope="col">${SENT}</th><th scope="col">${INSTEAD}</th><th scope="col">${WHY}</th></tr></thead>
    <tbody>${all.map(({ name, before, after, why, new_name: newName }) => html`
      <tr>
        <th scope="row">${name || "The body"}</th>
        <td data-name=${SENT}>${shown(before)}</td>
        <td data-name=${INSTEAD}>${newName ? html`<b>${newName}</b> ` : nothing}${shown(after)}</td>
        <td data-name=${WHY}>${prose(why)}</td>
      </tr>`)}</tbody>
  </table></div>`;
