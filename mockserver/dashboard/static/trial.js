/** Try it: send a picture with any parameters, and see what comes of it. */

import { get, ORIGIN, tenantPath } from "./api.js";
import { exchangeParts } from "./detail.js";
import { documentOf, operationOf, resolve } from "./documents.js";
import { blank, filled, schemaForm } from "./form.js";
import { html, nothing } from "./lit.js";
import { prose } from "./prose.js";
import { notify, state, update } from "./store.js";
import { bytes, kind, status } from "./words.js";

const PATIENCE = 5; // seconds until the exchange is in the journal
const LOOKED_AT = 500; // exchanges among which it is looked for
const view = {
  provider: "", operation: "", mediaType: "", value: {}, id: "", secret: "",
  file: null, preview: "", way: "", sending: false, abort: null, sent: null, failure: "",
};

function set(changes) {
  Object.assign(view, changes);
  update();
}

const provider = () => state.providers.find(one => one.name === view.provider) ?? state.providers[0];

function enter(name, operationId) {
  const chosen = state.providers.find(one => one.name === name);
  const operation = chosen.operations.find(one => one.id === operationId) ?? chosen.operations[0];
  set({ provider: name, operation: operation.id, mediaType: "", value: {}, sent: null, failure: "", ...chosen.example });
}

/** Return what the request may hold: by media type, its schema and an example. */
const contents = (document, operation) => resolve(document, operation.requestBody).content ?? {};

/** Return the properties of a form's schema that may hold the picture, with how it gets there. */
function ways(document, schema) {
  return Object.entries(schema.properties ?? {})
    .map(([name, part]) => ({ name, part: resolve(document, part) }))
    .flatMap(({ name, part }) => {
      if (part.format === "binary") return [{ name, how: "file", label: "as a file" }];
      if (part.format === "byte") return [{ name, how: "base64", label: "as base64" }];
      if (part.format === "uri") return [{ name, how: "url", label: "by URL" }];
      return [];
    });
}

function base64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", () => failed(reader.error));
    reader.readAsDataURL(file);
  });
}

/** Put the chosen picture into the JSON that is to be sent, where it may stand. */
async function putIn() {
  const document = documentOf(view.provider);
  const types = contents(document, operationOf(document, view.operation) ?? {});
  const type = view.mediaType || Object.keys(types)[0];
  if (!type?.includes("json")) return;
  if (!view.file) {
    notify("Choose a picture first.", { wrong: true });
    return;
  }
  const url = await base64(view.file);
  const value = filled(document, types[type].schema, view.value, url);
  if (value !== null) set({ value });
}

function choose(file) {
  if (!file) return;
  if (view.preview) URL.revokeObjectURL(view.preview);
  set({ file, preview: URL.createObjectURL(file) });
  putIn();
}

/** Return the form's fields as they are sent, with the picture in its place. */
async function entries(document, schema) {
  const shown = parametersOf(document, schema).properties;
  const found = Object.entries(view.value).filter(([name]) => name in shown).map(([name, value]) => [name, String(value)]);
  const picked = ways(document, schema);
  const way = picked.find(one => one.name === view.way) ?? picked[0];
  if (!way || way.how === "url") return found;
  if (!view.file) throw new Error("Choose a picture, or send it by URL.");
  if (way.how === "file") return [...found, [way.name, view.file]];
  return [...found, [way.name, (await base64(view.file)).split(",", 2)[1]]];
}

async function message(document, operation) {
  const method = operation.method;
  const types = contents(document, operation);
  const headers = {};
  if (view.secret || view.id) {
    const basic = `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${view.id}:${view.secret}`)))}`;
    headers.Authorization = provider().by_key ? `Bearer ${view.secret}` : basic;
  }
  const type = view.mediaType || Object.keys(types)[0];
  if (!type) return { method, headers };
  const schema = resolve(document, types[type].schema);
  if (type.includes("json")) {
    headers["Content-Type"] = type;
    return { method, headers, body: JSON.stringify(view.value) };
  }
  const fields = await entries(document, schema);
  const body = type.includes("urlencoded") ? new URLSearchParams() : new FormData();
  for (const [name, value] of fields) body.append(name, value);
  return { method, headers, body };
}

/** Return the id of the tenant that the credentials in the form mean; nothing if they mean none. */
async function tenant() {
  try {
    return (await get(tenantPath(provider().by_key ? view.secret : view.id))).id;
  } catch {
    return "";
  }
}

/** Fetch the exchange that this page has just made: the caller's first from then on with the same method and path. */
async function journalled(since, method, path) {
  const who = await tenant();
  const end = performance.now() + PATIENCE * 1000;
  while (performance.now() < end) {
    const { exchanges } = await get("journal", { limit: LOOKED_AT });
    const own = exchanges.find(one => one.number >= since && one.method === method && one.path === path &&
      one.ending !== null && (!who || !one.tenant || one.tenant === who));
    if (own) return get(`journal/${own.number}`);
    await new Promise(done => setTimeout(done, 50));
  }
  throw new Error("The call was sent, and is not in the journal: it may have been forgotten already.");
}

async function send(document, operation) {
  set({ sending: true, sent: null, failure: "" });
  try {
    const { exchanges } = await get("journal", { limit: 1 });
    const since = (exchanges.at(-1)?.number ?? -1) + 1;
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(view.value[name] ?? ""));
    const asked = await message(document, operation);
    const began = performance.now();
    let failure = "";
    let answer = null;
    try {
      view.abort = new AbortController();
      answer = await fetch(ORIGIN + path, { ...asked, cache: "no-store", credentials: "omit", signal: view.abort.signal });
      await answer.blob();
    } catch (error) {
      failure = `The browser says: ${error.message}. Your code would see the same.`;
    }
    const seconds = (performance.now() - began) / 1000;
    set({ failure, seconds });
    set({ sent: await journalled(since, asked.method, decodeURIComponent(path)) });
  } catch (error) {
    set({ failure: [view.failure, error.message].filter(Boolean).join(" ") });
  } finally {
    set({ sending: false });
  }
}

function dropzone() {
  return html`
    <div class="drop" @dragover=${event => event.preventDefault()}
      @drop=${event => {
        event.preventDefault();
        choose(event.dataTransfer.files[0]);
      }}>
      ${view.preview ? html`<img class="preview" src=${view.preview} alt="The chosen picture; browsers may not show all kinds">` : nothing}
      <label>Picture: drop one here, or choose it
        <input type="file" accept="image/*" @change=${event => choose(event.target.files[0])}></label>
      ${view.file ? html`<span class="quiet">${view.file.name}, ${bytes(view.file.size)}</span>` : nothing}
    </div>`;
}

function placing(document, schema) {
  const found = ways(document, schema);
  if (found.length < 2) return nothing;
  const current = found.some(one => one.name === view.way) ? view.way : found[0].name;
  return html`
    <div class="choices" role="group" aria-label="How the picture is sent">
      ${found.map(({ name, label }) => html`
        <button type="button" aria-pressed=${String(name === current)} @click=${() => set({ way: name })}>${label}</button>`)}
    </div>`;
}

/** Return `schema` without the fields that are filled in otherwise: the picture's. */
function parametersOf(document, schema) {
  const found = ways(document, schema);
  const way = found.find(one => one.name === view.way) ?? found[0];
  const gone = new Set(found.filter(one => one.how !== "url" || one !== way).map(one => one.name));
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !gone.has(name)));
  return { type: "object", properties, required: schema.required };
}

function body(document, operation) {
  const types = contents(document, operation);
  const names = Object.keys(types);
  if (!names.length) return nothing;
  const type = names.includes(view.mediaType) ? view.mediaType : names[0];
  const schema = resolve(document, types[type].schema);
  const json = type.includes("json");
  const examples = Object.values(types[type].examples ?? {}).map(one => resolve(document, one)).filter(one => one.value);
  const fields = json ? schema : parametersOf(document, schema);
  if (json && !Object.keys(view.value).length) view.value = structuredClone(examples[0]?.value ?? blank(document, schema));
  return html`
    ${names.length > 1
      ? html`<p><label>Sent as <select @change=${event => set({ mediaType: event.target.value })}>
          ${names.map(name => html`<option ?selected=${name === type}>${name}</option>`)}</select></label></p>`
      : nothing}
    ${dropzone()} ${json ? nothing : placing(document, schema)}
    ${json && examples.length > 1
      ? html`<p class="buttons">${examples.map(one => html`
          <button type="button" @click=${() => set({ value: structuredClone(one.value) })}>${one.summary ?? "Example"}</button>`)}</p>`
      : nothing}
    <div class="form">${schemaForm(document, fields, view.value, value => set({ value }), { picture: putIn })}</div>`;
}

function pathFields(operation) {
  const declared = (operation.parameters ?? []).filter(one => one.in === "path");
  return declared.map(({ name, description }) => html`
    <div class="field"><label for=${`path-${name}`}>${name}</label><div>
      <input id=${`path-${name}`} .value=${view.value[name] ?? ""} @change=${event => set({ value: { ...view.value, [name]: event.target.value } })}>
      <p class="quiet">${prose(description)}</p></div></div>`);
}

function outcome() {
  if (view.sending) return html`<p class="empty" role="status">Sent. Waiting for the answer …
    <button type="button" @click=${() => view.abort?.abort()}>Give up</button></p>`;
  const withSecret = text => text.replace(/"put the [\w ]+ here"/, () => JSON.stringify(view.secret));
  const variable = provider().by_key ? "MATTEPROOF_API_KEY" : "MATTEPROOF_API_SECRET";
  return html`
    <div role="status">
      ${view.failure ? html`<p class="wrong">${view.failure}</p>` : nothing}
      ${view.sent
        ? html`<h2><span class="status ${kind(view.sent)}">${status(view.sent)}</span> ${view.sent.operation}</h2>
            <p class="quiet"><a href=${`#/calls/${view.sent.number}`}>Call ${view.sent.number}</a> in the list</p>`
        : nothing}
    </div>
    ${view.sent
      ? [exchangeParts(view.sent, withSecret), html`<p class="quiet">Most of these read the secret from the environment variable
          <code>${variable}</code>; here it is <code>${view.secret}</code>.</p>`]
      : nothing}`;
}

/** Return the page. */
export function trial() {
  if (!state.providers.length) return html`<h1>Try it</h1><p class="empty">Looking …</p>`;
  if (!view.provider) enter(state.providers[0].name);
  const current = provider();
  const document = documentOf(current.name);
  const operation = operationOf(document, view.operation);
  return html`
    <h1>Try it</h1>
    <div class="choices" role="group" aria-label="Provider">
      ${state.providers.map(one => html`
        <button aria-pressed=${String(one === current)} @click=${() => enter(one.name)}>${one.title}</button>`)}
    </div>
    <form @submit=${event => {
      event.preventDefault();
      send(document, operation);
    }}>
      <div class="field"><label for="operation">Operation</label><div>
        <select id="operation" @change=${event => enter(current.name, event.target.value)}>
          ${current.operations.map(one => html`
            <option value=${one.id} ?selected=${one.id === view.operation}>${one.method} ${one.path}: ${one.summary}</option>`)}
        </select></div></div>
      ${current.by_key
        ? nothing
        : html`<div class="field"><label for="id">API id</label><div><input id="id" autocomplete="off" .value=${view.id} @change=${event => set({ id: event.target.value })}></div></div>`}
      <div class="field"><label for="secret">${current.by_key ? "API key" : "API secret"}</label><div>
        <input id="secret" autocomplete="off" .value=${view.secret} @change=${event => set({ secret: event.target.value })}>
        <p class="quiet">Any will do, of the form: ${current.credentials}</p></div></div>
      ${operation ? [pathFields(operation), body(document, operation)] : html`<p class="quiet">Reading the document …</p>`}
      <p><button class="main" ?disabled=${view.sending || !operation}>Send</button></p>
    </form>
    ${outcome()}`;
}
