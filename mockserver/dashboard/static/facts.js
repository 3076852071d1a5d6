/** What never changes: rules, errors and sources of the providers, and scenarios. It is fetched when it is first asked for. */

import { get } from "./api.js";
import { update } from "./store.js";

const RETRY = 3000; // milliseconds after which to ask again what was not answered
const known = new Map();
const arrived = new Set();

/** Return what `part` makes of the answer at `path`, and `before` while it is being fetched. */
function fetched(path, before, part) {
  if (!known.has(path)) {
    known.set(path, before);
    get(path)
      .then(found => {
        known.set(path, part(found));
        arrived.add(path);
      })
      .catch(() => setTimeout(() => known.delete(path), RETRY))
      .finally(() => update());
  }
  return known.get(path);
}

const pathOf = (provider, kind) => `providers/${encodeURIComponent(provider)}/${kind}`;

/** Return the "rules", "errors" or "sources" of a provider; none while they are being fetched. */
export const facts = (provider, kind) => fetched(pathOf(provider, kind), [], found => found[kind]);

/** Tell whether those have come; if not, they are being fetched. */
export const isThere = (provider, kind) => facts(provider, kind) && arrived.has(pathOf(provider, kind));

/** Return what the scenario of that name sets of who is in it; null while it is being fetched. */
export const setBy = name => fetched(`scenarios/${encodeURIComponent(name)}`, null, ({ tenant = {} }) => tenant);
