/** The documents that rules and errors rest on. */

import { facts } from "./facts.js";
import { html } from "./lit.js";

/** Return where `source`, a key and a section, is to be read, as a link where there is one. */
export function sourceOf(provider, source) {
  const found = facts(provider, "sources").find(({ key }) => source.startsWith(`${key}, `));
  if (!found) return source;
  const words = `${found.title}: ${source.slice(found.key.length + 2)}`;
  return found.url ? html`<a href=${found.url} target="_blank" rel="noreferrer">${words}</a>` : words;
}
