/** What never changes: rules and errors of the providers, and scenarios. It is fetched when it is first asked for. */

import { get } from "./api.js";
import { update } from "./store.js";

const RETRY = 3000; // milliseconds after which to ask again what was not answered
const known = new Map();

/** Return what `part` makes of the answer at `path`, and `before` while it is being fetched. */
function fetched(path, before, part) {
  if (!known.has(path)) {
    known.set(path, before);
    get(path)
      .then(found => known.set(path, part(found)))
      .catch(() => setTimeout(() => known.delete(path), RETRY))
      .finally(() => update());
  }
  return known.get(path);
}

/** Return the "rules" or "errors" of a provider; none while they are being fetched. */
export const facts = (provider, kind) => fetched(`providers/${encodeURIComponent(provider)}/${kind}`, [], found => found[kind]);

/** Return what the scenario of that name sets of who is in it; null while it is being fetched. */
export const setBy = name => fetched(`scenarios/${encodeURIComponent(name)}`, null, ({ tenant = {} }) => tenant);
