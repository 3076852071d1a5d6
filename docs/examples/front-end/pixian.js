import { pictureIn, whole } from "./failure.js";

const IDLE = 200_000; // milliseconds; Pixian.AI asks for 180 seconds at least
const STEP = 5; // seconds by which the wait grows with every 429 in a row
const TRIES = 8;
const FIELDS = [
  "X-Credits-Charged",
  "X-Credits-Calculated",
  "X-Input-Orientation",
  "X-Input-Size",
  "X-Input-Foreground",
  "X-Result-Size",
  "X-Result-Foreground",
];

/**
 * Has the background of `picture`, a File, removed.
 *
 * @param {{origin: string, id: string, secret: string}} account
 * @param {File} picture
 * @param {Record<string, string>} parameters such as `{"output.format": "delta_png"}`
 * @param {(seconds: number) => Promise<void>} wait is awaited after every 429
 * @returns {Promise<{picture: Blob, fields: [string, string][]}>}
 * @throws {Failure} no picture came
 */
export async function cutOut(account, picture, parameters, wait) {
  for (let refusals = 1; ; refusals++) {
    const response = await whole(ask(account, picture, parameters));
    if (response.status !== 429 || refusals === TRIES) {
      return { picture: await pictureIn(response), fields: fieldsOf(response) };
    }
    await wait(STEP * refusals);
  }
}

function ask({ origin, id, secret }, picture, parameters) {
  const body = new FormData(); // the browser sets Content-Type, with the boundary
  for (const [name, value] of Object.entries(parameters)) body.set(name, value);
  body.set("image", picture);
  return fetch(`${origin}/api/v2/remove-background`, {
    method: "POST",
    headers: { Authorization: basic(id, secret) },
    body,
    signal: AbortSignal.timeout(IDLE),
  });
}

/** Returns the header field of HTTP Basic; `btoa` alone takes no letters beyond Latin-1. */
function basic(id, secret) {
  const bytes = new TextEncoder().encode(`${id}:${secret}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function fieldsOf(response) {
  return FIELDS.filter((name) => response.headers.has(name)).map((name) => [name, response.headers.get(name)]);
}
