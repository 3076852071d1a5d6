/** The banner that says what is not as usual, as long as it is so. */

import { chooseScenario, setClock, stopFault, stopScript, change } from "./actions.js";
import { html, nothing, repeat } from "./lit.js";
import { now, passed, state } from "./store.js";
import { counted, duration, word } from "./words.js";

const MOST = 6; // lines
const AHEAD = 60; // seconds by which the server's clock may differ from the browser's, unless somebody moved it

/** Return the seconds that `rule` has left, by the server's clock; null where it has no end. */
const seconds = ({ left: rest }) => (rest?.seconds == null ? null : rest.seconds - passed());

const isOn = rule => seconds(rule) === null || seconds(rule) > 0;

function left(rule) {
  const parts = [];
  if (rule.left?.count != null) parts.push(`${counted(rule.left.count, "time")} more`);
  if (seconds(rule) !== null) parts.push(`${duration(seconds(rule))} more`);
  return parts.length ? parts.join(", ") : "until it is stopped";
}

/** Return whom and what `rule` is about. */
const about = ({ match: { tenant, provider, operation, parameters } = {} }) =>
  [tenant ?? "everybody", provider, operation, ...Object.entries(parameters ?? {}).map(pair => pair.join(" "))].filter(Boolean).join(", ");

function limited(limits) {
  const parts = [];
  if (limits.concurrency !== undefined) parts.push(`${limits.concurrency} at a time`);
  if (limits.rate) parts.push(`${limits.rate.per_second} a second`);
  if (limits.ramp) parts.push(`${limits.ramp.start} at a time, and more later`);
  return parts.join(", ");
}

/** Return everything that is not as usual: what it is, and what ends it. */
function unusual() {
  const found = [];
  const { clock } = state;
  if (clock && clock.mode !== "real") {
    found.push({
      key: "speed",
      text: clock.mode === "frozen" ? html`The clock is <b>frozen</b>: who waits, waits.` : html`The clock runs <b>${clock.speed} times</b> as fast.`,
      stop: () => setClock({ mode: "real" }, "The clock runs as usual."),
    });
  }
  const ahead = Math.round((now() - Date.now()) / 1000);
  if (clock?.mode === "real" && Math.abs(ahead) > AHEAD) {
    found.push({
      key: "moment",
      text: html`The server's clock is <b>${duration(Math.abs(ahead))}</b> ${ahead > 0 ? "ahead" : "behind"}.`,
      stop: () => setClock({ mode: "real", now: new Date().toISOString() }, "The server's clock shows the time."),
    });
  }
  if (state.scenario) {
    found.push({ key: "scenario", text: html`Everybody is in the scenario <b>${state.scenario}</b>.`, stop: () => chooseScenario("", null) });
  }
  for (const rule of state.faults.filter(isOn)) {
    found.push({
      key: `fault ${rule.id}`,
      text: html`<b>${word(rule.fault)}</b> for ${about(rule)}: ${left(rule)}${rule.probability < 1 ? html`, with probability ${rule.probability}` : nothing}.`,
      stop: () => stopFault(rule),
    });
  }
  for (const tenant of state.tenants) {
    const { id, script, scenario } = tenant;
    if (scenario && scenario !== state.scenario) {
      const rules = (tenant.rules ?? []).filter(isOn).map(rule => `${word(rule.fault)}: ${left(rule)}`).join("; ");
      found.push({
        key: `scenario ${id}`,
        text: html`<b>${id}</b> is in the scenario <b>${scenario}</b>${rules ? ` (${rules})` : ""}.`,
        stop: () => chooseScenario(id, null),
      });
    }
    if (script.length) {
      found.push({
        key: `script ${id}`,
        text: html`The script of <b>${id}</b>, ${counted(script.length, "word")} left: ${script.slice(0, 5).map(word).join(", ")}${script.length > 5 ? " …" : ""}.`,
        stop: () => stopScript(tenant),
      });
    }
    if (Number(tenant.credits) === 0 && !scenario) {
      found.push({ key: `credits ${id}`, text: html`<b>${id}</b> has no credits.`, stop: () => change(id, { credits: "1000" }, `${id} has 1000 credits.`) });
    }
    if (tenant.state === "dormant" && !scenario) {
      found.push({ key: `state ${id}`, text: html`The account of <b>${id}</b> is dormant.`, stop: () => change(id, { state: "active" }, `The account of ${id} is active.`) });
    }
    if (tenant.latency && !scenario) {
      const time = tenant.latency === "documented" ? "as long as documented" : duration(tenant.latency);
      found.push({ key: `latency ${id}`, text: html`Pictures of <b>${id}</b> take ${time}.`, stop: () => change(id, { latency: null }, `Pictures of ${id} take as long as everybody's.`) });
    }
    if (tenant.limits && !scenario) {
      found.push({ key: `limits ${id}`, text: html`<b>${id}</b> is limited: ${limited(tenant.limits)}.`, stop: () => change(id, { limits: null }, `${id} has no limits.`) });
    }
  }
  return found;
}

/** Return the banner, or nothing where all is as usual. */
export function banner() {
  const found = unusual();
  if (!found.length) return nothing;
  return html`
    <aside class="banner" aria-label="Not as usual">
      <ul>
        ${repeat(found.slice(0, MOST), one => one.key, ({ text, stop }) => html`<li><span>${text}</span> <button @click=${stop}>Stop</button></li>`)}
        ${found.length > MOST ? html`<li>… and ${found.length - MOST} more</li>` : nothing}
      </ul>
    </aside>`;
}
