/** Learn: the rules with their sources, the errors, and the documents. */

import { address } from "./api.js";
import { facts } from "./facts.js";
import { typed } from "./fields.js";
import { html, nothing, repeat } from "./lit.js";
import { prose } from "./prose.js";
import { go, place, query } from "./route.js";
import { sourceOf } from "./sources.js";
import { state } from "./store.js";
import { counted } from "./words.js";

const ASSURANCES = {
  seed: "the provider's own words, in the documents that this project began with",
  doc: "the provider's own words, in its other documents",
  protocol: "follows from a standard, such as HTTP",
  sister: "documented for a sister product",
  seen: "was observed",
  assumed: "our guess; never a failure",
};
const PARTS = [["documents", "Documents"], ["rules", "Rules"], ["errors", "Errors"], ["sources", "Sources"]];
const PAUSE = 150; // milliseconds after the last letter of a search
let typing = 0;

function narrow(name, value) {
  if (place() !== "learn") return; // the user has gone on
  const wanted = query();
  if (value) wanted.set(name, value);
  else wanted.delete(name);
  go("learn", wanted, { replacing: true });
}

function select(name, label, values) {
  const current = query().get(name) ?? "";
  return html`<label>${label}
    <select @change=${event => narrow(name, event.target.value)}>
      <option value="" .selected=${!current}>all</option>
      ${values.map(one => html`<option value=${one} .selected=${one === current}>${one}</option>`)}
    </select></label>`;
}

const holds = (one, text) => !text || JSON.stringify(Object.values(one)).toLowerCase().includes(text.toLowerCase());

function rules() {
  const wanted = Object.fromEntries(["provider", "subject", "level", "assurance", "search"].map(name => [name, query().get(name) ?? ""]));
  const found = state.providers
    .filter(one => !wanted.provider || one.name === wanted.provider)
    .flatMap(one => facts(one.name, "rules"))
    .filter(one => ["subject", "level", "assurance"].every(name => !wanted[name] || one[name] === wanted[name]) && holds(one, wanted.search))
    .sort((one, other) => (one.subject === "server") - (other.subject === "server")); // those about one's own code first
  return html`
    <section aria-labelledby="rules">
      <h2 id="rules" tabindex="-1">Rules</h2>
      <form class="filters" role="search" @submit=${event => event.preventDefault()}>
        <label>Search <input type="search" maxlength="200" name="search" .value=${typed("search", wanted.search)} @input=${event => {
          clearTimeout(typing);
          typing = setTimeout(() => narrow("search", event.target.value), PAUSE);
        }}></label>
        ${select("provider", "Provider", state.providers.map(one => one.name))}
        ${select("subject", "About", ["server", "client"])}
        ${select("level", "Level", ["must", "should", "may"])}
        ${select("assurance", "Assurance", Object.keys(ASSURANCES))}
      </form>
      <details><summary>How surely a rule is known</summary>
        <dl class="steps">${Object.entries(ASSURANCES).map(([name, words]) => html`<dt>${name}</dt><dd>${words}</dd>`)}</dl></details>
      <p class="quiet" role="status">${counted(found.length, "rule")}</p>
      ${repeat(found, one => one.id, one => html`
        <article class="rule" id=${one.id}>
          <p>${prose(one.text)}${one.observable ? nothing : html` <span class="quiet">(Nobody can see from outside whether it is kept.)</span>`}</p>
          <p class="quiet"><code>${one.id}</code> <span class="tag">${one.level}</span> <span class="tag">${one.assurance}</span>
            ${sourceOf(one.provider, one.source)}</p>
        </article>`)}
    </section>`;
}

/** Return a part of the page with a table for each provider; `rows` returns those of one. */
const byProvider = (id, title, columns, rows) => html`
  <section aria-labelledby=${id}>
    <h2 id=${id} tabindex="-1">${title}</h2>
    ${state.providers.map(provider => html`
      <h3>${provider.title}</h3>
      <div class="scroll" tabindex="0" role="region" aria-label=${`${title} of ${provider.title}`}><table>
        <thead><tr>${columns.map(one => html`<th scope="col">${one}</th>`)}</tr></thead>
        <tbody>${rows(provider)}</tbody>
      </table></div>`)}
  </section>`;

const errors = () => byProvider("errors", "Errors", ["Status", "Name", "Message", "Assurance", "Source"], ({ name: provider }) =>
  facts(provider, "errors").map(({ status, name, message, assurance, source }) => html`
    <tr><td>${status}</td><th scope="row">${name}</th><td>${prose(message)}</td><td>${assurance}</td><td>${sourceOf(provider, source)}</td></tr>`));

const sources = () => byProvider("sources", "Sources", ["Document", "Of", "What it gives"], ({ name: provider }) =>
  facts(provider, "sources").map(({ title, url, date, gives }) => html`
    <tr><th scope="row">${url ? html`<a href=${url} target="_blank" rel="noreferrer">${title}</a>` : title}</th>
      <td>${date}</td><td>${prose(gives)}</td></tr>`));

/** Lead to the heading with that id. Addresses of parts are those of places here, so the browser cannot. */
function lead(event, id) {
  event.preventDefault();
  const heading = document.getElementById(id);
  heading.scrollIntoView();
  heading.focus({ preventScroll: true });
}

/** Return the address of a rendered document, which leads back to here from where this place stands in its fragment. */
const withWayBack = document => `${document}${location.hash}`;

/** Return the page. */
export const learn = () => html`
  <h1>Learn</h1>
  <nav class="buttons" aria-label="On this page">
    ${PARTS.map(([id, title]) => html`<a class="button" href="#/learn" @click=${event => lead(event, id)}>${title}</a>`)}
  </nav>
  <section aria-labelledby="documents">
    <h2 id="documents" tabindex="-1">API documents</h2>
    <ul>
      ${state.providers.map(one => html`
        <li><a href=${withWayBack(address(`providers/${encodeURIComponent(one.name)}/docs`))}>${one.title}</a></li>`)}
      <li><a href=${withWayBack(address("docs"))}>The control API of this server</a></li>
    </ul>
  </section>
  ${rules()} ${errors()} ${sources()}`;
