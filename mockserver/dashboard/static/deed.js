/** A deed: something the user does to the server, which tells what came of it and can be undone. */

import { notify, refresh } from "./store.js";

/** Say what came of `work`, or why nothing did; return that: its `text`, whether it is `wrong`, and what would `undo` it. */
async function told(work) {
  let came;
  try {
    came = { wrong: false, undo: null, origin: null, ...(await work()) };
  } catch (error) {
    came = { text: error.message, wrong: true, undo: null, origin: null };
  }
  notify(came.text, came);
  await refresh();
  requestAnimationFrame(() => requestAnimationFrame(() => {
    // Whoever pressed a button that is gone since goes on from where it was.
    if (document.activeElement === document.body) document.querySelector("#main").focus({ preventScroll: true });
  }));
  return came;
}

/**
 * Carry `deed` out, say `text` of what came of it, and offer `undo`. Of several texts, the first says what was done.
 *
 * `undo` gets what came of the deed. It returns what else is to be said, or throws where nothing could be undone.
 */
export function act(text, deed, undo = null) {
  const origin = document.activeElement; // the button that was pressed
  return told(async () => {
    const done = await deed();
    const [said, ...more] = [typeof text === "function" ? text(done) : text].flat();
    const takeBack = () => told(async () => {
      const remark = await undo(done);
      return { text: [`Undone: ${said}`, remark].filter(Boolean).join(" ") };
    });
    return { text: [said, ...more].filter(Boolean).join(" "), undo: undo && takeBack, origin };
  });
}

/** Do all of `deeds`, one after the other, and say in the end what came of them, `fine` where all went well. Return all of that. */
async function inTurn(deeds, fine, undo = null) {
  const came = [];
  for (const deed of deeds) {
    notify("Working …");
    came.push(await deed());
  }
  const wrong = came.filter(one => one.wrong).map(({ text }) => text);
  notify(wrong.join(" ") || fine, { wrong: wrong.length > 0, undo: undo?.(came) });
  return came;
}

/** Do all of `deeds`, and say `text` of them. To undo that undoes each, the last one first. */
export function actAll(text, deeds) {
  return inTurn(deeds, text, came => {
    const undos = came.map(({ undo }) => undo).filter(Boolean).reverse();
    return undos.length ? () => inTurn(undos, `Undone: ${text}`) : null;
  });
}
