/** Credits, limits and processing time, of one caller or of all. */

import { change } from "./change.js";
import { typed } from "./fields.js";
import { html, keyed } from "./lit.js";
import { same } from "./merge.js";
import { MOST_TENANTS, state } from "./store.js";
import { counted } from "./words.js";

const FULL = "1000";
const LIMITS = [
  { label: "none", limits: null, said: (who, has) => `${who} ${has} no limits.` },
  { label: "1 at a time", limits: { concurrency: 1 }, said: who => `${who} may send one request at a time.` },
  { label: "5 at a time", limits: { concurrency: 5 }, said: who => `${who} may send 5 requests at a time.` },
  { label: "1 a second", limits: { rate: { per_second: 1, burst: 1 } }, said: who => `${who} may send a request a second.` },
];
const TIMES = [
  { label: "none", latency: 0 },
  { label: "as documented", latency: "documented" },
  { label: "30 s", latency: 30 },
  { label: "170 s", latency: 170 },
];

const credits = amount => (who, has) => `${who} ${has} ${amount === "0" ? "no" : amount} credits.`;

/** Credits that somebody has typed and not set yet, and for whom: they stay, whatever happens meanwhile. */
const draft = { target: null, credits: null };

/** Return the value that the field `name` has in all of `tenants`; nothing where they differ. */
function common(tenants, name) {
  const [first, ...others] = tenants.map(one => one[name]);
  return others.every(one => same(one, first)) ? first : undefined;
}

function whom(target, count) {
  if (target) return html`Those of <b>${target}</b>.`;
  const all = count < MOST_TENANTS ? counted(count, "caller") : `callers, ${MOST_TENANTS} or more,`;
  return html`Those of ${count === 1 ? "" : "all "}<b>${all}</b> known so far, each of which has an account of its own.
    Who comes later is as usual.`;
}

const nobody = () => html`
  <section>
    <h2>Credits, limits, processing time</h2>
    <p class="quiet">Nobody has called yet. Send a request, or add a caller above before its first one;
      then these can be set here, for each caller or for all.</p>
  </section>`;

/** Return the section for the tenant with that id, or for everybody. */
export function account(target) {
  const tenants = state.tenants.filter(one => !target || one.id === target);
  if (!target && !tenants.length) return nobody();
  const set = (changes, said) => {
    if ("credits" in changes) draft.credits = null;
    return change(target ? [target] : null, changes, said);
  };
  const typedCredits = draft.target === target ? draft.credits : null;
  const amount = common(tenants, "credits");
  return html`
    <section>
      <h2>Credits, limits, processing time</h2>
      <p class="quiet">${whom(target, tenants.length)}</p>
      <h3>Credits</h3>
      ${keyed(target, html`
        <form class="inline" @submit=${event => {
          event.preventDefault();
          const value = new FormData(event.target).get("credits").trim();
          set({ credits: value }, credits(value));
        }}>
          <label>Credits of ${target || "everybody"} <input name="credits" title="a number such as 12.5" inputmode="decimal" pattern="[0-9]+([.][0-9]+)?" required size="10"
            placeholder=${amount === undefined ? "various" : ""} .value=${typedCredits ?? typed("credits", amount ?? "")}
            @input=${event => Object.assign(draft, { target, credits: event.target.value })}></label>
          <button>Set</button>
          <button type="button" @click=${() => set({ credits: "0" }, credits("0"))}>Drain</button>
          <button type="button" @click=${() => set({ credits: FULL }, credits(FULL))}>Refill</button>
        </form>`)}
      <h3 id="limits">Limits</h3>
      <div class="buttons" role="group" aria-labelledby="limits">
        ${LIMITS.map(({ label, limits, said }) => html`
          <button aria-pressed=${String(same(common(tenants, "limits"), limits))} @click=${() => set({ limits }, said)}>${label}</button>`)}
      </div>
      <h3 id="processing">Processing time</h3>
      <div class="buttons" role="group" aria-labelledby="processing">
        ${TIMES.map(({ label, latency }) => html`
          <button aria-pressed=${String(common(tenants, "latency") === latency)}
            @click=${() => set({ latency }, who => `Pictures of ${who} take: ${label}.`)}>${label}</button>`)}
      </div>
    </section>`;
}
