/** Work on many things, a few at a time. */

import { counted } from "./words.js";

const AT_A_TIME = 8;

/** Do `work` for each of `items`. Return what came of those with which it went well, and why it did not with others. */
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
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return { done, failed };
}

/** Return the sentence that says with how many callers it did not go well, and why. */
export function failures(failed) {
  if (!failed.length) return "";
  const reasons = [...new Set(failed)];
  return `It failed for ${counted(failed.length, "caller")}: ${reasons[0]}${reasons.length > 1 ? " There were other reasons, too." : ""}`;
}
