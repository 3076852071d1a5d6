/** What happens next: scenarios, faults, credits, limits and time, each with one click. */

import { account } from "./account.js";
import { advance, misbehave, reset, setClock } from "./actions.js";
import { get, tenantPath } from "./api.js";
import { callerOptions } from "./callers.js";
import { documentedErrors } from "./errors.js";
import { isThere } from "./facts.js";
import { FAULTS } from "./faults.js";
import { html, nothing } from "./lit.js";
import { forget, go, place, query } from "./route.js";
import { chooseScenario } from "./scenario.js";
import { notify, now, refresh, state, update } from "./store.js";

const COUNTS = [
  { label: "next request", count: 1 },
  { label: "next 2", count: 2 },
  { label: "next 3", count: 3 },
  { label: "next 5", count: 5 },
  { label: "all, until stopped", count: null },
];
const STEPS = [
  { label: "+1 s", seconds: 1, words: "a second" },
  { label: "+1 min", seconds: 60, words: "a minute" },
  { label: "+1 h", seconds: 3600, words: "an hour" },
];
const SPEEDS = [1, 10, 60];

let count = 1; // requests that meet the next fault; null for all

/** Return for whom things are to happen: the id of a caller, or nothing for everybody. */
const target = () => query().get("tenant") ?? "";

/** Have things happen for that caller from now on, unless the user has gone on to another place. */
function choose(tenant) {
  if (place() !== "next") return;
  go("next", new URLSearchParams(tenant ? { tenant } : {}), { replacing: true });
  update();
}

/** Return the tenant with that id, or nothing while it is not known. */
const tenantOf = id => state.tenants.find(one => one.id === id);

/** Have the caller that is `called` so, by its id or its credentials, be the chosen one, unless the user has gone on. */
export async function meet(called) {
  const before = target();
  if (!called || (called === before && tenantOf(called))) return;
  try {
    const found = tenantOf(called) ?? (await get(tenantPath(called)));
    if (!tenantOf(found.id)) update({ tenants: [...state.tenants, found] });
    if (target() === before) choose(found.id);
  } catch (error) {
    notify(error.message, { wrong: true });
    if (target() === before && called === before) choose("");
  }
  refresh();
}

/** Begin everything anew, for everybody. */
async function resetAll() {
  if (!confirm("Forget all callers, faults and calls?")) return;
  forget();
  choose("");
  await reset("");
}

function forWhom(tenant) {
  return html`
    <section>
      <h2>For whom</h2>
      <p><label>Caller
        <select @change=${event => choose(event.target.value)}>
          ${callerOptions(tenant)}
        </select></label>
      </p>
      <form class="inline" @submit=${event => {
        event.preventDefault();
        const field = event.target.elements.newcomer;
        meet(field.value.trim());
        field.value = "";
      }}>
        <label>Another, before its first request <input name="newcomer" required maxlength="300" autocomplete="off"
          placeholder="an API id, or a key"></label>
        <button>Add</button>
      </form>
    </section>`;
}

function scenarios(tenant) {
  const active = tenant ? tenantOf(tenant).scenario : state.scenario;
  return html`
    <section>
      <h2>Scenarios</h2>
      <p class="quiet">A named set of settings and faults. It begins with a caller that is as new.</p>
      <ul class="cards">
        ${state.scenarios.map(({ name, description }) => html`
          <li><button aria-pressed=${String(name === active)} @click=${() => chooseScenario(tenant, name === active ? null : name)}>
            <strong>${name}</strong><span>${description}</span></button></li>`)}
      </ul>
    </section>`;
}

function faults(tenant) {
  const arm = (fault, words, provider = "") => misbehave({ tenant, provider }, fault, count, words);
  return html`
    <section>
      <h2>Faults</h2>
      <div class="choices" role="group" aria-label="How often">
        ${COUNTS.map(one => html`
          <button aria-pressed=${String(one.count === count)} @click=${() => {
            count = one.count;
            update();
          }}>${one.label}</button>`)}
      </div>
      ${FAULTS.map(({ title, hint, faults: group }) => html`
        <h3>${title}</h3>
        ${hint ? html`<p class="quiet">${hint}</p>` : nothing}
        <div class="buttons">${group.map(({ label, fault }) => html`<button @click=${() => arm(fault, label)}>${label}</button>`)}</div>`)}
      ${documentedErrors(arm)}
    </section>`;
}

function clock() {
  const { mode, speed } = state.clock ?? { mode: "real", speed: 1 };
  return html`
    <section>
      <h2>Time</h2>
      <p>The server's clock shows <time>${new Date(now()).toISOString().slice(0, 19).replace("T", " ")}</time> UTC.</p>
      <div class="buttons">
        ${mode === "frozen"
          ? html`<button @click=${() => setClock({ mode: "real" }, "The clock runs.")}>Let it run</button>`
          : html`<button @click=${() => setClock({ mode: "frozen" }, "The clock is frozen.")}>Freeze</button>`}
        ${STEPS.map(({ label, seconds, words }) => html`
          <button @click=${() => advance(seconds, `The clock went forward by ${words}.`)}>${label}</button>`)}
        ${SPEEDS.map(one => html`
          <button aria-pressed=${String(mode !== "frozen" && speed === one)}
            @click=${() => setClock(one === 1 ? { mode: "real" } : { mode: "scaled", speed: one }, `The clock runs at speed ${one}.`)}>×${one}</button>`)}
      </div>
    </section>`;
}

function afresh(tenant) {
  return html`
    <section>
      <h2>Afresh</h2>
      <div class="buttons">
        ${tenant ? html`<button @click=${() => reset(tenant)}>Reset ${tenant}</button>` : nothing}
        <button class="danger" @click=${resetAll}>Reset everything</button>
      </div>
    </section>`;
}

/** Tell whether all is known that the page is made of: what would be drawn later would move what one is about to click. */
const isKnown = tenant => state.clock !== null && (!tenant || tenantOf(tenant)) && state.providers.every(one => isThere(one.name, "errors"));

/** Return the page. Its buttons are for the caller that it shows, whatever the address is by the time of the click. */
export function next() {
  const tenant = target();
  return html`
    <h1>What happens next</h1>
    <p>Your code stays as it is: click, and the next request meets it.</p>
    ${isKnown(tenant)
      ? [forWhom(tenant), faults(tenant), scenarios(tenant), account(tenant), clock(), afresh(tenant)]
      : html`<p class="empty">Looking …</p>`}`;
}
