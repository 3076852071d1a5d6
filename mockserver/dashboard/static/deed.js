/** A deed: something the user does to the server, which tells what came of it and can be undone. */

import { notify, refresh } from "./store.js";

async function told(work) {
  try {
    await work();
  } catch (error) {
    notify(error.message, { wrong: true });
  }
  await refresh();
}

/**
 * Carry `deed` out, say `text` of what came of it, and offer `undo`. Of several texts, the first says what was done.
 *
 * `undo` gets what came of the deed. It returns what else is to be said, or throws where nothing could be undone.
 */
export const act = (text, deed, undo = null) =>
  told(async () => {
    const origin = document.activeElement; // the button that was pressed
    const done = await deed();
    const [said, ...more] = [typeof text === "function" ? text(done) : text].flat();
    const takeBack = () => told(async () => {
      const remark = await undo(done);
      notify([`Undone: ${said}`, remark].filter(Boolean).join(" "));
    });
    notify([said, ...more].filter(Boolean).join(" "), { undo: undo && takeBack, origin });
  });
