/** What the user does to faults, scripts and the clock, and how that is undone: only while it is as it was left. */

import { get, post, put, remove, tenantPath } from "./api.js";
import { act } from "./deed.js";
import { same } from "./merge.js";

const SLACK = 3000; // milliseconds by which a clock may be off what was expected, before somebody must have moved it
const OTHER_CLOCK = "The clock was set otherwise since; nothing was undone.";

/** Tell whether two fault rules are about the same, however much is left of them. */
const isSameRule = (one, other) => ["fault", "match", "probability"].every(name => same(one[name], other[name]));

/** Return the fault rule as it is now, or nothing where it is over. Ids begin anew where the server was reset. */
async function found(rule) {
  const { faults } = await get("faults");
  return faults.find(one => one.id === rule.id && isSameRule(one, rule));
}

/** Have the next `count` requests (null: all) of everybody, or of one tenant, to any provider or to one, meet `fault`. */
export function misbehave({ tenant, provider }, fault, count, words) {
  const match = { ...(tenant ? { tenant } : {}), ...(provider ? { provider } : {}) };
  const rule = { fault, ...(count === null ? {} : { count }), ...(Object.keys(match).length ? { match } : {}) };
  const whose = [tenant || "everybody", ...(provider ? [`to ${provider}`] : [])].join(" ");
  const many = count === null ? "Every request" : count === 1 ? "The next request" : `The next ${count} requests`;
  return act(`${many} of ${whose}: ${words}.`, () => post("faults", rule), async done => {
    if (!(await found(done))) throw new Error("The fault is over already; nothing was undone.");
    await remove(`faults/${done.id}`);
  });
}

/** Take the fault rule out. To undo that gives it what was left of it. */
export function stopFault(rule) {
  return act(
    "The fault is off.",
    async () => {
      const present = await found(rule);
      if (!present) throw new Error("The fault was over already.");
      const { faults } = await remove(`faults/${rule.id}`).then(() => get("faults"));
      return { ...present, others: faults.map(({ id }) => id) };
    },
    async ({ fault, match, probability, left, others }) => {
      const { faults } = await get("faults");
      if (faults.some(one => isSameRule(one, rule) && !others.includes(one.id))) throw new Error("Somebody has asked for the same fault since; nothing was undone.");
      const rest = Object.fromEntries(Object.entries(left).filter(([, value]) => value !== null));
      await post("faults", { fault, probability, ...(match ? { match } : {}), ...rest });
    },
  );
}

/** Take the rest of a tenant's script away. */
export function stopScript(id) {
  return act(
    `The script of ${id} is over.`,
    async () => {
      const { script } = await get(tenantPath(id));
      if (!script.length) throw new Error(`The script of ${id} was over already.`);
      await put(tenantPath(id, "/script"), []);
      return script;
    },
    async script => {
      const now = await get(tenantPath(id));
      if (now.script.length) throw new Error(`${id} has another script since; nothing was undone.`);
      await put(tenantPath(id, "/script"), script);
    },
  );
}

const isAsLeft = (done, now) => now.mode === done.mode && now.speed === done.speed;

/** Tell whether the clock shows `now` what it must, by what it showed when it was `left`, in browser time. */
function isOnTime(done, left, now) {
  if (!isAsLeft(done, now)) return false;
  if (done.mode === "frozen") return now.now === done.now;
  const expected = Date.parse(done.now) + (Date.now() - left) * done.speed;
  return Math.abs(Date.parse(now.now) - expected) <= SLACK * Math.max(1, done.speed);
}

/** Return what moves a clock that is `now` so by some seconds: one that runs as usual to the point, however long that takes. */
function moved({ mode, now, ahead }, seconds) {
  return mode === "real" ? { ahead: ahead + seconds } : { now: new Date(Date.parse(now) + seconds * 1000).toISOString() };
}

/** Set mode and speed of the clock, or by how much it is ahead of the system's. */
export function setClock(changes, text) {
  let before;
  let left;
  return act(
    text,
    async () => {
      before = await get("clock");
      const done = await put("clock", changes);
      left = Date.now();
      return done;
    },
    async done => {
      const now = await get("clock");
      if (!isAsLeft(done, now)) throw new Error(OTHER_CLOCK);
      const { mode, speed } = before;
      const back = mode === "real" ? { mode } : { mode, speed };
      if (changes.ahead === undefined) await put("clock", back);
      else if (!isOnTime(done, left, now)) throw new Error(OTHER_CLOCK);
      else await put("clock", { ...back, ...(mode === "frozen" ? { now: before.now } : { ahead: before.ahead }) });
    },
  );
}

/** Move the clock forward. To undo that moves it back; who waited meanwhile has had the answer. */
export function advance(seconds, text) {
  let left;
  return act(
    text,
    async () => {
      const done = await post("clock/advance", { seconds });
      left = Date.now();
      return done;
    },
    async done => {
      const now = await get("clock");
      if (!isOnTime(done, left, now)) throw new Error(OTHER_CLOCK);
      await put("clock", moved(now, -seconds));
    },
  );
}

/** Reset one tenant, or everything. Neither can be undone. */
export const reset = target =>
  act(
    target ? `${target} is as new.` : "Everything is as new: callers, faults, scenario and journal. The clock stays as it is.",
    () => (target ? remove(tenantPath(target)) : post("reset")),
  );
