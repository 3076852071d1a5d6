/** Changing credits, limits, processing time and state of callers, one or many. */

import { get, patch, tenantPath } from "./api.js";
import { act } from "./deed.js";
import { merged } from "./merge.js";
import { each, failures } from "./pool.js";
import { bring, find, overtaken, stays } from "./tenant.js";
import { counted } from "./words.js";

/** Return who those `count` callers are of whom something is said, out of all where `all` is true. */
function whom(ids, count, all) {
  if (ids?.length === 1) return ids[0];
  if (!all || ids) return counted(count, "caller");
  return count === 1 ? "the only caller" : `all ${counted(count, "caller")}`;
}

/**
 * Change some of the tenants with these ids, or of all that there are where there are no ids.
 *
 * `said` returns what is so then of those with whom it went well, who are told to it, with "has" or "have".
 */
export function change(ids, changes, said) {
  const names = Object.keys(changes);
  return act(
    ({ done, failed }) => {
      const text = said(whom(ids, done.size, !failed.length), done.size === 1 ? "has" : "have");
      const sentence = ids?.length === 1 ? text : text[0].toUpperCase() + text.slice(1); // ids stay as they are
      return [sentence, failures(failed)];
    },
    async () => {
      const { done, failed } = await each([...(await find(ids)).values()], ({ id }) => patch(tenantPath(id), changes));
      if (!done.size) throw new Error((ids?.length === 1 ? failed[0] : failures(failed)) || "There is no caller any more.");
      return { done, failed };
    },
    async ({ done: changed }) => {
      const present = await find([...changed.keys()].map(({ id }) => id));
      if (!present.size) throw new Error("Those callers are gone; nothing was undone.");
      const stayed = new Map();
      const { done, failed } = await each([...changed].filter(([{ id }]) => present.has(id)), async ([before, after]) => {
        const now = await get(tenantPath(before.id)); // as late as can be: whoever calls meanwhile is charged
        const another = overtaken(after, now);
        if (another) {
          stayed.set(before.id, [another]);
          return false;
        }
        const merge = merged(before, after, now, names);
        stayed.set(before.id, merge.stayed);
        return bring(now, merge.values);
      });
      const remark = [stays(stayed), failures(failed)].filter(Boolean).join(" ");
      if (remark && ![...done.values()].includes(true)) throw new Error(`Nothing was undone. ${remark}`);
      return remark;
    },
  );
}
