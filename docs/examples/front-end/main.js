import { decodeDelta } from "./delta.js";
import { Failure } from "./failure.js";
import * as pixian from "./pixian.js";
import * as xty from "./xty.js";

const form = document.querySelector("#form");
const field = form.elements;
const button = form.querySelector("button");
const said = document.querySelector("#status");
const pictures = document.querySelector("#pictures");
const sent = document.querySelector("#sent");
const canvas = document.querySelector("#received");
const download = document.querySelector("#download");
const table = document.querySelector("#headers");
const ENDINGS = { "image/jpeg": "jpeg", "image/png": "png" };

/** Shows the fields of the chosen provider, and no others; those that are not shown need no value. */
function choose() {
  for (const label of form.querySelectorAll("[data-for]")) {
    label.hidden = label.dataset.for !== field.provider.value;
    label.querySelector("input, select").disabled = label.hidden;
  }
}

function say(text, bad = false) {
  said.textContent = text;
  said.classList.toggle("bad", bad);
}

/** Waits some seconds of the mock's clock. At a provider there is no other than the real one. */
async function wait(seconds) {
  say(`Too many requests. Trying again in ${seconds} seconds.`);
  await new Promise((resolve) => setTimeout(resolve, (seconds * 1000) / field.speed.valueAsNumber));
  say("Trying again.");
}

async function answered(file) {
  const value = (name) => field[name].value.trim();
  const origin = value("origin").replace(/\/+$/, "");
  if (field.provider.value === "xty") return xty.cutOut({ origin, key: value("key") }, file, wait);
  const parameters = { "output.format": field.format.value, test: String(field.test.checked) };
  return pixian.cutOut({ origin, id: value("id"), secret: field.secret.value }, file, parameters, wait);
}

/** Shows the picture, which is that of a delta PNG if `input` is given. */
async function show(picture, input) {
  const whole = input ? await decodeDelta(input, picture) : await createImageBitmap(picture);
  [canvas.width, canvas.height] = [whole.width, whole.height];
  const context = canvas.getContext("2d");
  if (input) context.putImageData(whole, 0, 0);
  else context.drawImage(whole, 0, 0);
}

/** Makes `element` point at `blob`, and at no blob of before. */
function point(element, attribute, blob) {
  URL.revokeObjectURL(element[attribute]);
  element[attribute] = URL.createObjectURL(blob);
}

function list(fields) {
  table.tBodies[0].replaceChildren(
    ...fields.map(([name, value]) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      row.append(head);
      row.insertCell().textContent = value;
      return row;
    }),
  );
  table.hidden = fields.length === 0;
}

async function run() {
  pictures.hidden = table.hidden = true;
  button.disabled = true;
  say("Sent. Waiting for the picture.");
  const file = field.picture.files[0];
  const delta = field.provider.value === "pixian" && field.format.value === "delta_png";
  try {
    const { picture, fields } = await answered(file);
    await show(picture, delta ? file : undefined);
    point(sent, "src", file);
    point(download, "href", picture);
    download.textContent = delta ? "download the delta" : "download"; // as it came: viewers show hardly anything of it
    download.download = `${file.name.replace(/\.[^.]*$/, "")}-cut-out.${ENDINGS[picture.type] ?? "bin"}`;
    list(fields);
    pictures.hidden = false;
    say(`Done: ${canvas.width} x ${canvas.height} pixels, ${picture.size.toLocaleString("en")} bytes.`);
  } catch (error) {
    say(error instanceof Failure ? error.message : `The picture cannot be shown: ${error.message}`, true);
  } finally {
    button.disabled = false;
  }
}

field.provider.addEventListener("change", choose);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
choose();
