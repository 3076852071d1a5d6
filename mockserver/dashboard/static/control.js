/** Controls for plain values, which take wrong ones, too: how a server refuses them is worth seeing. */

import { objections, types } from "./check.js";
import { typed } from "./fields.js";
import { html, nothing } from "./lit.js";
import { prose } from "./prose.js";

const LONGEST = 300; // letters that a field shows
const NUMBER = /^-?\d+(\.\d+)?$/;

/** Return what the documents have against `value`, which is sent all the same. */
function doubt(id, schema, value, { required, isForm }) {
  if (value === undefined) {
    return required ? html`<p class="doubt" id=${`${id}-doubt`}>The documents demand this; it is left out all the same.</p>` : nothing;
  }
  const found = objections(schema, value, { isForm });
  return found.length
    ? html`<p class="doubt" id=${`${id}-doubt`}>The documents do not allow this: ${prose(found.join(", and "))}; it is sent anyway.</p>`
    : nothing;
}

/** Tell whether the user is in the field with that name. */
const isIn = name => document.activeElement?.name === name;

/** Return the value of JSON that `text` is, or `text` where it is none. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const shown = value => (typeof value === "string" || value === undefined ? (value ?? "") : JSON.stringify(value));

/** Return the choice among `choices`, to leave out, or another value. */
function choice(id, choices, value, change, { name, isForm, said }) {
  const place = `${id}-other`;
  const chosen = isForm ? choices.find(one => String(one) === String(value)) : value; // in a form all values are texts
  const other = value !== undefined && (!choices.includes(chosen) || isIn(place)); // while one types, a choice may come by
  const text = isForm ? String(value) : shown(value);
  const pick = event => {
    const { value: picked, selectedIndex } = event.target;
    if (selectedIndex === choices.length + 1) change(other ? value : "");
    else change(picked === "" ? undefined : JSON.parse(picked));
  };
  return html`
    <div class="choice">
      <select id=${id} aria-describedby=${said} @change=${pick}>
        <option value="" .selected=${value === undefined}>leave out</option>
        ${choices.map(one => html`<option value=${JSON.stringify(one)} .selected=${one === chosen}>${String(one)}</option>`)}
        <option value="another" .selected=${other}>another value …</option>
      </select>
      ${other
        ? html`<input name=${place} aria-label=${`Another value of ${name}`} aria-describedby=${said} autocomplete="off"
            placeholder=${isForm ? "an empty text" : "an empty text; or JSON"} .value=${typed(place, text)}
            @input=${event => change(isForm ? event.target.value : parsed(event.target.value))}>`
        : nothing}
    </div>`;
}

/** Return the field to type a text or number in; what is empty is left out. */
function field(id, schema, value, change, { isForm, said, picture }) {
  const numeric = types(schema).some(one => one === "integer" || one === "number");
  const read = text => {
    if (text === "") return undefined;
    return numeric && !isForm && NUMBER.test(text) ? Number(text) : text;
  };
  const example = schema.examples?.[0] ?? schema.default;
  const text = value === undefined || value === null ? "" : String(value);
  if (text.length > LONGEST && !isIn(id)) {
    return html`<span class="quiet">${text.slice(0, 40)}… (${text.length.toLocaleString()} letters)</span>
      <button type="button" id=${id} @click=${() => change(undefined)}>Empty it</button>`;
  }
  return html`
    <input id=${id} name=${id} aria-describedby=${said} inputmode=${numeric ? "decimal" : "text"} .value=${typed(id, text)}
      placeholder=${example === undefined ? "" : String(example).slice(0, 80)} @input=${event => change(read(event.target.value))}>
    ${picture ? html`<button type="button" @click=${picture}>Put the picture in</button>` : nothing}`;
}

/**
 * Return a control for one plain value, and what the documents have against it. `undefined` means that it is left out.
 *
 * `picture`, where there is one, puts the chosen picture in. In a form all values are texts.
 */
export function control(id, schema, value, change, { name, required, isForm, picture = null }) {
  const choices = schema.const !== undefined ? [schema.const] : (schema.enum ?? (types(schema).includes("boolean") ? [true, false] : null));
  const against = doubt(id, schema, value, { required, isForm });
  const said = against === nothing ? nothing : `${id}-doubt`;
  return html`
    ${choices ? choice(id, choices, value, change, { name, isForm, said }) : field(id, schema, value, change, { isForm, said, picture })}
    ${against}`;
}
