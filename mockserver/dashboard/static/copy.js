/** Copying to the clipboard, with a word that it is done. */

import { html } from "./lit.js";
import { notify, update } from "./store.js";

let copied = null; // the name of what was copied last

/** Copy `text` where there is no clipboard: at addresses that are neither this machine's nor HTTPS. */
function copyBySelection(text) {
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  before?.focus();
  if (!done) throw new Error("copying is not allowed");
}

async function copy(text, name) {
  try {
    await (navigator.clipboard ? navigator.clipboard.writeText(text) : copyBySelection(text));
    copied = name;
    update();
  } catch {
    notify("The browser does not let this page copy. Select the text and copy it by hand.", { wrong: true });
  }
}

/** Return a button that copies `text`; `name` tells it from the others. */
export const copyButton = (text, name, label = "Copy") => html`
  <button type="button" class="copy" @click=${() => copy(text, name)}>
    <span aria-live="polite">${copied === name ? "Copied" : label}</span>
  </button>`;
