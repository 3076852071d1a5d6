/** The control API, as the page uses it. */

export const ORIGIN = location.origin;
// Not the document's own address, which may hold a password, and then nothing can be fetched from it.
const BASE = new URL("v1/", ORIGIN + location.pathname);
const RETRY = 2000; // milliseconds

let silent = () => {}; // called where there was no answer

/** Says why a request to the control API was not carried out; `status` is 0 where there was no answer. */
class ApiError extends Error {
  constructor(status, message, field = "") {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/** Return the address of `path` of the control API, with the parameters that have a value. */
export function address(path, parameters = {}) {
  const url = new URL(path, BASE);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, value);
  }
  return url.href;
}

async function ask(method, path, { parameters, body, signal } = {}) {
  let answer;
  try {
    answer = await fetch(address(path, parameters), {
      method,
      signal,
      cache: "no-store",
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    silent();
    throw new ApiError(0, "The mock server does not answer. Is it still running?");
  }
  let told;
  try {
    told = await answer.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    if (answer.ok) {
      silent();
      throw new ApiError(0, "The mock server's answer was cut off. Is it still running?");
    }
  }
  if (!answer.ok) {
    throw new ApiError(answer.status, told?.error?.message ?? `The server answered ${answer.status}.`, told?.error?.field);
  }
  return told;
}

export const get = (path, parameters, signal) => ask("GET", path, { parameters, signal });
export const put = (path, body) => ask("PUT", path, { body });
export const post = (path, body) => ask("POST", path, { body });
export const patch = (path, body) => ask("PATCH", path, { body });
export const remove = path => ask("DELETE", path);

/** Return the path of a tenant, whatever characters its id has; but "." and ".." mean other places to every browser. */
export function tenantPath(id, part = "") {
  if (/^\.{1,2}$/.test(id)) throw new ApiError(0, `A caller called ${id} cannot be reached by an address. Use another id.`);
  return `tenants/${encodeURIComponent(id)}${part}`;
}

/**
 * Call `onNews` for every exchange that ends, and `onState` with whether the server can be heard.
 *
 * A server that stops is waited for, as is one that leaves any request without an answer. Nobody listens while the page is hidden: browsers allow a server few connections.
 */
export function follow(onNews, onState) {
  let events = null;
  let waiting = 0;
  const close = () => {
    clearTimeout(waiting);
    events?.close();
    events = null;
  };
  const open = () => {
    close();
    if (document.hidden) return;
    events = new EventSource(address("events"));
    events.addEventListener("open", () => onState(true));
    events.addEventListener("exchange", onNews);
    events.addEventListener("error", () => {
      onState(false);
      if (events?.readyState === EventSource.CLOSED) waiting = setTimeout(open, RETRY);
    });
  };
  silent = () => {
    onState(false);
    if (events?.readyState !== EventSource.OPEN) return;
    close(); // or else nobody would say that it is back
    waiting = setTimeout(open, RETRY);
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  open();
}
