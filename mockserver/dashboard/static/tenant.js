/** Tenants as deeds find and leave them. */

import { get, patch, put, tenantPath } from "./api.js";
import { difference } from "./merge.js";
import { counted } from "./words.js";

export const FIELDS = ["credits", "state", "pack", "use_before", "limits", "latency", "settings", "script"];
const WORDS = {
  state: "the state of the account",
  pack: "the credit pack",
  use_before: "the end of the credit pack",
  limits: "the limits",
  latency: "the processing time",
  script: "the script",
  scenario: "the scenario",
  reset: "the new beginning",
};
const NAMED = 3; // callers

/** Return those of the tenants with these ids that there are, by id, as they are; all where there are no ids. */
export async function find(ids = null) {
  const wanted = ids && new Set(ids);
  const { tenants } = await get("tenants");
  return new Map(tenants.filter(one => !wanted || wanted.has(one.id)).map(one => [one.id, one]));
}

/** Give the tenant that is `present` so the `values`; return whether there was anything to change. */
export async function bring(present, values) {
  const { script, ...rest } = difference(values, present);
  if (Object.keys(rest).length) await patch(tenantPath(present.id), rest);
  if (script) await put(tenantPath(present.id, "/script"), script);
  return Boolean(script) || Object.keys(rest).length > 0;
}

/** Return what others have done to the tenant as a whole since it was as `after` a deed; nothing where they have not. */
export function overtaken(after, now) {
  if (now.scenario !== after.scenario) return "scenario";
  return now.requests < after.requests ? "reset" : "";
}

const word = name => WORDS[name] ?? `the ${name}`;

/** Return in a sentence what `stayed` as others left it: names of fields by the id of the tenant. */
export function stays(stayed) {
  const parts = [...new Set([...stayed.values()].flat())].filter(name => name !== "charges").map(name => {
    const ids = [...stayed].filter(([, names]) => names.includes(name)).map(([id]) => id);
    const more = ids.length > NAMED ? ` and ${counted(ids.length - NAMED, "more caller")}` : "";
    return `${word(name)} of ${ids.slice(0, NAMED).join(", ")}${more}`;
  });
  const kept = parts.length ? `Changed since by others, and kept: ${parts.join("; ")}.` : "";
  const spent = [...stayed.values()].some(names => names.includes("charges")) ? "What was charged since is still charged." : "";
  return [kept, spent].filter(Boolean).join(" ");
}
