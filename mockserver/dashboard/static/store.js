/** What the page knows of the server, and who is told when that changes. */

import { follow, get, tenantPath } from "./api.js";
import { place, query } from "./route.js";

const CALM = 300; // milliseconds between two looks at a server on which much happens
const RETRY = 2000; // milliseconds
const OFTEN = 3000; // milliseconds after which to look anyhow: others may have changed something
const PRESS = 1000; // milliseconds: longer than a click takes

/** How many tenants the page lists, those that were used last; there may be more. */
export const MOST_TENANTS = 200;

/** What is shown. `connected` is null until the server was heard for the first time; `run` is which start of it, after how many `restarts`. */
export const state = {
  connected: null,
  run: null,
  restarts: 0,
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
let due = 0; // which animation frame is to draw; 0 for none
let pressed = -PRESS; // since when somebody presses a button of the mouse, or the screen
let looks = 0;
let latest = 0;
const listeners = new Set();
const forgetters = new Set();

/** Have `view` called soon after each change, once however many there were. */
export function onDraw(view) {
  draw = view;
}

/** Change what is shown. */
export function update(changes = {}) {
  Object.assign(state, changes);
  due ||= requestAnimationFrame(frame);
}

/** Have nothing move while somebody presses, as where `isPressed`: what they press has to be there still when they let go. */
export function press(isPressed) {
  pressed = isPressed ? performance.now() : -PRESS;
}

function frame() {
  if (performance.now() < pressed + PRESS) due = requestAnimationFrame(frame);
  else catchUp();
}

/** Draw at once what is to be drawn, if anything is. */
export function catchUp() {
  if (!due) return;
  cancelAnimationFrame(due);
  due = 0;
  draw();
}

/** Have `callback` called whenever something may have happened: not too often, and after the last time in any case. */
export function onNews(callback) {
  listeners.add(callback);
}

/** Have `callback` called when the server was started anew: what is known of the calls before is true of none now. */
export function onAnew(callback) {
  forgetters.add(callback);
}

/** Return `work` in a form that can be called at any rate: it is done at once, and then every CALM milliseconds. */
function calmly(work) {
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

/** Return the caller that is chosen in the address, if it is not among `tenants`, in a list. */
async function chosenBesides(tenants) {
  const id = place() === "next" ? query().get("tenant") : "";
  if (!id || tenants.some(one => one.id === id)) return [];
  try {
    const found = await get(tenantPath(id));
    return tenants.some(one => one.id === found.id) ? [] : [found];
  } catch {
    return []; // whoever chose it is told
  }
}

/** Look at the server as a whole: clock, tenants, scenarios and faults. */
export async function refresh() {
  const look = (looks += 1);
  try {
    const [clock, { tenants }, { scenario, scenarios }, { faults }] = await Promise.all([
      get("clock"),
      get("tenants", { limit: MOST_TENANTS }),
      get("scenarios"),
      get("faults"),
    ]);
    const besides = await chosenBesides(tenants);
    if (look < latest) return; // a later look was quicker
    latest = look;
    update({ clock, clockSeen: performance.now(), tenants: [...tenants.reverse(), ...besides], scenario, scenarios, faults });
  } catch (error) {
    if (error.status !== 0) notify(error.message, { wrong: true });
  }
}

/** Return how many seconds of the server's clock have passed since it was looked at. */
export function passed() {
  const { clock, clockSeen } = state;
  return !clock || clock.mode === "frozen" ? 0 : ((performance.now() - clockSeen) / 1000) * clock.speed;
}

/** Return what the server's clock shows now, in milliseconds since 1970. */
export const now = () => (state.clock ? Date.parse(state.clock.now) + passed() * 1000 : Date.now());

/** Tell the user `text`, with a way to undo what was done, if there is one, and the `origin`: who had the focus then. */
export function notify(text, { wrong = false, undo = null, origin = null } = {}) {
  update({ notice: { text, wrong, undo, origin } });
}

/** Learn who is there. A server that was started anew counts from 0 again: nothing that is known here is true of it. */
async function meet() {
  const [{ run }, { providers }] = await Promise.all([get("health"), get("providers")]);
  const isAnew = state.run !== null && state.run !== run;
  update({ run, providers });
  if (!isAnew) return;
  update({ restarts: state.restarts + 1, clock: null, tenants: [], scenarios: [], scenario: null, faults: [] });
  for (const forget of forgetters) forget();
  notify("The server was started anew: the calls before are gone.");
}

/** Begin to follow the server. */
export function start() {
  const news = calmly(async () => {
    await Promise.all([refresh(), ...[...listeners].map(callback => callback())]);
  });
  let greeting = false;
  let retry = 0;
  const greet = async () => {
    if (greeting) return;
    clearTimeout(retry);
    greeting = true;
    try {
      await meet();
      update({ connected: true });
      news();
    } catch {
      retry = setTimeout(greet, RETRY);
    } finally {
      greeting = false;
    }
  };
  follow(news, heard => {
    if (heard) greet(); // every time: it may have been started anew, and something was missed meanwhile
    else update({ connected: false });
  });
  setInterval(() => !document.hidden && state.connected && news(), OFTEN);
}
