/** What was sent and what came back, as pictures. */

import { address } from "./api.js";
import { boxes, documentOf, notes } from "./documents.js";
import { nothing } from "./lit.js";
import { pictures } from "./pictures.js";
import { state } from "./store.js";
import { bytes } from "./words.js";

const NO_INPUT = "The request held no picture that can be shown.";
const GONE = "The journal no longer holds what was sent.";
const NO_RESULT = "The answer is no picture, and names none that can still be fetched.";
const NOT_WHOLE = "It cannot be put together: input or result is damaged, or was replaced.";
const SMALL = "A thumbnail is all that the journal still has.";
const MADE_HERE = "Made here: the result as it was sent, filled in with the pixels of the input.";

/** Return the picture to be shown for one side: what is held of it, or only its thumbnail. */
function side(name, thumbnail, source, drawn, none, note) {
  return thumbnail ? { name, source: thumbnail, boxes: [], none, note: SMALL } : { name, source, boxes: drawn, none, note };
}

/** Return the pictures of `exchange`, with the boxes that `headers`, as documented, say are in its answer. */
export function sides(exchange, headers) {
  if (exchange.ending === null) return nothing;
  const sent = exchange.method !== "GET" && exchange.size > 0;
  const isPicture = exchange.media_type?.startsWith("image/");
  const made = exchange.status >= 200 && exchange.status < 300 && (isPicture || sent);
  if (!sent && !made) return nothing;
  const { request, response, number, pictures: held } = exchange;
  const of = which => boxes(response?.headers ?? [], headers, which);
  // A server that was started anew counts from 0 again, and browsers keep pictures by address: empty parameters make another.
  const again = "&".repeat(state.restarts);
  // What is not there is not asked for: browsers complain of each picture that they do not get.
  const at = (there, name, parameters) => (there ? address(`journal/${number}/${name}`, { show: true, ...parameters }) + again : "");
  const size = response?.body.size ?? 0;
  const isCut = exchange.sent !== null && exchange.sent < size;
  const remark = isCut
    ? `This was made, but only ${bytes(exchange.sent)} of ${bytes(size)} were sent.`
    : notes(documentOf(exchange.provider), exchange.operation, exchange.fields);
  const result = name => side(name, response?.body.thumbnail, at(held.result, "result"), of("result"), NO_RESULT, remark);
  const isGone = request.body.text === undefined && request.body.base64 === undefined;
  const input = side("Input", request.body.thumbnail, at(held.input, "input"), of("input"), isGone ? GONE : NO_INPUT);
  if (isCut || !held.refers_to_input) return pictures([input, result(isCut ? "Result, as made" : "Result")]);
  const whole = at(held.result, "result", { whole: true });
  return pictures([
    input,
    side("Result, put together", "", whole, of("result"), NOT_WHOLE, MADE_HERE),
    result("Result, as sent"),
  ]);
}
