/** What the user does to the server: each deed says how it is undone. */

import { patch, post, put, remove, tenantPath } from "./api.js";
import { notify, refresh, state } from "./store.js";

/** Carry `deed` out, say `text`, and offer `undo`. */
export async function act(text, deed, undo = null) {
  try {
    const done = await deed();
    notify(text, { undo: undo && (() => act(`Undone: ${text}`, () => undo(done))) });
  } catch (error) {
    notify(error.message, { wrong: true });
  }
  await refresh();
}

const tenantOf = id => state.tenants.find(one => one.id === id);

/** Return what brings `tenant` back to how it is now: scenario first, since that resets everything else. */
function restorer(tenant) {
  if (!tenant) return id => remove(tenantPath(id));
  const { id, credits, state: account, pack, use_before, limits, latency, settings, scenario, script } = tenant;
  return async () => {
    await put(tenantPath(id, "/scenario"), { name: scenario });
    await patch(tenantPath(id), { credits, state: account, pack, use_before, limits, latency, settings });
    await put(tenantPath(id, "/script"), script);
  };
}

/** Put everybody, or the tenant with that id, into the scenario `name`; null is none. */
export function chooseScenario(target, name) {
  const text = name ? `${target || "Everybody"} is in the scenario ${name}.` : `${target || "Everybody"} is in no scenario.`;
  if (target) {
    const restore = restorer(tenantOf(target));
    return act(text, () => put(tenantPath(target, "/scenario"), { name }), () => restore(target));
  }
  const [before, tenants] = [state.scenario, state.tenants.map(restorer)];
  return act(text, () => put("scenario", { name }), async () => {
    await put("scenario", { name: before });
    for (const restore of tenants) await restore();
  });
}

/** Have the next `count` requests (null: all) of everybody, or of one tenant, meet `fault`. */
export function misbehave(target, fault, count, words) {
  const rule = { fault, ...(count === null ? {} : { count }), ...(target ? { match: { tenant: target } } : {}) };
  const many = count === null ? "Every request" : count === 1 ? "The next request" : `The next ${count} requests`;
  return act(`${many} of ${target || "everybody"}: ${words}.`, () => post("faults", rule), ({ id }) => remove(`faults/${id}`));
}

/** Take the fault rule out. */
export function stopFault(rule) {
  const { fault, match, probability, count, happened, seconds } = rule;
  const left = count === undefined ? {} : { count: count - happened };
  const again = { fault, probability, ...(match ? { match } : {}), ...left, ...(seconds === undefined ? {} : { seconds }) };
  return act("The fault is off.", () => remove(`faults/${rule.id}`), () => post("faults", again));
}

/** Take the rest of a tenant's script away. */
export function stopScript(tenant) {
  const { id, script } = tenant;
  return act(`The script of ${id} is over.`, () => put(tenantPath(id, "/script"), []), () => put(tenantPath(id, "/script"), script));
}

/** Change some of a tenant: credits, limits, latency. */
export function change(id, changes, text) {
  const tenant = tenantOf(id);
  const before = tenant && Object.fromEntries(Object.keys(changes).map(name => [name, tenant[name]]));
  return act(text, () => patch(tenantPath(id), changes), before ? () => patch(tenantPath(id), before) : () => remove(tenantPath(id)));
}

/** Set mode, speed or moment of the clock. */
export function setClock(changes, text) {
  const { mode, speed } = state.clock ?? { mode: "real", speed: 1 };
  return act(text, () => put("clock", changes), () => put("clock", mode === "real" ? { mode } : { mode, speed }));
}

/** Move the clock forward, which nothing undoes: what was waited for has happened. */
export const advance = (seconds, text) => act(text, () => post("clock/advance", { seconds }));

/** Reset one tenant, or everything. Neither can be undone. */
export const reset = target =>
  act(
    target ? `${target} is as new.` : "Everything is as new: callers, faults, scenario and journal.",
    () => (target ? remove(tenantPath(target)) : post("reset")),
  );
