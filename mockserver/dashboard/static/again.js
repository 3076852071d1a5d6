/** A request that was sent once, taken up to be changed and sent again. */

import { chosenOf, contents, NONE, ways } from "./sending.js";
import { resolve } from "./documents.js";

let taker = () => {};

/** Have `callback` called with each request that is taken up: its provider and operation, headers and body. */
export function onAgain(callback) {
  taker = callback;
}

/** Take `request` up, to be changed. */
export const again = request => taker(request);

const header = (pairs, name) => pairs.find(([one]) => one.toLowerCase() === name)?.[1] ?? "";

/** Return the bytes of a body as the control API tells it. */
function bytesOf({ text, base64 }) {
  return base64 === undefined ? new TextEncoder().encode(text ?? "") : Uint8Array.from(atob(base64), one => one.charCodeAt(0));
}

function fromBase64(text) {
  try {
    return new File([bytesOf({ base64: text })], "picture");
  } catch {
    return null; // it is none, and nobody could show it
  }
}

/** Return the JSON in a body, or undefined. */
function jsonIn(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Return what a form has to hold so that it sends what these fields say, the picture by the first `way` that was used. */
function formOf(found, fields) {
  const sent = [...fields];
  const used = found.filter(({ name }) => sent.some(([one]) => one === name));
  const way = chosenOf(used, "") ?? { name: NONE };
  const picture = sent.find(([name]) => name === way.name)?.[1];
  const files = { file: () => (picture instanceof File ? picture : null), base64: () => fromBase64(picture) };
  const value = Object.fromEntries(sent.filter(([name, one]) => typeof one === "string" && (way.how === "url" || name !== way.name)));
  return { way: way.name, value, file: files[way.how]?.() ?? null };
}

/** Return what the form of an operation has to hold so that it sends this again: nothing of a body that cannot be read. */
export async function reading(document, operation, { headers, body }) {
  const types = contents(document, operation);
  const sent = header(headers, "content-type");
  const named = sent.split(";")[0].trim().toLowerCase();
  const mediaType = named in types ? named : Object.keys(types)[0];
  if (!mediaType) return {};
  const bytes = bytesOf(body);
  if (mediaType.includes("json")) return { mediaType, value: jsonIn(bytes) ?? null };
  try {
    const fields = await new Response(bytes, { headers: { "Content-Type": sent } }).formData();
    return { mediaType, ...formOf(ways(document, resolve(document, types[mediaType].schema)), fields) };
  } catch {
    return { mediaType };
  }
}
