/** One exchange, with all that is known of it. */

import { again } from "./again.js";
import { get } from "./api.js";
import { lookAgain } from "./board.js";
import { copyButton } from "./copy.js";
import { documentOf, explained, headersOf } from "./documents.js";
import { duties } from "./duties.js";
import { changes, excuse, fixOf } from "./fix.js";
import { indented } from "./indent.js";
import { html, keyed, nothing } from "./lit.js";
import { prose } from "./prose.js";
import { go, query } from "./route.js";
import { sides } from "./sides.js";
import { snippets, tabbed } from "./snippets.js";
import { sourceOf } from "./sources.js";
import { onAnew, onNews, state, update } from "./store.js";
import { broken, isAdvice, judge } from "./verdicts.js";
import { bytes, duration, kind, status, time, ENDINGS } from "./words.js";

const LONGEST = 20_000; // letters of a body that are shown
const STEPS = {
  credentials: "Credentials",
  script: "Script",
  limits: "Limits",
  faults: "Faults",
  answer: "Answer",
  credits: "Credits",
  delivery: "Delivery",
};

const view = { number: null, exchange: null, problem: "" };

async function load() {
  const { number } = view;
  try {
    const exchange = await get(`journal/${number}`);
    if (view.number !== number) return;
    Object.assign(view, { exchange, problem: "" });
    judge([exchange]);
  } catch (error) {
    if (view.number === number) Object.assign(view, { exchange: null, problem: error.message });
  }
  update();
}

onNews(() => {
  if (view.number !== null && (!view.exchange || view.exchange.ending === null)) return load();
});

onAnew(() => Object.assign(view, { exchange: null, problem: "" }));

/** Have the exchange with that number shown; null for none. It is known, or why it is not, when this resolves. */
export async function open(number) {
  if (number === view.number) return;
  Object.assign(view, { number, exchange: null, problem: "" });
  lookAgain();
  if (number !== null) await load();
}

function why(exchange) {
  const ending = ENDINGS[exchange.ending];
  return html`
    <section>
      <h2>Why this answer</h2>
      <dl class="steps">
        ${exchange.reasons.map(({ step, text }) => html`<dt>${STEPS[step] ?? step}</dt><dd>${text}</dd>`)}
        ${ending ? html`<dt>End</dt><dd>${ending}</dd>` : nothing}
      </dl>
      ${excuse(exchange)}
    </section>`;
}

/** Return the request as it should have been, where that is known: what to change, and the code to copy. */
function mended(exchange, { filled, isTried }) {
  const fix = fixOf(exchange);
  if (!fix.changes.length) return nothing;
  const code = fix.snippets.map(one => ({ ...one, text: filled(one.text) }));
  return html`
    <section class="fix stacked">
      <h2>The fix</h2>
      ${changes(fix.changes)}
      ${tabbed(`fix-${exchange.number}`, code, "Copy the fix")}
      <p class="buttons">${changing({ ...fix, ...fix.request, number: exchange.number }, isTried ? "Put it into the form" : "Change and send")}</p>
    </section>`;
}

/** Return a button, with that `label`, that takes a request up, to be changed and sent. */
const changing = ({ number, provider, operation, headers, body }, label) =>
  operation && state.providers.length && isHeld({ body })
    ? html`<button type="button" @click=${() => again({ number, provider, operation, headers, body })}>${label}</button>`
    : nothing;

function breaches(exchange) {
  const rules = broken(exchange);
  if (!rules.length) return nothing;
  return html`
    <section>
      <h2>Broken rules</h2>
      ${rules.map(rule => html`
        <article class=${isAdvice(rule) ? "breach advice" : "breach"}>
          <p><strong>${prose(rule.text)}</strong></p>
          ${rule.violations.map(one => html`
            <dl class="steps">
              <dt>Expected</dt><dd>${one.expected}</dd>
              <dt>Received</dt><dd>${one.received}</dd>
              ${one.hint ? html`<dt>Hint</dt><dd>${one.hint}</dd>` : nothing}
            </dl>`)}
          <p class="quiet"><a href=${`#/learn?search=${encodeURIComponent(rule.id)}`}>${rule.id}</a>, ${rule.level},
            ${rule.assurance}; source: ${sourceOf(exchange.provider, rule.source)}</p>
        </article>`)}
    </section>`;
}

const GONE = html`<p class="quiet">The journal does not hold what was sent: it has let go of it for what came later, or could not look through all of it for secrets.</p>`;

/** Tell whether the body of `message` is still there, if there was one. */
const isHeld = ({ body: { size, text, base64 } }) => size === 0 || text !== undefined || base64 !== undefined;

/** Tell whether the provider has found something wrong that is in no field by itself. */
const isAboutTheWhole = ({ error, status, fields: all }) =>
  error && status >= 400 && status < 500 && ![401, 402, 404, 429].includes(status) && all.every(one => !one.problem);

function fields(exchange) {
  if (!isHeld(exchange.request)) return html`<section><h2>What was asked for</h2>${GONE}</section>`;
  if (!exchange.fields?.length) return nothing;
  return html`
    <section class="stacked">
      <h2>What was asked for</h2>
      ${isAboutTheWhole(exchange) ? html`<p>Each field has a right form. What is wrong, perhaps in the picture itself, is said above: why this answer.</p>` : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label="Fields of the request"><table>
        <thead><tr><th scope="col">Field</th><th scope="col">Value</th><th scope="col">Right form</th></tr></thead>
        <tbody>${exchange.fields.map(({ name, value, problem, known }) => html`
          <tr class=${problem ? "wrong" : known ? "" : "unknown"}>
            <th scope="row">${name || "The body"}</th><td data-name="Value"><code>${value}</code></td>
            <td data-name="Right form">${problem || (known ? "yes" : "not a field that the documents know")}</td>
          </tr>`)}</tbody>
      </table></div>
    </section>`;
}

function headerTable(title, pairs, headers) {
  return html`
    <details>
      <summary>${title} <span class="quiet">${pairs.length}</span></summary>
      <div class="scroll" tabindex="0" role="region" aria-label=${title}><table>
        <thead><tr><th scope="col">Field</th><th scope="col">Value</th><th scope="col">In words</th></tr></thead>
        <tbody>${pairs.map(([name, value]) => html`
          <tr><th scope="row">${name}</th><td><code>${value}</code></td><td>${prose(explained(name, headers))}</td></tr>`)}</tbody>
      </table></div>
    </details>`;
}

const readableBodies = new WeakMap(); // they may be large, and are drawn again and again

/** Return the beginning of a body, on lines of its own where it is JSON. */
function readable(text) {
  const head = text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
  try {
    JSON.parse(text);
    return indented(head);
  } catch {
    return head;
  }
}

function body(title, part) {
  if (!part || part.size === 0) return nothing;
  if (!readableBodies.has(part)) readableBodies.set(part, part.text === undefined ? "" : readable(part.text));
  const text = readableBodies.get(part);
  return html`
    <details>
      <summary>${title} <span class="quiet">${bytes(part.size)}</span></summary>
      ${text ? html`<div class="code" tabindex="0" role="region" aria-label=${title}>${copyButton(part.text, part.sha256)}<pre><code>${text}</code></pre></div>` : nothing}
      <p class="quiet">${part.text === undefined
        ? part.base64 === undefined ? "The journal no longer holds it." : "It is no text."
        : nothing}
        SHA-256 <code>${part.sha256}</code></p>
    </details>`;
}

const PLAIN = { filled: text => text, isTried: false };

/** Return everything about `exchange` but its title; `filled` puts the user's secrets into code where it `isTried`, in a form. */
export function exchangeParts(exchange, { filled, isTried } = PLAIN) {
  const headers = headersOf(documentOf(exchange.provider), exchange.operation);
  return html`
    ${why(exchange)} ${keyed(exchange.number, mended(exchange, { filled, isTried }))} ${duties(exchange)} ${breaches(exchange)} ${sides(exchange, headers)} ${fields(exchange)}
    <section>
      <h2>Headers and bodies</h2>
      ${exchange.response ? headerTable("Headers of the answer", exchange.response.headers, headers) : nothing}
      ${headerTable("Headers of the request", exchange.request.headers, headers)}
      ${body("Body of the request", exchange.request.body)} ${body("Body of the answer", exchange.response?.body)}
    </section>
    <section>
      <h2>Send it again</h2>
      ${isHeld(exchange.request) ? keyed(exchange.number, snippets(exchange, filled)) : GONE}
      ${isTried ? nothing : html`<p class="buttons">${changing({ ...exchange, ...exchange.request }, "Change and send")}</p>`}
    </section>`;
}

/** Return the exchange that was opened. */
export function detail(number) {
  const { exchange, problem } = view;
  const back = () => go("calls", query());
  return html`
    <section class="detail" aria-labelledby="detail-title">
      <div class="bar">
        <h1 id="detail-title" tabindex="-1">${exchange ? html`<span class="status ${kind(exchange)}">${status(exchange)}</span>
          ${exchange.operation ?? `${exchange.method} ${exchange.path}`}` : `Call ${number}`}</h1>
        <button @click=${back}>Close</button>
      </div>
      ${problem ? html`<p class="empty">${problem}</p>` : nothing}
      ${exchange
        ? html`
          <p class="quiet">Call ${exchange.number}: <code>${exchange.method} ${exchange.path}${exchange.query ? `?${exchange.query}` : ""}</code>,
            ${exchange.tenant ? html`by <a href=${`#/calls?tenant=${encodeURIComponent(exchange.tenant)}`}>${exchange.tenant}</a>,` : nothing}
            ${time(exchange.received)}, ${exchange.ending === null ? "under way" : `took ${duration(exchange.seconds)}`}${exchange.credits ? `, ${exchange.credits} credits` : ""}</p>
          ${exchangeParts(exchange)}`
        : nothing}
    </section>`;
}
