/** Where the user is: `#/place?filters`, so that a reload, a bookmark and the back button all work. */

const parts = () => location.hash.replace(/^#\/?/, "").split("?");

/** Return the place, such as `calls/12`. */
export const place = () => parts()[0] || "calls";

/** Return the parameters behind it. */
export const query = () => new URLSearchParams(parts()[1] ?? "");

/** Go to `where`, with `parameters`. */
export function go(where, parameters = new URLSearchParams()) {
  const rest = parameters.toString();
  location.hash = `/${where}${rest ? `?${rest}` : ""}`;
}
