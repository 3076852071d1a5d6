/** Copying to the clipboard, with a word that it is done. */

import { html } from "./lit.js";
import { notify, update } from "./store.js";

let copied = null; // the name of what was copied last

async function copy(text, name) {
  try {
    await navigator.clipboard.writeText(text);
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
