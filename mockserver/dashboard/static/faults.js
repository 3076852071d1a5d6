/** The faults that there are buttons for, and what they are called. */

import { word } from "./words.js";

/** Faults by kind; a kind may have a hint. */
export const FAULTS = [
  { title: "Refused and broken answers", faults: [
    { label: "429 too many requests", fault: "429" },
    { label: "402 no credits", fault: "402" },
    { label: "500 server error", fault: "500" },
    { label: "503 unavailable", fault: "503" },
    { label: "302 to another page", fault: { fault: "redirect", location: "/elsewhere" } },
    { label: "Wrong Content-Type", fault: { fault: "content-type", value: "text/html" } },
    { label: "A picture that is none", fault: { fault: "no-image" } },
    { label: "Result URL gone at once", fault: { fault: "expire" } },
  ] },
  { title: "The network", hint: "A browser tries a request again by itself, once, when an old connection breaks: choose next 2 to see it fail.", faults: [
    { label: "Closed without an answer", fault: { fault: "close" } },
    { label: "Connection reset", fault: { fault: "reset" } },
    { label: "Reset in the middle", fault: { fault: "reset", after: 1000 } },
    { label: "Body cut after 1 kB", fault: { fault: "truncate", after: 1000 } },
    { label: "Silent for 190 s", fault: { fault: "stall", seconds: 190 } },
    { label: "Silent in the middle, 30 s", fault: { fault: "stall", seconds: 30, after: 500 } },
    { label: "Drop by drop, 1 kB a second", fault: { fault: "dribble", bytes: 1000 } },
  ] },
];

/** Return `fault` with its parts in one order, so that equal ones are the same. */
const ordered = fault => JSON.stringify(typeof fault === "object" ? Object.entries(fault).sort() : fault);

const LABELS = new Map(FAULTS.flatMap(({ faults }) => faults.map(({ label, fault }) => [ordered(fault), label])));

/** Return what `fault` is called: as on its button, or else as in a script. */
export const named = fault => LABELS.get(ordered(fault)) ?? word(fault);
