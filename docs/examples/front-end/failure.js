/** There is no picture; the message says why, in words for the reader of the page. */
export class Failure extends Error {}

/** Returns the failure that an answer with an error status means. Some errors are web pages, or empty. */
export async function failureOf(response) {
  const text = await response.text().catch(() => "");
  const status = [response.status, response.statusText].filter(Boolean).join(" ");
  return new Failure(`${status}: ${messageIn(text) ?? "the answer does not say why."}`);
}

function messageIn(text) {
  try {
    return JSON.parse(text).error.message;
  } catch {
    return undefined;
  }
}

/**
 * Returns the body of a good answer as a picture. A connection that breaks makes this fail, too: `fetch` is done with
 * the header fields.
 */
export async function pictureIn(response) {
  if (!response.ok) throw await failureOf(response);
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.startsWith("image/")) throw new Failure(`The answer is no picture, but ${type || "something else"}.`);
  return whole(response.blob());
}

/** Returns what `promise` of `fetch` or of a body gives; the browser does not tell a page why there is nothing. */
export async function whole(promise) {
  try {
    return await promise;
  } catch (cause) {
    const late = cause.name === "TimeoutError";
    const why = late ? "No answer came in time." : "No whole answer came: is the server there, and the URL right?";
    throw new Failure(why, { cause });
  }
}
