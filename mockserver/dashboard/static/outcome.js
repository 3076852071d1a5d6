/** What came of what was sent to try something. */

import { exchangeParts } from "./detail.js";
import { html, nothing } from "./lit.js";
import { kind, status } from "./words.js";

/** Return what is known of what was sent: nothing yet, that it is under way, or the exchange; `giveUp` ends the wait. */
export function outcome({ sending, failure, sent, asker }, giveUp) {
  const withSecret = text => text.replace(/"put the [\w ]+ here"/, () => JSON.stringify(asker.secret));
  const variable = asker?.isByKey ? "MATTEPROOF_API_KEY" : "MATTEPROOF_API_SECRET";
  return html`
    <div role="status">
      ${sending ? html`<p class="empty">Sent. Waiting for the answer … <button type="button" @click=${giveUp}>Give up</button></p>` : nothing}
      ${failure ? html`<p class="wrong">${failure}</p>` : nothing}
      ${sent
        ? html`<h2><span class="status ${kind(sent)}">${status(sent)}</span> ${sent.operation}</h2>
            <p class="quiet"><a href=${`#/calls/${sent.number}`}>Call ${sent.number}</a> in the list</p>`
        : nothing}
    </div>
    ${sent
      ? [exchangeParts(sent, { filled: withSecret, isTried: true }), html`<p class="quiet">Most of these read the secret from the environment variable
          <code>${variable}</code>; here it is <code>${asker.secret}</code>.</p>`]
      : nothing}`;
}
