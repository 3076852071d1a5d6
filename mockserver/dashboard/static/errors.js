/** The documented errors, by provider: one is chosen, and the provider's next requests are answered so. */

import { facts } from "./facts.js";
import { html } from "./lit.js";
import { prose } from "./prose.js";
import { state, update } from "./store.js";

let wanted = "";

/** Return all errors of `provider`, with what is known of them so far. */
function errorsOf({ name: provider, errors }) {
  const told = new Map(facts(provider, "errors").map(one => [one.name, one]));
  return errors.map(name => ({ provider, name, key: `${provider} ${name}`, ...told.get(name) }));
}

/** Return the form; `arm` gets the error, the words for it, and whose it is. */
export function documentedErrors(arm) {
  const groups = state.providers.map(one => ({ title: one.title, errors: errorsOf(one) }));
  const all = groups.flatMap(one => one.errors);
  const chosen = all.find(one => one.key === wanted) ?? all[0];
  return html`
    <h3>Documented errors</h3>
    <p class="inline"><label>Error
      <select @change=${event => {
        wanted = event.target.value;
        update();
      }}>
        ${groups.map(({ title, errors }) => html`<optgroup label=${title}>${errors.map(({ key, name, status }) => html`
          <option value=${key} .selected=${key === chosen.key}>${status ?? ""} ${name}</option>`)}</optgroup>`)}
      </select></label>
      <button ?disabled=${!chosen} @click=${() => arm(chosen.name, chosen.name, chosen.provider)}>Answer so</button></p>
    <p class="quiet">${chosen?.message ? [chosen.status, ": ", prose(chosen.message.replace("{detail}", "…"))] : "…"}</p>`; // always a line: nothing moves
}
