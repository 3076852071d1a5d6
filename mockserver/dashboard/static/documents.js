/** The providers' OpenAPI documents: what header fields mean, and which forms requests have. */

import { get } from "./api.js";
import { once } from "./once.js";

const documents = once(provider => get(`providers/${encodeURIComponent(provider)}/openapi.json`));

/** Words for fields that providers do not explain, since HTTP does. */
const COMMON = {
  __proto__: null,
  "access-control-allow-credentials": "Pages of the origin above may call with credentials (CORS).",
  "access-control-allow-origin": "Pages of this origin may read the answer (CORS).",
  "access-control-expose-headers": "The fields of this answer that scripts of other origins may read (CORS).",
  allow: "The methods that this path has.",
  "cache-control": "Who may keep a copy, and for how long.",
  "content-length": "Bytes of the body.",
  "content-type": "Of which kind the body is; of a form in pieces, also what stands between them (boundary).",
  date: "When the answer was made, by the server's clock.",
  location: "Where to look instead.",
  "retry-after": "How many seconds to wait before the next try, or until when.",
  vary: "On which fields of the request the answer depends.",
  "www-authenticate": "How to say who one is.",
  accept: "Which kinds of answer the client takes.",
  "accept-encoding": "How the body of the answer may be compressed.",
  "accept-language": "Which languages the user reads.",
  connection: "What becomes of the connection after this.",
  dnt: "Whether the user wants not to be tracked.",
  etag: "The mark of this version of the answer.",
  expect: "What the client waits for before it sends the body.",
  "if-none-match": "The mark of the version that the client has.",
  "keep-alive": "How long the connection is kept open.",
  pragma: "For caches of old.",
  priority: "How soon the client wants the answer.",
  referer: "The page that made the call.",
  "transfer-encoding": "How the body is sent: in pieces, if it is chunked.",
  authorization: "Who the caller is. The journal keeps no secret.",
  host: "The server that the client meant.",
  origin: "The origin of the page whose script made the call.",
  "user-agent": "The client's name for itself.",
};

/** Return a promise of the OpenAPI document of a provider. */
export const fetchDocument = provider => documents.arrival(provider);

/** Return the OpenAPI document of a provider, or null while it is being fetched, or where there is no provider. */
export const documentOf = provider => (provider ? documents.of(provider) : null);

/** Return `item`, or what it refers to in `document`. */
export function resolve(document, item) {
  let found = item;
  while (found?.$ref?.startsWith("#/")) {
    found = found.$ref
      .slice(2)
      .split("/")
      .reduce((node, step) => node?.[decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~")], document);
  }
  return found ?? {};
}

/** Return the description of the operation with that id, with its path and method, or null. */
export function operationOf(document, id) {
  for (const [path, item] of Object.entries(document?.paths ?? {})) {
    for (const [method, operation] of Object.entries(item)) {
      if (operation.operationId !== id) continue;
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(one => resolve(document, one));
      return { path, method: method.toUpperCase(), ...operation, parameters };
    }
  }
  return null;
}

/** Return what the document says of each header field of the operation's answers, by names in small letters. */
export function headersOf(document, id) {
  const found = Object.create(null);
  for (const response of Object.values(operationOf(document, id)?.responses ?? {})) {
    for (const [name, header] of Object.entries(resolve(document, response).headers ?? {})) {
      found[name.toLowerCase()] ??= resolve(document, header);
    }
  }
  return found;
}

/** Return what the document says of the results of those values of `fields` that make them unlike others. */
export function notes(document, id, fields) {
  const found = [];
  for (const { schema } of Object.values(resolve(document, operationOf(document, id)?.requestBody).content ?? {})) {
    const properties = resolve(document, schema).properties ?? {};
    for (const { name, value } of fields ?? []) {
      found.push(properties[name] && resolve(document, properties[name])["x-matteproof-notes"]?.[value]);
    }
  }
  return [...new Set(found.filter(Boolean))].join(" ");
}

/** Return what a header field means, in a sentence, or nothing. */
export function explained(name, headers) {
  const plain = name.toLowerCase();
  return headers[plain]?.description ?? COMMON[plain] ?? (plain.startsWith("sec-") ? "What the browser says of itself, or of who made the call." : "");
}

/** Return the boxes in `pairs` of header fields that are about the "input" or the "result": top, left, width, height. */
export function boxes(pairs, headers, of) {
  return pairs
    .filter(([name]) => headers[name.toLowerCase()]?.["x-matteproof-box"] === of)
    .map(([name, value]) => ({ name, sides: value.trim().split(/\s+/).map(Number) }))
    .filter(({ sides }) => sides.length === 4 && sides.every(Number.isFinite))
    .map(({ name, sides: [top, left, width, height] }) => ({ name, top, left, width, height }));
}
