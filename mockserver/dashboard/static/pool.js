/** Work on many things, a few at a time. */

import { notify } from "./store.js";
import { counted } from "./words.js";

const AT_A_TIME = 8;
const SOON = 500; // milliseconds after which to say how far the work is

/** Do `work` for each of `items`, which are about a caller each, and say how far it is if it takes long. Return what came of those with which it went well, and why it did not with others. */
export async function each(items, work) {
  const done = new Map();
  const failed = [];
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) {
      try {
        done.set(item, await work(item));
      } catch (error) {
        failed.push(error.message);
      }
    }
  };
  const progress = setInterval(() => notify(`${(done.size + failed.length).toLocaleString()} of ${counted(items.length, "caller")} …`), SOON);
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  clearInterval(progress);
  return { done, failed };
}

/** Return the sentence that says with how many callers it did not go well, and why. */
export function failures(failed) {
  if (!failed.length) return "";
  const reasons = [...new Set(failed)];
  return `It failed for ${counted(failed.length, "caller")}: ${reasons[0]}${reasons.length > 1 ? " There were other reasons, too." : ""}`;
}
