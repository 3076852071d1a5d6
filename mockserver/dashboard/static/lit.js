/** The parts of lit-html that the page uses, from one place. It escapes whatever it is given. */

export { html, noChange, nothing, render, svg } from "./vendor/lit-html/lit-html.js";
export { keyed } from "./vendor/lit-html/directives/keyed.js";
export { live } from "./vendor/lit-html/directives/live.js";
export { repeat } from "./vendor/lit-html/directives/repeat.js";
