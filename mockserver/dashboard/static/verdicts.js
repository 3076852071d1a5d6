/** Which rules about clients were broken, by the callers whose exchanges are shown. */

import { get } from "./api.js";
import { update } from "./store.js";

const MOST = 5; // callers that are judged at a time
const verdicts = new Map();
const seen = new Map();

/** Have the callers of `exchanges` judged, unless nothing has happened to them since the last time. */
export async function judge(exchanges) {
  const latest = new Map();
  for (const one of exchanges) {
    if (one.tenant && one.ending !== null) latest.set(one.tenant, Math.max(latest.get(one.tenant) ?? -1, one.number));
  }
  for (const [tenant, number] of [...latest].slice(0, MOST)) {
    if (seen.get(tenant) >= number) continue;
    seen.set(tenant, number);
    try {
      verdicts.set(tenant, await get("verdict", { tenant }));
      update();
    } catch {
      seen.delete(tenant); // it is tried again when something happens
    }
  }
}

/** Return the rules that `exchange` breaks, each with the ways in which it does. */
export function broken(exchange) {
  const rules = verdicts.get(exchange.tenant)?.rules ?? [];
  return rules
    .map(rule => ({ ...rule, violations: (rule.violations ?? []).filter(one => one.exchange === exchange.number) }))
    .filter(rule => rule.violations.length);
}
