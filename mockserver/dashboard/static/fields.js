/** Fields that are filled in from what is known, but never while somebody types there. */

import { live, noChange } from "./lit.js";

/** Return `value` for the field with that name, unless the user is in it. */
export const typed = (name, value) => (document.activeElement?.name === name ? noChange : live(value));
