/** Putting callers into scenarios, which resets them; to undo that brings back what it took from them. */

import { get, put, tenantPath } from "./api.js";
import { act } from "./deed.js";
import { fields, merged } from "./merge.js";
import { each, failures } from "./pool.js";
import { state } from "./store.js";
import { bring, FIELDS, find, stays } from "./tenant.js";

const within = name => (name ? `in the scenario ${name}` : "in no scenario");

function overtaken(who, name) {
  return new Error(`${who} is ${within(name)} since; nothing was undone.`);
}

/** Put everybody, or the tenant with that id, into the scenario `name`; null is none. */
export const chooseScenario = (target, name) => (target ? chooseForOne(target, name) : chooseForAll(name));

function chooseForOne(target, name) {
  let before;
  const told = ({ scenario }) =>
    name === null && scenario
      ? `${target} is in the scenario ${scenario}, ${scenario === state.scenario ? "as everybody is" : "by its own name, which nothing ends"}.`
      : `${target} is ${within(name)}.`;
  return act(
    told,
    async () => {
      before = await get(tenantPath(target));
      return put(tenantPath(target, "/scenario"), { name });
    },
    async after => {
      const now = (await find([target])).get(target);
      if (!now) throw new Error(`${target} is gone; nothing was undone.`);
      if (now.scenario !== after.scenario) throw overtaken(target, now.scenario);
      const { values, stayed } = merged(before, after, now, FIELDS);
      await bring(await put(tenantPath(target, "/scenario"), { name: before.scenario }), values);
      return stays(new Map([[target, stayed]]));
    },
  );
}

function chooseForAll(name) {
  let before;
  let tenants;
  return act(
    `Everybody is ${within(name)}.`,
    async () => {
      [{ scenario: before }, tenants] = await Promise.all([get("scenarios"), find()]);
      await put("scenario", { name });
      return find();
    },
    async after => {
      const [{ scenario }, now] = await Promise.all([get("scenarios"), find()]);
      if (scenario !== name) throw overtaken("Everybody", scenario);
      const theirs = await setBy([name, before]);
      await put("scenario", { name: before });
      const fresh = await find();
      const { done, failed } = await each([...now.values()].filter(({ id }) => fresh.has(id)), async tenant => {
        const { id } = tenant;
        const reset = fresh.get(id);
        const { home, values, stayed } = tenants.has(id) && after.has(id)
          ? ofOld(tenants.get(id), after.get(id), tenant)
          : ofNew(tenant, name, reset, theirs);
        await bring(reset.scenario === home ? reset : await put(tenantPath(id, "/scenario"), { name: home }), values);
        return stayed;
      });
      return [stays(new Map([...done].map(([{ id }, stayed]) => [id, stayed]))), failures(failed)].filter(Boolean).join(" ");
    },
  );
}

/** Return where a tenant belongs that was there before, with what, unless it was put elsewhere since. */
function ofOld(before, after, now) {
  if (now.scenario !== after.scenario) return { home: now.scenario, values: fields(now, FIELDS), stayed: ["scenario"] };
  return { home: before.scenario, ...merged(before, after, now, FIELDS) };
}

/** Return the same of a tenant that came since: it loses what is `theirs`, the scenarios', and keeps the rest. */
function ofNew(now, name, reset, theirs) {
  if (now.scenario !== name) return { home: now.scenario, values: fields(now, FIELDS), stayed: ["scenario"] };
  const values = { ...fields(now, FIELDS), ...fields(reset, theirs.names) };
  const settings = { ...now.settings };
  for (const one of theirs.settings) {
    if (one in reset.settings) settings[one] = reset.settings[one];
    else delete settings[one];
  }
  return { home: reset.scenario, values: { ...values, settings }, stayed: [] };
}

/** Return the names of fields and settings that the scenarios of these names set. */
async function setBy(names) {
  const files = await Promise.all(names.filter(Boolean).map(name => get(`scenarios/${encodeURIComponent(name)}`)));
  const found = files.flatMap(({ tenant, script }) => [...Object.keys(tenant ?? {}), ...(script ? ["script"] : [])]);
  return {
    names: found.filter(name => name !== "settings"),
    settings: files.flatMap(({ tenant }) => Object.keys(tenant?.settings ?? {})),
  };
}
