/** What is sent to try something: a form or JSON, with the picture in its place, and how it is found in the journal. */

import { get, tenantPath } from "./api.js";
import { resolve } from "./documents.js";

const PATIENCE = 5; // seconds until the exchange is in the journal
const LOOKED_AT = 500; // exchanges among which it is looked for

/** Return what the request may hold: by media type, its schema and an example. */
export const contents = (document, operation) => resolve(document, operation.requestBody).content ?? {};

/** Return the properties of a form's schema that may hold the picture, with how it gets there. */
export function ways(document, schema) {
  return Object.entries(schema.properties ?? {})
    .map(([name, part]) => ({ name, part: resolve(document, part) }))
    .flatMap(({ name, part }) => {
      if (part.format === "binary") return [{ name, how: "file", label: "as a file" }];
      if (part.format === "byte") return [{ name, how: "base64", label: "as base64" }];
      if (part.format === "uri") return [{ name, how: "url", label: "by URL" }];
      return [];
    });
}

/** What the way is called that sends no picture. */
export const NONE = "none";

/** Return the one of these ways that is chosen by its name: the first at first, and nothing where no picture is sent. */
export const chosenOf = (found, name) => (name === NONE ? undefined : (found.find(one => one.name === name) ?? found[0]));

/** Return the content of `file` as a data: URL. */
export function base64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", () => failed(reader.error));
    reader.readAsDataURL(file);
  });
}

const UNKNOWN = { type: "string", description: "The documents do not know this field." };

/**
 * Return `schema` without the fields that are filled in otherwise: the picture's, but for its URL if that is the `way`.
 *
 * Those of the `given` fields that it does not have are added.
 */
export function parametersOf(document, schema, way, given = []) {
  const found = ways(document, schema);
  const chosen = chosenOf(found, way);
  const gone = new Set(found.filter(one => one.how !== "url" || one !== chosen).map(one => one.name));
  const strange = given.filter(name => !Object.hasOwn(schema.properties ?? {}, name)).map(name => [name, UNKNOWN]);
  const properties = Object.fromEntries([...Object.entries(schema.properties ?? {}), ...strange].filter(([name]) => !gone.has(name)));
  return { type: "object", properties, required: schema.required };
}

/** Return the form's fields as they are sent, with the picture in its place. */
async function entries(document, schema, form) {
  const shown = parametersOf(document, schema, form.way, Object.keys(form.value)).properties;
  const found = Object.entries(form.value).filter(([name]) => name in shown).map(([name, value]) => [name, String(value)]);
  const way = chosenOf(ways(document, schema), form.way);
  if (!way || way.how === "url") return found;
  if (!form.file) throw new Error("Choose a picture, or send it by URL.");
  if (way.how === "file") return [...found, [way.name, form.file]];
  return [...found, [way.name, (await base64(form.file)).split(",", 2)[1]]];
}

/** Return the request that `form` asks for, as `fetch` takes it; `byKey` tells whether a key says who one is. */
export async function message(document, operation, form, byKey) {
  const method = operation.method;
  const types = contents(document, operation);
  const headers = {};
  if (form.secret || form.id) {
    const basic = `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${form.id}:${form.secret}`)))}`;
    headers.Authorization = byKey ? `Bearer ${form.secret}` : basic;
  }
  const type = form.mediaType || Object.keys(types)[0];
  if (!type) return { method, headers };
  const schema = resolve(document, types[type].schema);
  if (type.includes("json")) {
    headers["Content-Type"] = type;
    return { method, headers, body: JSON.stringify(form.value) };
  }
  if (schema.format === "binary") {
    if (!form.file) throw new Error("Choose a picture first.");
    headers["Content-Type"] = type;
    return { method, headers, body: form.file };
  }
  const fields = await entries(document, schema, form);
  const body = type.includes("urlencoded") ? new URLSearchParams() : new FormData();
  for (const [name, value] of fields) body.append(name, value);
  return { method, headers, body };
}

/** Return the id of the tenant that is `called` so, by its id or key; nothing if there is none. */
async function tenant(called) {
  try {
    return (await get(tenantPath(called))).id;
  } catch {
    return "";
  }
}

/** Fetch the exchange that this page has just made: the first from number `since` on of who is `called` so. */
export async function journalled(since, method, path, called) {
  const who = await tenant(called);
  const end = performance.now() + PATIENCE * 1000;
  while (performance.now() < end) {
    const { exchanges } = await get("journal", { limit: LOOKED_AT });
    const own = exchanges.find(one => one.number >= since && one.method === method && one.path === path &&
      one.ending !== null && (!who || !one.tenant || one.tenant === who || one.tenant === `${one.provider}:${who}`));
    if (own) return get(`journal/${own.number}`);
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error("The call was sent, and is not in the journal: it may have been forgotten already.");
}
