/** Sentences of the documents, in which `backticks` mark what is code. */

import { html } from "./lit.js";

/** Return `text` with what stands between backticks as code. */
export const prose = text =>
  String(text ?? "").split("`").map((part, index) => (index % 2 ? html`<code>${part}</code>` : part));
