/** Which rules about clients were broken, by the callers whose exchanges are shown. */

import { get } from "./api.js";
import { update } from "./store.js";

const PAUSE = 1000; // milliseconds between two verdicts: each is work for the server
const verdicts = new Map();
const judged = new Map();
const waiting = new Map();
let working = false;

async function work() {
  working = true;
  while (waiting.size) {
    const [[tenant, number]] = waiting;
    waiting.delete(tenant);
    try {
      verdicts.set(tenant, await get("verdict", { tenant }));
      judged.set(tenant, number);
      update();
    } catch {
      judged.delete(tenant); // it is tried again when something happens
    }
    if (waiting.size) await new Promise(done => setTimeout(done, verdicts.get(tenant)?.count > 50 ? PAUSE : 0));
  }
  working = false;
}

/** Have the callers of `exchanges` judged, one after the other, unless nothing has happened to them since. */
export function judge(exchanges) {
  for (const { tenant, number, ending } of exchanges) {
    if (tenant && ending !== null && !(judged.get(tenant) >= number)) {
      waiting.set(tenant, Math.max(waiting.get(tenant) ?? -1, number));
    }
  }
  if (!working && waiting.size) work();
}

/** Return the rules that `exchange` breaks, each with the ways in which it does. */
export function broken(exchange) {
  const rules = verdicts.get(exchange.tenant)?.rules ?? [];
  return rules
    .map(rule => ({ ...rule, violations: (rule.violations ?? []).filter(one => one.exchange === exchange.number) }))
    .filter(rule => rule.violations.length);
}
