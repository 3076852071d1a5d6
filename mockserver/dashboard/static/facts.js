/** The rules and errors of the providers, which are fetched when they are first asked for. */

import { get } from "./api.js";
import { update } from "./store.js";

const RETRY = 3000; // milliseconds after which to ask again what was not answered
const known = new Map();

/** Return the "rules" or "errors" of a provider; none while they are being fetched. */
export function facts(provider, kind) {
  const path = `providers/${encodeURIComponent(provider)}/${kind}`;
  if (!known.has(path)) {
    known.set(path, []);
    get(path)
      .then(found => known.set(path, found[kind]))
      .catch(() => setTimeout(() => known.delete(path), RETRY))
      .finally(() => update());
  }
  return known.get(path);
}
