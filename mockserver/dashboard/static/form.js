/** A form for any value that a JSON Schema describes. */

import { resolve } from "./documents.js";
import { html, nothing } from "./lit.js";
import { prose } from "./prose.js";

const DEEPEST = 12;
const LONGEST = 300; // letters that a field shows

const types = schema => [schema.type ?? []].flat();
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

/** Tell whether `value` could be meant by `schema`: whether the constants in it are the same. */
function fits(document, schema, value) {
  const one = resolve(document, schema);
  if (one.const !== undefined) return one.const === value;
  if (value === null || typeof value !== "object" || Array.isArray(value)) return true;
  return (one.required ?? []).every(name => name in value) &&
    Object.entries(one.properties ?? {}).every(([name, part]) => !(name in value) || fits(document, part, value[name]));
}

/** Return `value` with `data` in the first place that may hold a data: URL, or null if there is none. */
export function filled(document, schema, value, data) {
  const one = resolve(document, schema);
  if (isData(one, document)) return data;
  const variants = (one.anyOf ?? one.oneOf)?.map(part => resolve(document, part));
  if (variants && !one.properties) {
    const chosen = variants.find(part => fits(document, part, value));
    return chosen ? filled(document, chosen, value, data) : null;
  }
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

/**
 * Return a control for one plain value. `undefined` means that it is left out.
 *
 * `picture` puts the chosen picture in, where a field may hold it as a data: URL.
 */
function plain(id, schema, value, change, { data, picture }) {
  const optional = html`<option value="" .selected=${value === undefined}>leave out</option>`;
  if (schema.const !== undefined) return html`<input id=${id} readonly .value=${String(schema.const)}>`;
  const choices = schema.enum ?? (types(schema).includes("boolean") ? [true, false] : null);
  if (choices) {
    return html`
      <select id=${id} @change=${event => change(event.target.value === "" ? undefined : JSON.parse(event.target.value))}>
        ${optional}
        ${choices.map(one => html`<option value=${JSON.stringify(one)} .selected=${one === value}>${String(one)}</option>`)}
      </select>`;
  }
  const numeric = types(schema).some(one => one === "integer" || one === "number");
  const read = text => {
    if (text === "") return undefined;
    return numeric && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  };
  const example = schema.examples?.[0] ?? schema.default;
  const text = value === undefined || value === null ? "" : String(value);
  if (text.length > LONGEST) {
    return html`<span class="quiet">${text.slice(0, 40)}… (${text.length.toLocaleString()} letters)</span>
      <button type="button" id=${id} @click=${() => change(undefined)}>Empty it</button>`;
  }
  return html`
    <input id=${id} inputmode=${numeric ? "decimal" : "text"} .value=${text}
      placeholder=${example === undefined ? "" : String(example).slice(0, 80)} @change=${event => change(read(event.target.value))}>
    ${data ? html`<button type="button" @click=${picture}>Put the picture in</button>` : nothing}`;
}

function row(name, id, required, description, control) {
  return html`
    <div class="field">
      <label for=${id}>${name}${required ? html` <span class="quiet">(required)</span>` : nothing}</label>
      <div>${control}${description ? html`<p class="quiet">${prose(description)}</p>` : nothing}</div>
    </div>`;
}

/**
 * Return the form for `value`, which `schema` in `document` describes; `change` gets every new value.
 *
 * `name` is what the value is called, `path` where it is. `picture` puts the chosen picture in.
 */
export function schemaForm({ document, schema, value, change, picture, name = "", path = "field", required = true, depth = 0 }) {
  const one = resolve(document, schema);
  if (depth > DEEPEST) return nothing;
  const inner = parts => schemaForm({ document, picture, depth: depth + 1, ...parts });
  const variants = (one.anyOf ?? one.oneOf)?.map(part => resolve(document, part));
  if (variants && !one.properties) return choice({ document, variants, value, change, name, path, required, inner });
  if (types(one).includes("object") && one.properties) return group({ schema: one, value, change, name, path, inner });
  if (types(one).includes("array")) return list({ document, schema: one, value, change, name, path, inner });
  const id = idOf(path);
  return row(name, id, required, described(one), plain(id, one, value, change, { data: isData(one, document), picture }));
}

const idOf = path => path.replace(/[^\w-]/g, "-");

/** Return the form for a value of one of several kinds. */
function choice({ document, variants, value, change, name, path, required, inner }) {
  const index = Math.max(0, variants.findIndex(part => fits(document, part, value)));
  const id = `${idOf(path)}-kind`;
  return html`
    <fieldset><legend>${name}</legend>
      ${row("Kind", id, false, "", html`
        <select id=${id} @change=${event => change(blank(document, variants[event.target.value]))}>
          ${variants.map((part, number) => html`<option value=${number} .selected=${number === index}>${part.title ?? number + 1}</option>`)}
        </select>`)}
      ${inner({ schema: variants[index], value, change, path, required })}
    </fieldset>`;
}

/** Return the form for an object. */
function group({ schema, value, change, name, path, inner }) {
  const given = value ?? {};
  const set = (key, part) => {
    const next = { ...given };
    if (part === undefined) delete next[key];
    else next[key] = part;
    change(next);
  };
  const parts = Object.entries(schema.properties).map(([key, part]) =>
    inner({
      schema: part,
      value: given[key],
      change: changed => set(key, changed),
      name: key,
      path: `${path}.${key}`,
      required: schema.required?.includes(key) ?? false,
    }));
  return name ? html`<fieldset><legend>${name}</legend>${parts}</fieldset>` : html`${parts}`;
}

/** Return the form for a list, whose items can be added and removed. */
function list({ document, schema, value, change, name, path, inner }) {
  const items = Array.isArray(value) ? value : [];
  return html`
    <fieldset><legend>${name}</legend>
      ${items.map((item, index) => html`
        <div class="item">
          ${inner({
            schema: schema.items,
            value: item,
            change: changed => change(items.with(index, changed)),
            name: `${name} ${index + 1}`,
            path: `${path}.${index}`,
          })}
          <button type="button" @click=${() => change(items.toSpliced(index, 1))}>Remove</button>
        </div>`)}
      <button type="button" @click=${() => change([...items, blank(document, schema.items)])}>Add ${name}</button>
    </fieldset>`;
}
