/** The page as a whole: where one is, what is not as usual, and what was just done. */

import { banner } from "./active.js";
import { calls, enter } from "./calls.js";
import { learn } from "./learn.js";
import { html, nothing, render } from "./lit.js";
import { next } from "./next.js";
import { zoom } from "./pictures.js";
import { place } from "./route.js";
import { now, onDraw, start, state, update } from "./store.js";
import { trial } from "./trial.js";

const PLACES = [
  { name: "calls", title: "Calls" },
  { name: "next", title: "What happens next" },
  { name: "try", title: "Try it" },
  { name: "learn", title: "Learn" },
];
const TICK = 1000; // milliseconds

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
          <a href=${`#/${name}`} aria-current=${name === current ? "page" : nothing}>${title}</a>`)}
      </nav>
      <span class="state ${state.connected === false ? "lost" : ""}" role="status">${said}</span>
      <time class="quiet" title="The server's clock, UTC">${new Date(now()).toISOString().slice(11, 19)}</time>
    </header>`;
}

function notice() {
  const { notice: said } = state;
  return html`
    <div class="notice-place" role="status" aria-live="polite">
      ${said
        ? html`<div class=${said.wrong ? "notice wrong" : "notice"}>
            <span>${said.text}</span>
            ${said.undo ? html`<button @click=${() => {
              update({ notice: null });
              said.undo();
            }}>Undo</button>` : nothing}
            <button aria-label="Dismiss" @click=${() => update({ notice: null })}>×</button>
          </div>`
        : nothing}
    </div>`;
}

function view() {
  const [current, number] = place().split("/");
  const chosen = number === undefined || !/^\d+$/.test(number) ? null : Number(number);
  const pages = { calls: () => calls(chosen), next, try: trial, learn };
  const known = current in pages ? current : "calls";
  document.title = `${PLACES.find(one => one.name === known).title} – matteproof`;
  return html`
    <div class="top">${head(known)} ${banner()}</div>
    <main id="main" tabindex="-1">${pages[known]()}</main>
    ${notice()} ${zoom()}`;
}

function arrive() {
  const [current, number] = place().split("/");
  if (current === "calls") enter(number === undefined ? null : Number(number));
  update();
}

const root = document.querySelector("#page");
root.replaceChildren();
onDraw(() => render(view(), root));
window.addEventListener("hashchange", arrive);
setInterval(() => document.visibilityState === "visible" && update(), TICK);
start();
arrive();
