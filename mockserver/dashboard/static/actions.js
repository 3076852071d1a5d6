/** What the user does to the server: each deed says how it is undone. */

import { get, patch, post, put, remove, tenantPath } from "./api.js";
import { notify, refresh, state } from "./store.js";

/** Carry `deed` out, say `text` of what came of it, and offer `undo`. */
async function act(text, deed, undo = null) {
  try {
    const done = await deed();
    const said = typeof text === "function" ? text(done) : text;
    notify(said, { undo: undo && (() => act(`Undone: ${said}`, () => undo(done))) });
  } catch (error) {
    notify(error.message, { wrong: true });
  }
  await refresh();
}

const KEPT = ["credits", "state", "pack", "use_before", "limits", "latency", "settings", "scenario", "script"];

const isAsBefore = (tenant, now) => now && KEPT.every(name => JSON.stringify(tenant[name]) === JSON.stringify(now[name]));

/** Bring all of `tenants` back to how they were, but for those that are so anyway. */
async function restoreAll(tenants) {
  const { tenants: present } = await get("tenants");
  const changed = tenants.filter(one => !isAsBefore(one, present.find(other => other.id === one.id)));
  await Promise.all(changed.map(one => restorer(one)()));
}

/** Return what brings `tenant` back to how it is now: scenario first, since that resets everything else. */
function restorer({ id, credits, state: account, pack, use_before, limits, latency, settings, scenario, script }) {
  return async () => {
    await put(tenantPath(id, "/scenario"), { name: scenario });
    await patch(tenantPath(id), { credits, state: account, pack, use_before, limits, latency, settings });
    await put(tenantPath(id, "/script"), script);
  };
}

const within = (who, name) => (name ? `${who} is in the scenario ${name}.` : `${who} is in no scenario.`);

/** Put everybody, or the tenant with that id, into the scenario `name`; null is none. */
export function chooseScenario(target, name) {
  if (!target) {
    let before;
    let tenants;
    return act(
      within("Everybody", name),
      async () => {
        [{ scenario: before }, { tenants }] = await Promise.all([get("scenarios"), get("tenants")]);
        return put("scenario", { name });
      },
      async () => {
        await put("scenario", { name: before });
        await restoreAll(tenants);
      },
    );
  }
  let restore;
  const told = ({ scenario }) =>
    name === null && scenario
      ? `${target} is in the scenario ${scenario}, ${scenario === state.scenario ? "as everybody is" : "by its own name, which nothing ends"}.`
      : within(target, name);
  return act(
    told,
    async () => {
      restore = restorer(await get(tenantPath(target)));
      return put(tenantPath(target, "/scenario"), { name });
    },
    () => restore(),
  );
}

/** Have the next `count` requests (null: all) of everybody, or of one tenant, meet `fault`. */
export function misbehave(target, fault, count, words) {
  const rule = { fault, ...(count === null ? {} : { count }), ...(target ? { match: { tenant: target } } : {}) };
  const many = count === null ? "Every request" : count === 1 ? "The next request" : `The next ${count} requests`;
  return act(`${many} of ${target || "everybody"}: ${words}.`, () => post("faults", rule), ({ id }) => remove(`faults/${id}`));
}

/** Take the fault rule out. To undo that gives it what was left of it. */
export function stopFault(rule) {
  const { fault, match, probability, left } = rule;
  const rest = Object.fromEntries(Object.entries(left).filter(([, value]) => value !== null));
  const again = { fault, probability, ...(match ? { match } : {}), ...rest };
  return act("The fault is off.", () => remove(`faults/${rule.id}`), () => post("faults", again));
}

/** Take the rest of a tenant's script away. */
export function stopScript({ id, script }) {
  const path = () => tenantPath(id, "/script");
  return act(`The script of ${id} is over.`, () => put(path(), []), () => put(path(), script));
}

/** Change some of a tenant: credits, limits, latency, state. */
export function change(id, changes, text) {
  let before;
  return act(
    text,
    async () => {
      const tenant = await get(tenantPath(id));
      before = Object.fromEntries(Object.keys(changes).map(name => [name, tenant[name]]));
      return patch(tenantPath(id), changes);
    },
    () => patch(tenantPath(id), before),
  );
}

/** Set mode, speed or moment of the clock. */
export function setClock(changes, text) {
  let before;
  return act(
    text,
    async () => {
      before = await get("clock");
      return put("clock", changes);
    },
    async done => {
      const { mode, speed } = before;
      const back = mode === "real" ? { mode } : { mode, speed };
      if (changes.now === undefined) return put("clock", back);
      const { now } = await get("clock");
      const moment = Date.parse(now) + Date.parse(before.now) - Date.parse(done.now);
      return put("clock", { ...back, now: new Date(moment).toISOString() });
    },
  );
}

/** Move the clock forward. To undo that moves it back; who waited meanwhile has had the answer. */
export const advance = (seconds, text) =>
  act(text, () => post("clock/advance", { seconds }), async () => {
    const { now } = await get("clock");
    return put("clock", { now: new Date(Date.parse(now) - seconds * 1000).toISOString() });
  });

/** Reset one tenant, or everything. Neither can be undone. */
export const reset = target =>
  act(
    target ? `${target} is as new.` : "Everything is as new: callers, faults, scenario and journal. The clock stays as it is.",
    () => (target ? remove(tenantPath(target)) : post("reset")),
  );
