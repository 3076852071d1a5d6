/** Which rules about clients were broken, by the callers whose exchanges are shown. */

import { get } from "./api.js";
import { onAnew, state, update } from "./store.js";

const PAUSE = 1000; // milliseconds between two verdicts of some size: each is work for the server
const REST = 400; // milliseconds without a click or a key after which nobody waits for anything else
const LARGE = 50; // exchanges
const MOST = 200; // callers of which the verdict is remembered, more than a page shows
const MOST_NUMBERS = 1000;
const verdicts = new Map();
const judged = new Map();
const waiting = new Map();
const hopeless = new Set();
let working = false;
let touched = -REST;

for (const kind of ["click", "keydown", "hashchange"]) {
  addEventListener(kind, () => (touched = performance.now()), { capture: true, passive: true });
}

onAnew(() => [verdicts, judged, waiting, hopeless].forEach(one => one.clear()));

/** Wait until the user does nothing else that the server has to answer. */
async function rest() {
  let left;
  while ((left = touched + REST - performance.now()) > 0) await new Promise(done => setTimeout(done, left));
}

function remember(tenant, verdict, numbers) {
  verdicts.delete(tenant); // the latest comes last
  verdicts.set(tenant, verdict);
  judged.set(tenant, new Set([...(judged.get(tenant) ?? []), ...numbers].slice(-MOST_NUMBERS)));
  if (verdicts.size <= MOST) return;
  const [oldest] = verdicts.keys();
  verdicts.delete(oldest);
  judged.delete(oldest);
}

async function work() {
  working = true;
  while (waiting.size) {
    const [[tenant, numbers]] = waiting;
    waiting.delete(tenant);
    if (state.tenants.find(one => one.id === tenant)?.requests > LARGE) await rest();
    const { restarts } = state;
    try {
      const verdict = await get("verdict", { tenant });
      if (restarts !== state.restarts) continue; // it is another caller's by now
      remember(tenant, verdict, numbers);
      update();
    } catch (error) {
      if (error.status === 404) hopeless.add(tenant); // its provider has no rules that can be checked
      else judged.delete(tenant); // it is tried again when something happens
    }
    if (waiting.size) await new Promise(done => setTimeout(done, verdicts.get(tenant)?.count > LARGE ? PAUSE : 0));
  }
  working = false;
}

/** Have the callers of `exchanges` judged, one after the other, unless all of these were. */
export function judge(exchanges) {
  for (const { tenant, number, ending } of exchanges) {
    if (tenant && ending !== null && !hopeless.has(tenant) && !judged.get(tenant)?.has(number)) {
      waiting.set(tenant, (waiting.get(tenant) ?? new Set()).add(number));
    }
  }
  if (!working && waiting.size) work();
}

/** Tell whether a broken `rule` is only advice: it does not bind, or nobody surely demanded it. */
export const isAdvice = ({ level, verdict }) => level !== "must" || verdict === "observed";

/** Return the rules that `exchange` breaks, each with the ways in which it does. */
export function broken(exchange) {
  const rules = verdicts.get(exchange.tenant)?.rules ?? [];
  return rules
    .map(rule => ({ ...rule, violations: (rule.violations ?? []).filter(one => one.exchanges.includes(exchange.number)) }))
    .filter(rule => rule.violations.length);
}
