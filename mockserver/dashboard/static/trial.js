/** Try it: send a picture with any parameters, and see what comes of it. */

import { onAgain, reading } from "./again.js";
import { get, ORIGIN } from "./api.js";
import { documentOf, fetchDocument, operationOf, resolve } from "./documents.js";
import { blank, filled, schemaForm } from "./form.js";
import { html, nothing } from "./lit.js";
import { outcome } from "./outcome.js";
import { go } from "./route.js";
import { base64, chosenOf, contents, journalled, message, NONE, parametersOf, ways } from "./sending.js";
import { notify, onAnew, state, update } from "./store.js";
import { judge } from "./verdicts.js";
import { bytes } from "./words.js";

const view = {
  provider: "", operation: "", mediaType: "", value: null, id: "", secret: "",
  file: null, data: "", reading: null, preview: "", way: "", number: null, sending: false, abort: null, sent: null, asker: null, failure: "",
};

function set(changes) {
  Object.assign(view, changes);
  update();
}

/** Return which credentials will do. */
function credentials({ by_key: byKey, credentials: form }) {
  if (!byKey) return "Any id and any secret will do.";
  return /^an? /.test(form) ? `Any ${form.replace(/^an? /, "")} will do.` : `Any will do, of the form: ${form}`;
}

const provider = () => state.providers.find(one => one.name === view.provider) ?? state.providers[0];

function enter(name, operationId) {
  const chosen = state.providers.find(one => one.name === name);
  const operation = chosen.operations.find(one => one.id === operationId) ?? chosen.operations[0];
  const caller = name === view.provider ? {} : chosen.example; // who has put in their own stays that one
  set({ provider: name, operation: operation?.id ?? "", mediaType: "", value: null, number: null, sent: null, failure: "", ...caller });
}

/** Fill the form with a request that was sent once. */
async function takeUp({ number, provider: name, operation: operationId, ...request }) {
  enter(name, operationId);
  go("try");
  const document = await fetchDocument(name);
  const { file = null, ...found } = await reading(document, operationOf(document, operationId), request);
  forget();
  emptyField();
  set({ ...found, number });
  if (file) choose(file);
  requestAnimationFrame(() => {
    scrollTo(0, 0);
    window.document.querySelector("#main").focus({ preventScroll: true });
  });
}

onAgain(request => takeUp(request).catch(error => notify(`The form is empty: ${error.message}`, { wrong: true })));

/** Return the kind of body that is to be sent, if there is any. */
function typeOf(document, operation) {
  const names = Object.keys(contents(document, operation));
  return names.includes(view.mediaType) ? view.mediaType : names[0];
}

/** Have the body sent as `mediaType`, with the chosen picture in it: what is shown is what is sent. */
function enterType(mediaType) {
  set({ mediaType });
  if (view.file) putIn();
}

/** Return the examples that the document has for the body. */
const examplesOf = (document, content) =>
  Object.values(content?.examples ?? {}).map(one => resolve(document, one)).filter(one => one.value);

/** Return what the form holds: what was filled in, or else, for JSON, the document's first example with the chosen picture. */
function valueNow(document, operation) {
  const type = typeOf(document, operation);
  if (view.value || !type?.includes("json")) return view.value ?? {};
  const content = contents(document, operation)[type];
  const fresh = structuredClone(examplesOf(document, content)[0]?.value ?? blank(document, content.schema));
  return (view.data && filled(document, content.schema, fresh, view.data)) || fresh;
}

/** Put the chosen picture into the JSON that is to be sent, where it may stand. */
async function putIn() {
  const document = documentOf(view.provider);
  const operation = operationOf(document, view.operation) ?? {};
  const type = typeOf(document, operation);
  if (!type?.includes("json")) return;
  if (!view.file) {
    notify("Choose a picture first.", { wrong: true });
    return;
  }
  await view.reading;
  if (operation.operationId !== view.operation) return; // the user has gone on
  const value = filled(document, contents(document, operation)[type].schema, valueNow(document, operation), view.data);
  if (value !== null) set({ value });
}

/** Take `file` in as a data: URL, unless another one is chosen meanwhile. */
async function read(file) {
  const data = await base64(file);
  if (view.file === file) set({ data });
}

/** Let go of the chosen picture. */
function forget() {
  if (view.preview) URL.revokeObjectURL(view.preview);
  set({ file: null, data: "", preview: "", reading: null });
}

/** Have the field for files show none: it would not take the one that it shows again. */
function emptyField() {
  const field = window.document.querySelector(".drop input[type=file]");
  if (field) field.value = "";
}

function choose(file) {
  if (!file) return;
  forget();
  set({ file, preview: URL.createObjectURL(file) });
  view.reading = read(file).catch(error => notify(`The picture cannot be read: ${error.message}`, { wrong: true }));
  putIn();
}

async function send(document, operation) {
  const asker = { isByKey: provider().by_key, secret: view.secret };
  const chosen = `${view.provider} ${view.operation}`;
  set({ sending: true, sent: null, failure: "" });
  try {
    await view.reading;
    const { exchanges } = await get("journal", { limit: 1 });
    const since = (exchanges.at(-1)?.number ?? -1) + 1;
    const value = valueNow(document, operation);
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(value[name] ?? ""));
    const called = provider().by_key ? view.secret : view.id;
    const asked = await message(document, operation, { ...view, value, mediaType: typeOf(document, operation) }, provider().by_key);
    let failure = "";
    let answer = null;
    try {
      view.abort = new AbortController();
      answer = await fetch(ORIGIN + path, { ...asked, cache: "no-store", credentials: "omit", redirect: "manual", signal: view.abort.signal });
      await answer.blob();
    } catch (error) {
      failure = error.name === "AbortError" ? "You gave up waiting." : `The browser says: ${error.message}. Your code would see the same.`;
    }
    set({ failure });
    const sent = await journalled(since, asked.method, decodeURIComponent(path), called);
    if (chosen === `${view.provider} ${view.operation}`) set({ sent, asker });
    judge([sent]);
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
        emptyField();
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
  const current = chosenOf(found, view.way)?.name ?? NONE;
  return html`
    <div class="choices" role="group" aria-label="How the picture is sent">
      ${[...found, { name: NONE, label: "not at all" }].map(({ name, label }) => html`
        <button type="button" aria-pressed=${String(name === current)} @click=${() => set({ way: name })}>${label}</button>`)}
    </div>`;
}

function body(document, operation) {
  const types = contents(document, operation);
  const type = typeOf(document, operation);
  if (!type) return nothing;
  const schema = resolve(document, types[type].schema);
  const json = type.includes("json");
  const examples = json ? examplesOf(document, types[type]) : [];
  return html`
    ${Object.keys(types).length > 1
      ? html`<p><label>Sent as <select @change=${event => enterType(event.target.value)}>
          ${Object.keys(types).map(name => html`<option .selected=${name === type}>${name}</option>`)}</select></label></p>`
      : nothing}
    ${dropzone()} ${json ? nothing : placing(document, schema)}
    ${examples.length > 1
      ? html`<p class="buttons">${examples.map(one => html`
          <button type="button" @click=${() => set({ value: structuredClone(one.value) })}>${one.summary ?? "Example"}</button>`)}</p>`
      : nothing}
    <div class="form">${schemaForm({
      document,
      schema: json ? schema : parametersOf(document, schema, view.way, Object.keys(view.value ?? {})),
      value: valueNow(document, operation),
      change: changed => set({ value: changed(valueNow(document, operation)) }),
      picture: putIn,
      isForm: !json,
    })}</div>`;
}

function pathFields(document, operation) {
  return (operation.parameters ?? []).filter(one => one.in === "path").map(({ name, description, schema }) => schemaForm({
    document,
    schema: { ...resolve(document, schema), description },
    value: view.value?.[name],
    change: changed => set({ value: { ...view.value, [name]: changed(view.value?.[name]) } }),
    isForm: true,
    name,
    path: `path-${name}`,
  }));
}

onAnew(() => set({ sent: null, number: null, failure: "" })); // the form stays

/** Return the page. */
export function trial() {
  if (!state.providers.length) return html`<h1>Try it</h1><p class="empty">Looking …</p>`;
  if (!state.providers.some(one => one.name === view.provider)) enter(state.providers[0].name); // at first, or where it is served no longer
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
      if (!view.sending && operation) send(document, operation);
    }}>
      <div class="field"><label for="operation">Operation</label><div>
        <select id="operation" @change=${event => enter(current.name, event.target.value)}>
          ${current.operations.map(one => html`
            <option value=${one.id} .selected=${one.id === view.operation}>${one.method} ${one.path}: ${one.summary}</option>`)}
        </select></div></div>
      ${current.by_key
        ? nothing
        : html`<div class="field"><label for="id">API id</label><div><input id="id" autocomplete="off" .value=${view.id} @change=${event => set({ id: event.target.value })}></div></div>`}
      <div class="field"><label for="secret">${current.by_key ? "API key" : "API secret"}</label><div>
        <input id="secret" autocomplete="off" .value=${view.secret} @change=${event => set({ secret: event.target.value })}>
        <p class="quiet">${credentials(current)}</p>
        ${view.number === null
          ? nothing
          : html`<p class="quiet">All below is as in <a href=${`#/calls/${view.number}`}>call ${view.number}</a>; to be the same caller,
              put your own in.</p>`}</div></div>
      ${operation ? [pathFields(document, operation), body(document, operation)] : html`<p class="quiet">Reading the document …</p>`}
      <p><button class="main" aria-disabled=${String(view.sending || !operation)}>Send</button></p>
    </form>
    ${outcome(view, () => view.abort?.abort())}`;
}
