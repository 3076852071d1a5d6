/** What the page knows of the server, and who is told when that changes. */

import { follow, get } from "./api.js";

const CALM = 300; // milliseconds between two looks at a server on which much happens
const MOST_TENANTS = 200;

/** What is shown. `connected` is null until the server was heard for the first time. */
export const state = {
  connected: null,
  clock: null,
  clockSeen: 0,
  tenants: [],
  scenarios: [],
  scenario: null,
  faults: [],
  providers: [],
  notice: null,
};

let draw = () => {};
let drawing = false;
const listeners = new Set();

/** Have `view` called soon after each change, once however many there were. */
export function onDraw(view) {
  draw = view;
}

/** Change what is shown. */
export function update(changes = {}) {
  Object.assign(state, changes);
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    draw();
  });
}

/** Have `callback` called whenever something may have happened: not too often, and after the last time in any case. */
export function onNews(callback) {
  listeners.add(callback);
  return () => listeners.delete(callback);
}

/** Return `work` in a form that can be called at any rate: it is done at once, and then every CALM milliseconds. */
export function calmly(work) {
  let running = false;
  let again = false;
  return async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await work();
    } finally {
      setTimeout(() => {
        running = false;
        if (again) {
          again = false;
          run();
        }
      }, CALM);
    }
  };
}

/** Look at the server as a whole: clock, tenants, scenarios and faults. */
export async function refresh() {
  try {
    const [clock, { tenants }, { scenario, scenarios }, { faults }] = await Promise.all([
      get("clock"),
      get("tenants", { limit: MOST_TENANTS }),
      get("scenarios"),
      get("faults"),
    ]);
    update({ clock, clockSeen: performance.now(), tenants: tenants.reverse(), scenario, scenarios, faults });
  } catch (error) {
    if (error.status !== 0) notify(error.message, { wrong: true });
  }
}

/** Return what the server's clock shows now, in milliseconds since 1970. */
export function now() {
  const { clock, clockSeen } = state;
  if (!clock) return Date.now();
  const passed = clock.mode === "frozen" ? 0 : (performance.now() - clockSeen) * clock.speed;
  return Date.parse(clock.now) + passed;
}

/** Tell the user `text`, with a way to undo what was done, if there is one. */
export function notify(text, { wrong = false, undo = null } = {}) {
  update({ notice: { text, wrong, undo } });
}

/** Begin to follow the server. */
export function start() {
  const news = calmly(async () => {
    await Promise.all([refresh(), ...[...listeners].map(callback => callback())]);
  });
  follow(news, async connected => {
    const back = connected && !state.connected;
    update({ connected });
    if (!back) return;
    const { providers } = await get("providers").catch(() => ({ providers: state.providers }));
    update({ providers });
    news();
  });
  return news;
}
