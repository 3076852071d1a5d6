/** The code that sends a request once more, in many languages. */

import { address, get } from "./api.js";
import { copyButton } from "./copy.js";
import { html, nothing } from "./lit.js";
import { once } from "./once.js";
import { update } from "./store.js";

const KEPT = 20; // exchanges of which the code is remembered

/** The code by number and ending: what is under way has no answer yet, of which the code would know. */
const found = once(key => get(`journal/${key.split(" ")[0]}/code`), { kept: KEPT, refused: ({ message }) => ({ problem: message }) });
let language = remembered();

/** Return the language that was chosen the last time, if the browser keeps such things. */
function remembered() {
  try {
    return localStorage.getItem("language") ?? "curl";
  } catch {
    return "curl";
  }
}

function choose(name) {
  language = name;
  try {
    localStorage.setItem("language", name);
  } catch {
    // It is not remembered, then.
  }
  update();
}

/** Move along the tabs with the arrow keys, as users of keyboards expect. */
function step(event, all, shown) {
  const moves = { ArrowRight: 1, ArrowLeft: -1 };
  if (!(event.key in moves)) return;
  choose(all.at((all.indexOf(shown) + moves[event.key]) % all.length).language);
  requestAnimationFrame(() => event.target.closest("[role=tablist]").querySelector("[aria-selected=true]").focus());
}

/** Return these snippets, one of them shown, with the tabs to choose by and `besides`; `name` tells them from others on the page. */
export function tabbed(name, all, copying, besides = nothing) {
  const shown = all.find(one => one.language === language) ?? all[0];
  const tab = one => `${name}-tab-${one.language}`;
  return html`
    <div class="tabs">
      <div class="tabs" role="tablist" aria-label="Language" @keydown=${event => step(event, all, shown)}>
        ${all.map(one => html`
          <button role="tab" id=${tab(one)} aria-controls=${name} aria-selected=${String(one === shown)}
            tabindex=${one === shown ? 0 : -1} @click=${() => choose(one.language)}>${one.title}</button>`)}
      </div>
      ${besides}
    </div>
    <div class="code" role="tabpanel" id=${name} aria-labelledby=${tab(shown)} tabindex="0">
      ${copyButton(shown.text, `${name} ${shown.language}`, copying)}
      <pre><code>${shown.text}</code></pre>
    </div>`;
}

/** Return the code for `exchange`; `filled` puts secrets in that only the user knows. */
export function snippets(exchange, filled) {
  const { number, ending } = exchange;
  const code = found.of(`${number} ${ending}`);
  if (!code) return html`<p class="quiet">Writing code …</p>`;
  if (code.problem) return html`<p class="quiet">${code.problem}</p>`;
  const har = html`<a class="button" href=${address("journal.har", { number })} download=${`exchange-${number}.har`}>HAR</a>`;
  return tabbed(`code-${number}`, code.snippets.map(one => ({ ...one, text: filled(one.text) })), "Copy the code", har);
}
