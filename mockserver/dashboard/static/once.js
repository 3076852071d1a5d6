/** What is fetched once and remembered, until the server is started anew: what it said before may be true no longer. */

import { onAnew, update } from "./store.js";

const RETRY = 3000; // milliseconds after which to ask again for what did not come
const FAILED = 500; // the first status of those that tell of a failure

/**
 * Remember what `fetch` brings for each key, of the latest `kept` keys.
 *
 * Where the server refuses it, `refused` makes something of the error. It is asked again without that, and where the server
 * failed: only a refusal is the same the next time.
 */
export function once(fetch, { kept = Infinity, refused = null } = {}) {
  let known = new Map();
  onAnew(() => (known = new Map())); // what is still on its way belongs to the old one

  function begin(key) {
    const mine = known;
    const one = { value: null, isThere: false, arrival: fetch(key) };
    mine.set(key, one);
    if (mine.size > kept) mine.delete(mine.keys().next().value);
    one.arrival
      .then(value => Object.assign(one, { value, isThere: true }))
      .catch(error => {
        const isAnswered = refused && error.status !== 0;
        if (isAnswered) Object.assign(one, { value: refused(error), isThere: true });
        if (!isAnswered || error.status >= FAILED) {
          setTimeout(() => mine.get(key) === one && mine.delete(key), RETRY); // it is asked for again when it is drawn again
        }
      })
      .finally(() => update());
    return one;
  }

  const entry = key => known.get(key) ?? begin(key);
  return {
    /** Return what came for `key`; null while it is on its way. */
    of: key => entry(key).value,
    /** Tell whether it has come. */
    isThere: key => entry(key).isThere,
    /** Return a promise of it. */
    arrival: key => entry(key).arrival,
  };
}
