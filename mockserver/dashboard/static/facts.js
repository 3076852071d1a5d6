/** What changes only where the server is started anew: rules, errors and sources of the providers, and scenarios. */

import { get } from "./api.js";
import { once } from "./once.js";

const found = once(path => get(path));
const pathOf = (provider, kind) => `providers/${encodeURIComponent(provider)}/${kind}`;

/** Return the "rules", "errors" or "sources" of a provider; none while they are being fetched. */
export const facts = (provider, kind) => found.of(pathOf(provider, kind))?.[kind] ?? [];

/** Tell whether those have come; if not, they are being fetched. */
export const isThere = (provider, kind) => found.isThere(pathOf(provider, kind));

/** Return what the scenario of that name sets of who is in it; null while it is being fetched. */
export function setBy(name) {
  const scenario = found.of(`scenarios/${encodeURIComponent(name)}`);
  return scenario && (scenario.tenant ?? {});
}
