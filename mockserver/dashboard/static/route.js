/** Where the user is: `#/place?filters`, so that a reload, a bookmark and the back button all work. */

const parts = () => location.hash.replace(/^#\/?/, "").split("?");

/** Return the place, such as `calls/12`. */
export const place = () => parts()[0] || "calls";

/** Return the parameters behind it. */
export const query = () => new URLSearchParams(parts()[1] ?? "");

let visited = {}; // the parameters that each place had when the user left it

/** Note the parameters of the place where the user is. */
export function remember() {
  visited[place().split("/")[0]] = query().toString();
}

/** Forget the parameters of all places: what they speak of may be gone. */
export function forget() {
  visited = {};
}

/** Return the address of the place called `name`, as the user left it. */
export const remembered = name => `#/${name}${visited[name] ? `?${visited[name]}` : ""}`;

/** Go to `where`, with `parameters`; with `replacing`, the back button does not lead here again. */
export function go(where, parameters = new URLSearchParams(), { replacing = false } = {}) {
  const rest = parameters.toString();
  const hash = `#/${where}${rest ? `?${rest}` : ""}`;
  if (replacing) location.replace(hash);
  else location.hash = hash;
}
