/** The page as a whole: where one is, what is not as usual, and what was just done. */

import { banner } from "./active.js";
import { calls, enter } from "./calls.js";
import { learn } from "./learn.js";
import { html, nothing, render } from "./lit.js";
import { meet, next } from "./next.js";
import { forget, go, place, query, remember, remembered } from "./route.js";
import { now, onAnew, onDraw, catchUp, press, start, state, update } from "./store.js";
import { trial } from "./trial.js";
import { clockTime } from "./words.js";
import { leave, zoom } from "./zoom.js";

const PLACES = [
  { name: "calls", title: "Calls" },
  { name: "next", title: "What happens next" },
  { name: "try", title: "Try it" },
  { name: "learn", title: "Learn" },
];
const TICK = 1000; // milliseconds
const BRIEF = 50; // milliseconds to wait for a call, so that it is drawn once and not twice

function head(current) {
  const said = { null: "connecting …", true: "live", false: "the server does not answer; waiting for it …" }[String(state.connected)];
  return html`
    <header>
      <a class="skip" href="#main" @click=${event => {
        event.preventDefault();
        document.querySelector("#main").focus();
      }}>Skip to the content</a>
      <strong class="name">matteproof</strong>
      <nav aria-label="Places">
        ${PLACES.map(({ name, title }) => html`
          <a href=${name === current ? `#/${name}` : remembered(name)} aria-current=${name === current ? "page" : nothing}>${title}</a>`)}
      </nav>
      <span class="state ${state.connected === false ? "lost" : ""}" role="status">${said}</span>
      <time class="quiet" title="The server's clock">${clockTime(now())}</time>
    </header>`;
}

/** Take the notice away. Its button had the focus, which goes back to where it came from, if that is still there. */
function dismiss({ origin }) {
  update({ notice: null });
  const target = origin?.isConnected && origin !== document.body ? origin : document.querySelector("#main");
  target.focus({ preventScroll: true });
}

function notice() {
  const { notice: said } = state;
  return html`
    <div class="notice-place" role="status" aria-live="polite">
      ${said
        ? html`<div class=${said.wrong ? "notice wrong" : "notice"}>
            <span>${said.text}</span>
            ${said.undo ? html`<button @click=${() => {
              dismiss(said);
              said.undo();
            }}>Undo</button>` : nothing}
            <button aria-label="Dismiss" @click=${() => dismiss(said)}>×</button>
          </div>`
        : nothing}
    </div>`;
}

/** Return the place in the address, and the number of the call that is open there, null for none. */
function where() {
  const [name, number] = place().split("/");
  const current = PLACES.some(one => one.name === name) ? name : "calls";
  return { current, chosen: /^\d+$/.test(number ?? "") ? Number(number) : null };
}

function view() {
  const { current: known, chosen } = where();
  const pages = { calls: () => calls(chosen), next, try: trial, learn };
  document.title = `${PLACES.find(one => one.name === known).title} – matteproof`;
  return html`
    <div class="top">${head(known)} ${banner()}</div>
    <main id="main" tabindex="-1">${pages[known]()}</main>
    ${notice()} ${zoom()}`;
}

let here = "";

/** Lead whoever has come from the place `before` to the beginning of this one, or back to the call that was open. */
function lead(before, { current, chosen }) {
  const isElsewhere = before.split("/")[0] !== current;
  if (isElsewhere && !state.notice?.wrong && !state.notice?.undo) update({ notice: null }); // what can be undone still can
  requestAnimationFrame(() => requestAnimationFrame(() => {
    if (isElsewhere) scrollTo(0, 0);
    const row = before.startsWith("calls/") && current === "calls" && chosen === null ? before.split("/")[1] : "";
    const target = chosen === null ? document.querySelector(row ? `a[href^="#/calls/${row}?"]` : "#main") : document.querySelector("#detail-title");
    target?.focus({ preventScroll: chosen === null }); // the row stays where it was; the top of #main is under the head
  }));
}

/** Show the place in the address. */
async function arrive() {
  const { current, chosen } = where();
  const before = here;
  const arrived = `${current}/${chosen ?? ""}`;
  here = arrived;
  remember();
  leave();
  if (current === "calls") await Promise.race([enter(chosen, !before.startsWith("calls/")), new Promise(done => setTimeout(done, BRIEF))]);
  if (here !== arrived) return; // the user has gone on
  if (current === "next") meet(query().get("tenant"));
  update();
  if (before && before !== arrived) lead(before, { current, chosen });
}

/** Whatever is dropped beside the place for pictures must not take the page's place. */
for (const kind of ["dragover", "drop"]) {
  window.addEventListener(kind, event => event.dataTransfer?.types.includes("Files") && event.preventDefault());
}
window.addEventListener("keydown", event => {
  if (event.target.closest?.("input, select")) return; // where it empties the field, or closes the list
  if (event.key === "Escape" && where().chosen !== null && !document.querySelector("dialog[open]")) go("calls", query());
});

/** What somebody has chosen is there before they do the next thing: else that would be done to what was there before. */
for (const kind of ["click", "change", "keydown"]) window.addEventListener(kind, catchUp);
for (const kind of ["pointerdown", "pointerup", "pointercancel"]) window.addEventListener(kind, () => press(kind === "pointerdown"));

const root = document.querySelector("#page");
root.replaceChildren();
const draw = () => render(view(), root);
draw();
/** What stays in view when one scrolls begins below the head, which is as high as its banner is long. */
new ResizeObserver(([{ target }]) => document.documentElement.style.setProperty("--top", `${target.offsetHeight}px`)).observe(root.querySelector(".top"));
onDraw(draw);
window.addEventListener("hashchange", arrive);
onAnew(forget);
setInterval(() => document.visibilityState === "visible" && update(), TICK);
start();
arrive();
