/** The callers to choose from. */

import { html, nothing } from "./lit.js";
import { MOST_TENANTS, state } from "./store.js";

/** Return the options of a list of callers, of which `chosen` is one even if nobody has heard of it; "" stands for all. */
export function callerOptions(chosen) {
  const ids = new Set([...state.tenants.map(one => one.id), ...(chosen ? [chosen] : [])]);
  return html`
    <option value="" .selected=${!chosen}>everybody</option>
    ${[...ids].map(id => html`<option value=${id} .selected=${id === chosen}>${id}</option>`)}
    ${state.tenants.length < MOST_TENANTS ? nothing : html`<option disabled>(the ${MOST_TENANTS} that called last)</option>`}`;
}
