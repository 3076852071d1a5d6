/** Where the user is: `#/place?filters`, so that a reload, a bookmark and the back button all work. */

const parts = () => location.hash.replace(/^#\/?/, "").split("?");

/** Return the place, such as `calls/12`. */
export const place = () => parts()[0] || "calls";

/** Return the parameters behind it. */
export const query = () => new URLSearchParams(parts()[1] ?? "");

/** Go to `where`, with `parameters`; with `replacing`, the back button does not lead here again. */
export function go(where, parameters = new URLSearchParams(), { replacing = false } = {}) {
  const rest = parameters.toString();
  const hash = `#/${where}${rest ? `?${rest}` : ""}`;
  if (replacing) location.replace(hash);
  else location.hash = hash;
}
