/** Merges of three: what a deed changed goes back, and what others changed since stays. */

const DECIMALS = 12; // of credits, as many as the control API takes

/** Tell whether two values of JSON, both from the server, are the same. */
export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function units(credits) {
  const [whole, part = ""] = credits.split(".");
  return BigInt(whole + part.padEnd(DECIMALS, "0").slice(0, DECIMALS));
}

/** Return credits as a text with no more digits than they need, but with at least so many `decimals`. */
function written(amount, decimals = 0) {
  const digits = String(amount < 0n ? -amount : amount).padStart(DECIMALS + 1, "0");
  const part = digits.slice(-DECIMALS).replace(/0+$/, "").padEnd(decimals, "0");
  return (amount < 0n ? "-" : "") + digits.slice(0, -DECIMALS) + (part && `.${part}`);
}

/** Return the credits of a tenant without the deed between `before` and `after`, to the last digit: what it paid since is paid, and what others set since stays. */
function balance(before, after, now) {
  const paid = units(now.charged) - units(after.charged);
  if (units(now.credits) + paid !== units(after.credits)) return { credits: now.credits, stayed: ["credits"] };
  const left = units(before.credits) - paid;
  return { credits: left === units(before.credits) ? before.credits : written(left < 0n ? 0n : left), stayed: paid ? ["charges"] : [] };
}

/** Return each of the parts of `before` as it was, but those as they are `now` that are not as `after` the deed any more. */
function parts(before, after, now) {
  const values = {};
  const stayed = [];
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const isAsLeft = same(now[name], after[name]);
    const value = isAsLeft ? before[name] : now[name];
    if (value !== undefined) values[name] = value;
    if (!isAsLeft && !same(now[name], before[name])) stayed.push(name);
  }
  return { values, stayed };
}

/** Return the fields of `tenant` with these names. */
export const fields = (tenant, names) => Object.fromEntries(names.map(name => [name, tenant[name]]));

/**
 * Return the fields of a tenant with these `names` as they are without the deed between `before` and `after`, if it is `now` so.
 *
 * `stayed` has the names of those that others changed since. Settings are told apart, and credits are counted.
 */
export function merged(before, after, now, names) {
  const { values, stayed: changed } = parts(...[before, after, now].map(one => fields(one, names)));
  const stayed = changed.filter(name => name !== "credits" && name !== "settings");
  if (values.credits !== undefined) {
    const { credits, stayed: left } = balance(before, after, now);
    values.credits = credits;
    stayed.push(...left);
  }
  if (values.settings !== undefined) {
    const settings = parts(before.settings, after.settings, now.settings);
    values.settings = settings.values;
    stayed.push(...settings.stayed.map(name => `setting ${name}`));
  }
  return { values, stayed };
}

/** Return what has to be changed of `present` to give it the `values`; credits by a number, since some may be charged meanwhile. */
export function difference(values, present) {
  const { credits, ...changed } = Object.fromEntries(Object.entries(values).filter(([name, value]) => !same(value, present[name])));
  if (credits !== undefined) {
    const [, part = ""] = credits.split("."); // which the sum then has as well
    changed.credits_by = written(units(credits) - units(present.credits), part.length);
  }
  if (changed.settings) {
    const gone = Object.keys(present.settings).filter(name => !(name in values.settings));
    changed.settings = { ...Object.fromEntries(gone.map(name => [name, null])), ...changed.settings };
  }
  return changed;
}
