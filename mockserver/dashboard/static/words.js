/** Numbers, moments and states in words. */

const DAY = 86_400_000;
const PARTS = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const CLOCK = new Intl.DateTimeFormat([], { ...PARTS, fractionalSecondDigits: 3 }); // to make one takes longer than to draw a row
const SECONDS = new Intl.DateTimeFormat([], PARTS);

/** Return a moment of ISO 8601 as the time of day, to the millisecond; with the date if that is a day or more away. */
export function time(moment) {
  if (!moment) return "";
  const date = new Date(moment);
  const clock = CLOCK.format(date);
  return Math.abs(Date.now() - date) < DAY ? clock : `${date.toLocaleDateString()} ${clock}`;
}

/** Return the time of day, to the second, of a moment in milliseconds since 1970. */
export const clockTime = moment => SECONDS.format(new Date(moment));

/** Return so many seconds with a unit that fits. */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "under way";
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 119.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  if (days) return `${days} d ${hours} h`;
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** Return so many bytes with a unit that fits. */
export function bytes(count) {
  if (count === null || count === undefined) return "";
  if (count < 1000) return `${count} B`;
  if (count < 999_950) return `${(count / 1000).toFixed(1)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}

/** Return a number with its noun, which gets an s where there are several. */
export const counted = (number, noun) => `${number.toLocaleString()} ${noun}${number === 1 ? "" : "s"}`;

/** Return how an answer ended, where that is worth a word. */
export const ENDINGS = {
  close: "the connection was closed before the answer was complete",
  reset: "the connection was reset",
  gone: "the client had gone before the answer was complete",
};

const SHORT = { close: "closed", reset: "reset", gone: "client left" };

/** Return how an answer with a status ended, where that is worth a word in a row; or else nothing. */
export const ended = exchange => (exchange.status === null ? "" : (SHORT[exchange.ending] ?? ""));

/** Return the status of an exchange in a word, as rows show it. */
export function status(exchange) {
  if (exchange.ending === null) return "…";
  return exchange.status === null ? exchange.ending : String(exchange.status);
}

/** Return which kind of answer it is, for its colour. */
export function kind(exchange) {
  if (exchange.ending === null) return "running";
  if (exchange.ending !== "done" || exchange.status === null) return "broken";
  if (exchange.status >= 500) return "failed";
  if (exchange.status >= 400) return "refused";
  return "fine";
}

/** Return the word of a script or rule as people say it. */
export function word(fault) {
  if (typeof fault !== "object") return String(fault);
  const { fault: name, ...rest } = fault;
  if (name === "status") return String(rest.status);
  if (name === "error") return rest.name;
  const fields = Object.entries(rest).map(([key, value]) => `${key} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  return [name, ...fields].join(" ");
}
