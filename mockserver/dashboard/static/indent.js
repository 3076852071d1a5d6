/** JSON on lines of its own, each token just as it was sent: names that come twice, and numbers to the last digit. */

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"?|[[\]{},:]|[^\s"[\]{},:]+/gs;
const DEEPEST = 20; // levels that are set off

const opens = token => token === "{" || token === "[";
const closes = token => token === "}" || token === "]";

/** Return the beginning of a JSON `text`, or all of it, with line breaks and indentation. */
export function indented(text) {
  let depth = 0;
  let before = "";
  let lines = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (closes(token)) depth = Math.max(0, depth - 1);
    const isNext = closes(token) ? !opens(before) : opens(before) || before === ",";
    if (isNext) lines += `\n${"  ".repeat(Math.min(depth, DEEPEST))}`;
    lines += token === ":" ? ": " : token;
    if (opens(token)) depth += 1;
    before = token;
  }
  return lines;
}
