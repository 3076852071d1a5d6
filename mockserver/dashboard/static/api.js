/** The control API, as the page uses it. */

export const ORIGIN = location.origin;
// Not the document's own address, which may hold a password, and then nothing can be fetched from it.
const BASE = new URL("v1/", ORIGIN + location.pathname);

/** Says why a request to the control API was not carried out; `status` is 0 where there was no answer. */
export class ApiError extends Error {
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
    throw new ApiError(0, "The mock server does not answer. Is it still running?");
  }
  const told = await answer.json().catch(() => null);
  if (!answer.ok) {
    throw new ApiError(answer.status, told?.error?.message ?? `The server answered ${answer.status}.`, told?.error?.field);
  }
  return told;
}

export const get = (path, parameters, signal) => ask("GET", path, { parameters, signal });
export const put = (path, body) => ask("PUT", path, { body });
export const post = (path, body) => ask("POST", path, { body });
export const patch = (path, body) => ask("PATCH", path, { body });
export const remove = (path, parameters) => ask("DELETE", path, { parameters });

/** Return the path of a tenant, whatever characters its id has. */
export const tenantPath = (id, part = "") => `tenants/${encodeURIComponent(id)}${part}`;

/**
 * Call `onExchange` for every exchange that ends, and `onState` with whether the server can be heard.
 *
 * A server that stops is waited for; when it is back, `onState(true)` is called anew.
 */
export function follow(onExchange, onState) {
  const RETRY = 2000; // milliseconds
  const events = new EventSource(address("events"));
  events.addEventListener("open", () => onState(true));
  events.addEventListener("exchange", event => onExchange(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    onState(false);
    if (events.readyState === EventSource.CLOSED) setTimeout(() => follow(onExchange, onState), RETRY);
  });
}
