/** A form for any value that a JSON Schema describes. */

import { isOfType, types } from "./check.js";
import { control } from "./control.js";
import { resolve } from "./documents.js";
import { html, nothing } from "./lit.js";
import { prose } from "./prose.js";

const DEEPEST = 12;

const isData = (schema, document) => types(resolve(document, schema)).includes("string") && /\[Dd\]|data:/.test(resolve(document, schema).pattern ?? "");

/** Return a first value for what `schema` demands: its constants, and nothing that is optional. */
export function blank(document, schema, depth = 0) {
  const one = resolve(document, schema);
  if (one.const !== undefined) return one.const;
  if (depth > DEEPEST) return null;
  const variant = (one.anyOf ?? one.oneOf)?.[0];
  if (variant && !one.properties) return blank(document, variant, depth + 1);
  if (types(one).includes("object")) {
    return Object.fromEntries((one.required ?? []).map(name => [name, blank(document, one.properties?.[name] ?? {}, depth + 1)]));
  }
  if (types(one).includes("array")) return one.minItems ? [blank(document, one.items, depth + 1)] : [];
  if (one.enum) return one.enum[0];
  if (types(one).includes("boolean")) return one.default ?? false;
  if (types(one).includes("integer") || types(one).includes("number")) return one.default ?? one.minimum ?? 0;
  return "";
}

/** Return how much speaks for it that `value` is meant by `schema`: the parts that it knows, and most of all its constants. */
function likeness(document, schema, value) {
  const one = resolve(document, schema);
  if (one.const !== undefined) return one.const === value ? 10 : -1;
  if (!isOfType(one, value)) return -1;
  if (value === null || typeof value !== "object" || Array.isArray(value)) return 0;
  const parts = Object.entries(one.properties ?? {}).filter(([name]) => name in value);
  return parts.reduce((sum, [name, part]) => sum + 1 + likeness(document, part, value[name]), 0);
}

/** Return the one of `variants` that `value` is most likely meant by, though parts of it may be wrong or missing. */
const likeliest = (document, variants, value) =>
  variants.reduce((best, one) => (likeness(document, one, value) > likeness(document, best, value) ? one : best));

/** Return `value` with `data` in the first place that may hold a data: URL, or null if there is none. */
export function filled(document, schema, value, data) {
  const one = resolve(document, schema);
  if (isData(one, document)) return data;
  const variants = (one.anyOf ?? one.oneOf)?.map(part => resolve(document, part));
  if (variants && !one.properties) return filled(document, likeliest(document, variants, value), value, data);
  const parts = Array.isArray(value) ? value.map((_, index) => [index, one.items]) : Object.entries(one.properties ?? {});
  for (const [key, part] of parts) {
    const inner = value?.[key] === undefined || !part ? null : filled(document, part, value[key], data);
    if (inner !== null) return Array.isArray(value) ? value.with(key, inner) : { ...value, [key]: inner };
  }
  return null;
}

function described(schema) {
  const known = [schema.description];
  if (schema.minimum !== undefined || schema.maximum !== undefined) known.push(`From ${schema.minimum ?? "…"} to ${schema.maximum ?? "…"}.`);
  if (schema.default !== undefined) known.push(`Default: ${JSON.stringify(schema.default)}.`);
  return known.filter(Boolean).join(" ");
}

function row(name, id, required, description, content) {
  return html`
    <div class="field">
      <label for=${id}>${name}${required ? html` <span class="quiet">(required)</span>` : nothing}</label>
      <div>${content}${description ? html`<p class="quiet">${prose(description)}</p>` : nothing}</div>
    </div>`;
}

/** Return the frame for a value with parts; where it may be, with a way to leave it out and to put it in again. */
function frame({ name, value, change, required, leavable, fresh, content }) {
  const out = leavable && value === undefined;
  return html`
    <fieldset><legend>${name}${required ? html` <span class="quiet">(required)</span>` : nothing}</legend>
      ${out ? html`<p class=${required ? "doubt" : "quiet"}>${required ? "The documents demand this; it is left out all the same." : "Left out."}</p>` : content()}
      ${leavable
        ? html`<button type="button" @click=${() => change(() => (out ? fresh() : undefined))}>${out ? "Put in" : "Leave out"} ${name}</button>`
        : nothing}
    </fieldset>`;
}

/**
 * Return the form for `value`, which `schema` in `document` describes.
 *
 * `change` gets a function from the value to the next one: there may have been other changes since this was drawn.
 *
 * `name` is what the value is called, `path` where it is. `picture` puts the chosen picture in. With `isForm` the values
 * are sent as texts; `leavable` tells whether this one can be left out.
 */
export function schemaForm({ document, schema, value, change, picture, isForm, name = "", path = "field", required = true, leavable = false, depth = 0 }) {
  const one = resolve(document, schema);
  if (depth > DEEPEST) return nothing;
  const inner = parts => schemaForm({ document, picture, isForm, depth: depth + 1, ...parts });
  const framed = content => frame({ name, value, change, required, leavable, fresh: () => blank(document, one), content });
  const variants = (one.anyOf ?? one.oneOf)?.map(part => resolve(document, part));
  if (variants && !one.properties) return framed(() => choice({ document, variants, value, change, path, required, inner }));
  if (types(one).includes("object") && one.properties) {
    const parts = () => group({ schema: one, value, change, path, inner });
    return name ? framed(parts) : parts();
  }
  if (types(one).includes("array")) return framed(() => list({ document, schema: one, value, change, name, path, inner }));
  const id = idOf(path);
  const data = isData(one, document) ? picture : null;
  return row(name, id, required, described(one), control(id, one, value, next => change(() => next), { name, required, isForm, picture: data }));
}

const idOf = path => path.replace(/[^\w-]/g, "-");

/** Return the form for a value of one of several kinds. */
function choice({ document, variants, value, change, path, required, inner }) {
  const index = variants.indexOf(likeliest(document, variants, value));
  const id = `${idOf(path)}-kind`;
  return html`
    ${row("Kind", id, false, "", html`
      <select id=${id} @change=${event => change(() => blank(document, variants[event.target.value]))}>
        ${variants.map((part, number) => html`<option value=${number} .selected=${number === index}>${part.title ?? number + 1}</option>`)}
      </select>`)}
    ${inner({ schema: variants[index], value, change, path, required })}`;
}

/** Return the form for an object. */
function group({ schema, value, change, path, inner }) {
  const given = value ?? {};
  const set = (key, changed) => change(old => {
    const next = { ...old };
    const part = changed(next[key]);
    if (part === undefined) delete next[key];
    else next[key] = part;
    return next;
  });
  return html`${Object.entries(schema.properties).map(([key, part]) =>
    inner({
      schema: part,
      value: given[key],
      change: changed => set(key, changed),
      name: key,
      path: `${path}.${key}`,
      required: schema.required?.includes(key) ?? false,
      leavable: true,
    }))}`;
}

/** Return the form for a list, whose items can be added and removed. */
function list({ document, schema, value, change, name, path, inner }) {
  const items = Array.isArray(value) ? value : [];
  return html`
    ${items.map((item, index) => html`
      <div class="item">
        ${inner({
          schema: schema.items,
          value: item,
          change: changed => change(old => old.with(index, changed(old[index]))),
          name: `${name} ${index + 1}`,
          path: `${path}.${index}`,
          required: false,
        })}
        <button type="button" @click=${() => change(old => old.toSpliced(index, 1))}>Remove ${name} ${index + 1}</button>
      </div>`)}
    <button type="button" @click=${() => change(old => [...(Array.isArray(old) ? old : []), blank(document, schema.items)])}>Add ${name}</button>`;
}
