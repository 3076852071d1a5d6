/** The list of calls: the latest first, a page at a time. */

import { address, get } from "./api.js";
import { callerOptions } from "./callers.js";
import { detail, open } from "./detail.js";
import { documentOf } from "./documents.js";
import { html, nothing, repeat } from "./lit.js";
import { go, place, query } from "./route.js";
import { typed } from "./fields.js";
import { onAnew, onNews, state, update } from "./store.js";
import { broken, isAdvice, judge } from "./verdicts.js";
import { bytes, counted, duration, ended, kind, status, time, ENDINGS } from "./words.js";

const PAGE = 30; // calls: more than a screen has room for, and few enough to be drawn at once
const LONGEST = 80; // letters of a path in the list
const PAUSE = 150; // milliseconds between two searches while somebody types

/**
 * What is listed: of the calls `before` that number, all if it is null, the latest; `shown` is what `before` was for those
 * that are there, undefined if others are to be. While it `isHeld`, since the pointer is on it, no row moves away from under that.
 */
const view = {
  exchanges: [], count: 0, later: 0, problem: "", before: null, shown: null, pages: [], isHeld: false, loaded: false, loading: null, asked: "", stale: true,
};
let typing = 0;
let searched = -PAUSE;

const FILTERS = ["tenant", "provider", "status", "search"];
const filter = () => Object.fromEntries(FILTERS.map(name => [name, query().get(name) ?? ""]));

/** Return which calls are to be listed, in a form that can be compared. */
const asked = () => JSON.stringify(filter());

/** Fetch the page of the list that is to be seen; whoever asks later is answered alone. */
async function load() {
  const isOther = view.asked !== asked();
  if (isOther) Object.assign(view, { asked: asked(), before: null, shown: undefined, pages: [], problem: "" });
  const { before } = view;
  const first = view.isHeld && !isOther && before === view.shown ? view.exchanges[0]?.number : undefined;
  view.loading?.abort();
  const loading = new AbortController();
  Object.assign(view, { loading, stale: false });
  try {
    const found = await get("journal", { ...filter(), limit: PAGE, before: before ?? (first === undefined ? null : first + 1) }, loading.signal);
    if (!found.exchanges.length && before !== null) {
      // What was there is forgotten.
      view.before = view.pages.pop() ?? null;
      await load();
      return;
    }
    if (!found.exchanges.length) view.isHeld = false; // nobody tells when the pointer leaves a list that is gone
    Object.assign(view, { exchanges: found.exchanges.reverse(), count: found.count, later: found.later, shown: before, loaded: true, problem: "" });
    judge(view.exchanges);
    for (const { provider } of view.exchanges) documentOf(provider); // which whoever opens one of them will want to see
  } catch (error) {
    if (error.name === "AbortError") return;
    view.stale = true;
    if (error.status !== 0) Object.assign(view, { exchanges: [], loaded: true, problem: error.message });
  }
  if (view.loading === loading) view.loading = null;
  update();
}

onNews(() => {
  if (place().startsWith("calls")) return load();
  view.stale = true;
});

onAnew(() => Object.assign(view, { exchanges: [], count: 0, later: 0, before: null, pages: [], loaded: false, problem: "" }));

/**
 * Show the list for the filters in the address, from the latest on if the user comes from elsewhere.
 *
 * If `number` is given, one exchange is shown beside it: it is there when this resolves.
 */
export async function enter(number, isElsewhere) {
  if (isElsewhere) view.isHeld = false;
  if (isElsewhere && view.before !== null) Object.assign(view, { before: null, pages: [], stale: true });
  if (view.stale || view.asked !== asked()) load();
  await open(number);
}

function search(name, value) {
  if (!place().startsWith("calls")) return; // the user has gone on
  const wanted = new URLSearchParams(query());
  if (value) wanted.set(name, value);
  else wanted.delete(name);
  go(place(), wanted, { replacing: true });
}

/** Search for what was typed: at once, and then every PAUSE as long as letters come. */
function type(value) {
  clearTimeout(typing);
  const due = searched + PAUSE - performance.now();
  typing = setTimeout(() => {
    searched = performance.now();
    search("search", value);
  }, due);
}

function turn(older) {
  if (older) {
    const { number } = view.exchanges.at(-1);
    if (number === view.before) return; // it is being fetched
    view.pages.push(view.before);
    view.before = number;
  } else {
    view.before = view.pages.pop() ?? null;
  }
  load();
}

/** Have the rows stay while the pointer is on them, though others be on their way; what came is shown afterwards. */
function hold(isHeld) {
  view.isHeld = isHeld;
  if (isHeld ? view.loading : view.before === null && view.later) load();
}

function filters() {
  const wanted = filter();
  const anything = FILTERS.some(name => wanted[name]);
  return html`
    <form class="filters" role="search" @submit=${event => event.preventDefault()}>
      <label>Search
        <input type="search" name="search" maxlength="200" .value=${typed("search", wanted.search)} placeholder="path, parameter, reason …"
          @input=${event => type(event.target.value)}>
      </label>
      <label>Caller
        <select @change=${event => search("tenant", event.target.value)}>
          ${callerOptions(wanted.tenant)}
        </select>
      </label>
      <label>Provider
        <select @change=${event => search("provider", event.target.value)}>
          <option value="" .selected=${!wanted.provider}>all</option>
          ${state.providers.map(
            one => html`<option value=${one.name} .selected=${one.name === wanted.provider}>${one.title}</option>`,
          )}
        </select>
      </label>
      <label>Status
        <input type="text" inputmode="numeric" size="4" maxlength="3" pattern="[1-5][0-9][0-9]" name="status" .value=${typed("status", wanted.status)}
          @input=${event => {
            const { value } = event.target;
            if (value === "" || /^[1-5]\d\d$/.test(value)) search("status", value);
          }}>
      </label>
      ${anything ? html`<button type="button" @click=${() => {
        clearTimeout(typing);
        go("calls");
      }}>Clear</button>` : nothing}
    </form>`;
}

function empty() {
  if (!view.loaded) return html`<p class="empty">Looking …</p>`;
  if (view.problem) return html`<p class="empty wrong">${view.problem}</p>`;
  if (FILTERS.some(name => filter()[name])) return html`<p class="empty">No call fits these filters.</p>`;
  return html`
    <div class="empty">
      <h2>No calls yet</h2>
      <p>Point your code at <code>${location.origin}</code> in place of the provider's address, with any well-formed
        credentials, and what it sends shows up here at once.</p>
      <p><a class="button" href="#/try">Send a picture from here</a></p>
    </div>`;
}

const shortened = text => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** Return how many `rules` are broken, in a `word`. */
const mark = (rules, word, look) =>
  rules.length ? html`<span class=${look} title=${rules.map(one => one.id).join("\n")}>${rules.length} ${word}</span>` : nothing;

function row(exchange, chosen) {
  const parameters = Object.entries(exchange.parameters ?? {});
  const breaches = broken(exchange);
  const title = exchange.operation ?? shortened(`${exchange.method} ${exchange.path}`);
  return html`
    <tr class=${chosen ? "chosen" : ""} @click=${() => go(`calls/${exchange.number}`, query())}>
      <td class="number">${time(exchange.received)}</td>
      <td><span class="status ${kind(exchange)}" title=${ENDINGS[exchange.ending] ?? exchange.error}>${status(exchange)}</span>
        ${ended(exchange) ? html`<span class="quiet end">${ended(exchange)}</span>` : nothing}</td>
      <td>${mark(breaches.filter(one => !isAdvice(one)), "broken", "mark")} ${mark(breaches.filter(isAdvice), "advice", "mark advice")}</td>
      <td><a href=${`#/calls/${exchange.number}?${query()}`} aria-current=${chosen ? "true" : nothing}
          @click=${event => event.stopPropagation()}>${title}</a>
        ${exchange.error ? html`<span class="quiet">${exchange.error}</span>` : nothing}
      </td>
      <td class="tenant">${exchange.tenant ?? ""}</td>
      <td class="parameters">${parameters.map(([name, value]) => html`<span><b>${name}</b> ${value}</span> `)}</td>
      <td class="number">${exchange.credits ?? ""}</td>
      <td class="number">${bytes(exchange.size)}</td>
      <td class="number">${duration(exchange.seconds)}</td>
    </tr>`;
}

function table(number) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="List of calls"
      @pointerenter=${event => event.pointerType === "mouse" && hold(true)} @pointerleave=${() => hold(false)}>
      <table class="calls">
        <thead><tr>
          <th scope="col">Time</th><th scope="col">Status</th><th scope="col">Rules</th><th scope="col">Operation</th><th scope="col">Caller</th>
          <th scope="col">Parameters</th><th scope="col">Credits</th><th scope="col">Sent</th><th scope="col">Took</th>
        </tr></thead>
        <tbody>${repeat(view.exchanges, one => one.number, one => row(one, one.number === number))}</tbody>
      </table>
    </div>`;
}

function pager() {
  const first = view.later + 1;
  const last = view.later + view.exchanges.length;
  return html`
    <nav class="pager" aria-label="Pages of calls">
      <button ?disabled=${!view.pages.length} @click=${() => turn(false)}>Newer</button>
      <span>${view.exchanges.length ? `${first.toLocaleString()} to ${last.toLocaleString()} of ${view.count.toLocaleString()}` : ""}</span>
      <button ?disabled=${last >= view.count} @click=${() => turn(true)}>Older</button>
      <a class="button" href=${address("journal.har", filter())} download="journal.har">Save as HAR</a>
    </nav>`;
}

/** Return the list, and the exchange with that number beside it, if one is chosen. */
export function calls(number) {
  return html`
    <div class=${number === null ? "list" : "list beside"}>
      <section class="overview" aria-labelledby="calls-title">
        <h1 id="calls-title">Calls ${view.isHeld && view.before === null && view.later ? html`<small class="quiet" aria-hidden="true">${counted(view.later, "newer one")}, once the pointer is off the list</small>` : nothing}</h1>
        ${filters()} ${view.exchanges.length ? [table(number), pager()] : empty()}
      </section>
      ${number === null ? nothing : detail(number)}
    </div>`;
}
