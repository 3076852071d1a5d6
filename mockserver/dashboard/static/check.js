/** What a schema says against a plain value, as far as a page can tell: enough to warn, and nothing to rely on. */

const LONGEST = 10_000; // letters of a text that is held against a pattern
const SHOWN = 80; // letters of a pattern

const ARE = {
  __proto__: null,
  string: value => typeof value === "string",
  number: value => typeof value === "number",
  integer: value => Number.isInteger(value),
  boolean: value => typeof value === "boolean",
  null: value => value === null,
  array: value => Array.isArray(value),
  object: value => typeof value === "object" && value !== null && !Array.isArray(value),
};
const READ = {
  __proto__: null,
  number: text => (/^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text),
  integer: text => (/^-?\d{1,18}$/.test(text) ? Number(text) : text),
  boolean: text => ({ __proto__: null, true: true, false: false }[text] ?? text),
};

/** Return the types that `schema` allows; none where it allows any. */
export const types = schema => [schema.type ?? []].flat();

/** Tell whether `value` is of a type that `schema` allows. */
export const isOfType = (schema, value) => !types(schema).length || types(schema).some(type => ARE[type]?.(value) ?? true);

/** Return what `text` in a form means to `schema`: forms have no other values than texts. */
function meant(schema, text) {
  for (const type of types(schema)) {
    const value = READ[type]?.(text) ?? text;
    if (value !== text) return value;
  }
  return text;
}

function matches(pattern, text) {
  if (text.length > LONGEST) return true;
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true; // no pattern of JavaScript
  }
}

const isOther = (one, value) => JSON.stringify(one) !== JSON.stringify(value);

const RULES = [
  ({ const: only }, value) => only !== undefined && isOther(only, value) && `it is not ${JSON.stringify(only)}`,
  ({ enum: choices }, value) => choices?.every(one => isOther(one, value)) && `it is none of ${choices.join(", ")}`,
  ({ minimum }, value) => value < minimum && `it is less than ${minimum}`,
  ({ maximum }, value) => value > maximum && `it is more than ${maximum}`,
  ({ exclusiveMinimum: bound }, value) => value <= bound && `it is not more than ${bound}`,
  ({ exclusiveMaximum: bound }, value) => value >= bound && `it is not less than ${bound}`,
];
const RULES_OF_TEXTS = [
  // A letter takes one or two places; to count those of a picture in base64 takes long.
  ({ minLength }, text) => text.length < 2 * minLength && [...text].length < minLength && `it has fewer than ${minLength.toLocaleString()} letters`,
  ({ maxLength }, text) => text.length > maxLength && [...text].length > maxLength && `it has more than ${maxLength.toLocaleString()} letters`,
  ({ pattern }, text) => pattern !== undefined && !matches(pattern, text) &&
    (pattern.length > SHOWN || pattern.includes("`") ? "it does not have the documented form" : `it does not match \`${pattern}\``),
];

/** Return what `schema` says against `value`, each in a clause. In a form, a text is what its letters mean. */
export function objections(schema, value, { isForm = false } = {}) {
  const known = isForm && typeof value === "string" ? meant(schema, value) : value;
  if (!isOfType(schema, known)) return [`it is no ${types(schema).join(" or ")}`];
  const numeric = typeof known === "number";
  const found = RULES.slice(0, numeric ? RULES.length : 2).map(rule => rule(schema, known));
  return [...found, ...(typeof known === "string" ? RULES_OF_TEXTS.map(rule => rule(schema, known)) : [])].filter(Boolean);
}
