import { Failure, failureOf, pictureIn, whole } from "./failure.js";

const PATIENCE = 120_000; // milliseconds; XTY says 3 to 10 seconds
const STEP = 5; // seconds by which the wait grows with every 429 in a row
const TRIES = 5;

/**
 * Has the background of `picture`, a File, removed, and fetches the result, whose URL is good for one hour.
 *
 * @param {{origin: string, key: string}} account
 * @param {File} picture
 * @param {(seconds: number) => Promise<void>} wait is awaited after every 429
 * @returns {Promise<{picture: Blob, fields: [string, string][]}>}
 * @throws {Failure} no picture came
 */
export async function cutOut(account, picture, wait) {
  const content = [{ type: "image_url", image_url: { url: await dataUrl(picture) } }];
  const conversation = JSON.stringify({ model: "remove-bg", messages: [{ role: "user", content }] });
  for (let refusals = 1; ; refusals++) {
    const response = await whole(ask(account, conversation));
    if (response.status !== 429 || refusals === TRIES) {
      const url = await resultOf(response);
      // Another host may have the result: the key is not for it.
      const result = await whole(fetch(url, { signal: AbortSignal.timeout(PATIENCE) }));
      return { picture: await pictureIn(result), fields: fieldsOf(response) };
    }
    await wait(STEP * refusals);
  }
}

function ask({ origin, key }, body) {
  return fetch(`${origin}/v1/chat/completions`, {
    method: "POST",
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body,
    signal: AbortSignal.timeout(PATIENCE),
  });
}

async function resultOf(response) {
  if (!response.ok) throw await failureOf(response);
  const text = await whole(response.text());
  try {
    return new URL(JSON.parse(text).choices[0].message.content);
  } catch {
    throw new Failure("The answer has no URL of a result.");
  }
}

function dataUrl(picture) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Failure("The file cannot be read."));
    reader.readAsDataURL(picture);
  });
}

function fieldsOf(response) {
  const name = "X-Oneapi-Request-Id";
  return response.headers.has(name) ? [[name, response.headers.get(name)]] : [];
}
