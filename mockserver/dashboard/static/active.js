/** The banner that says what is not as usual, as long as it is so. */

import { setClock, stopFault, stopScript } from "./actions.js";
import { change } from "./change.js";
import { actAll } from "./deed.js";
import { setBy } from "./facts.js";
import { named } from "./faults.js";
import { html, nothing, repeat } from "./lit.js";
import { chooseScenario } from "./scenario.js";
import { passed, state } from "./store.js";
import { counted, duration } from "./words.js";

const MOST = 6; // lines
const NAMED = 3; // callers in a line
const AHEAD = 0.5; // seconds by which nobody has moved the clock on purpose
const FAR = 60; // seconds by which a clock that does not run as usual is told to be moved, too

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

/** Return what is not as usual with the clock. */
function timing() {
  const { clock } = state;
  if (!clock) return [];
  const { ahead, mode, speed } = clock;
  const distance = html`<b>${duration(Math.abs(ahead))}</b> ${ahead > 0 ? "ahead" : "behind"}`;
  if (mode !== "real") {
    const far = Math.abs(ahead) > FAR ? html`, ${distance}` : nothing;
    return [{
      key: "speed",
      text: mode === "frozen" ? html`The clock is <b>frozen</b>${far}: who waits, waits.` : html`The clock runs <b>${speed} times</b> as fast${far}.`,
      stop: () => setClock({ mode: "real", ahead: 0 }, "The clock runs as usual."),
    }];
  }
  if (Math.abs(ahead) <= AHEAD) return [];
  return [{
    key: "moment",
    text: html`The server's clock is ${distance}.`,
    stop: () => setClock({ mode: "real", ahead: 0 }, "The server's clock shows the time."),
  }];
}

/** Return what is left of the rules that a tenant has of its scenario, in words. */
const rest = rules => rules.filter(isOn).map(rule => `${named(rule.fault)}: ${left(rule)}`).join("; ");

/** Return what is left of the scenario that everybody is in: for each caller something else, of whom only some are told. */
function everybody() {
  if (!state.scenario) return [];
  const counting = state.tenants
    .filter(({ scenario }) => scenario === state.scenario)
    .map(({ id, rules }) => ({ id, rules: (rules ?? []).filter(rule => rule.left?.count != null || seconds(rule) !== null) }))
    .filter(({ rules }) => rules.some(isOn));
  const told = counting.slice(0, NAMED).map(({ id, rules }) => `${id}: ${rest(rules)}`);
  const more = counting.length - told.length;
  const words = [...told, ...(more ? [`and ${counted(more, "more caller")}`] : [])].join(", ");
  return [{
    key: "scenario",
    text: html`Everybody is in the scenario <b>${state.scenario}</b>${words ? ` (${words})` : ""}.`,
    stop: () => chooseScenario("", null),
  }];
}

/** Return which scenarios and scripts a tenant has of its own. */
function own(tenant) {
  const { id, script, scenario } = tenant;
  const found = [];
  if (scenario && scenario !== state.scenario) {
    const rules = rest(tenant.rules ?? []);
    found.push({
      key: `scenario ${id}`,
      text: html`<b>${id}</b> is in the scenario <b>${scenario}</b>${rules ? ` (${rules})` : ""}.`,
      stop: () => chooseScenario(id, null),
    });
  }
  if (script.length) {
    found.push({
      key: `script ${id}`,
      text: html`The script of <b>${id}</b>, ${counted(script.length, "word")} left: ${script.slice(0, 5).map(named).join(", ")}${script.length > 5 ? " …" : ""}.`,
      stop: () => stopScript(id),
    });
  }
  return found;
}

/** What may be set of an account: `of` returns how it is unusual, `text` says so of somebody, `usual` ends it. */
const SETTINGS = [
  {
    of: ({ credits }) => Number(credits) === 0 && "none",
    text: (who, has) => html`${who} ${has} no credits.`,
    usual: { credits: "1000" },
    said: (who, has) => `${who} ${has} 1000 credits.`,
  },
  {
    of: ({ state: account }) => account === "dormant" && account,
    text: who => html`The account of ${who} is dormant.`,
    usual: { state: "active" },
    said: who => `The account of ${who} is active.`,
  },
  {
    of: ({ latency }) => latency && (latency === "documented" ? "as long as documented" : duration(latency)),
    text: (who, has, how) => html`Pictures of ${who} take ${how}.`,
    usual: { latency: null },
    said: who => `Pictures of ${who} take as long as everybody's.`,
  },
  {
    of: ({ limits }) => limits && limited(limits),
    text: (who, has, how) => html`${who} ${has === "has" ? "is" : "are"} limited: ${how}.`,
    usual: { limits: null },
    said: (who, has) => `${who} ${has} no limits.`,
  },
];

/** Tell whether the field `name` of `tenant` is as its scenario has set it, which says so for itself. */
function isOfScenario(tenant, name) {
  if (!tenant.scenario) return false;
  const theirs = setBy(tenant.scenario);
  if (theirs === null) return true; // until that is known
  return name in theirs && (typeof theirs[name] === "object" || String(theirs[name]) === String(tenant[name]));
}

/** Return what was set of accounts, in one line for all of whom the same is so. */
function accounts() {
  return SETTINGS.flatMap(({ of, text, usual, said }, index) => {
    const alike = new Map();
    for (const tenant of state.tenants) {
      const how = of(tenant);
      if (how && !Object.keys(usual).some(name => isOfScenario(tenant, name))) alike.set(how, [...(alike.get(how) ?? []), tenant.id]);
    }
    return [...alike].map(([how, ids]) => ({
      key: `${index} ${how}`,
      text: ids.length === 1 ? text(html`<b>${ids[0]}</b>`, "has", how) : text(html`<b title=${ids.join(", ")}>${counted(ids.length, "caller")}</b>`, "have", how),
      stop: () => change(ids, usual, said),
    }));
  });
}

/** Return everything that is not as usual: what it is, and what ends it. */
const unusual = () => [
  ...timing(),
  ...everybody(),
  ...state.faults.filter(isOn).map(rule => ({
    key: `fault ${rule.id}`,
    text: html`<b>${named(rule.fault)}</b> for ${about(rule)}: ${left(rule)}${rule.probability < 1 ? html`, with probability ${rule.probability}` : nothing}.`,
    stop: () => stopFault(rule),
  })),
  ...state.tenants.flatMap(own),
  ...accounts(),
];

/** Return the banner, or nothing where all is as usual. */
export function banner() {
  const found = unusual();
  if (!found.length) return nothing;
  return html`
    <aside class="banner" aria-label="Not as usual">
      <ul>
        ${repeat(found.slice(0, MOST), one => one.key, ({ text, stop }) => html`<li><span>${text}</span> <button @click=${stop}>Stop</button></li>`)}
        ${found.length > 1
          ? html`<li><span>${found.length > MOST ? `… and ${found.length - MOST} more` : ""}</span> <button @click=${() => actAll("All of it is stopped.", found.map(({ stop }) => stop))}>Stop all</button></li>`
          : nothing}
      </ul>
    </aside>`;
}
