// Shows the document beside the page, whose first server is the one that the page came from; by night in the dark.

const night = matchMedia("(prefers-color-scheme: dark)");
const dress = () => document.documentElement.classList.toggle("dark-mode", night.matches);
night.addEventListener("change", dress);
dress();

// Fields for which Swagger UI has no name that is read aloud.
const NAMES = {
  ".servers select": "Server",
  ".examples-select-element": "Example",
  ".body-param__text": "Body of the request",
};
const EMPTY = ".parameter__empty_value_toggle input"; // all of them have one id, so that labels lead to the first
const nameOf = field =>
  Object.entries(NAMES).find(([selector]) => field.matches(selector))?.[1] ??
  (field.matches(EMPTY) ? "Send an empty value of " : "") + (field.closest("tr")?.querySelector(".parameter__name")?.firstChild?.textContent.trim() ?? "");

function complete(root) {
  for (const field of root.querySelectorAll(":is(input, select, textarea):not([aria-label], [aria-labelledby])")) {
    if (field.labels?.length && !field.matches(`select, ${EMPTY}`)) continue;
    const name = nameOf(field);
    if (name) field.setAttribute("aria-label", name);
  }
  for (const button of root.querySelectorAll(".close-modal:not([aria-label])")) button.ariaLabel = "Close";
  for (const box of root.querySelectorAll("pre.microlight:not([tabindex])")) box.tabIndex = 0; // it scrolls
}

const root = document.getElementById("swagger-ui");
new MutationObserver(() => complete(root)).observe(root, { childList: true, subtree: true });

if (location.hash.startsWith("#/")) document.querySelector(".back a").hash = location.hash; // where the user was there

// Not relative to the page's own address, which may hold a password, and then nothing can be fetched from it.
fetch(new URL("openapi.json", location.origin + location.pathname))
  .then(answer => (answer.ok ? answer.json() : Promise.reject(new Error(`The server answered ${answer.status}.`))))
  .then(spec => SwaggerUIBundle({ spec, dom_id: "#swagger-ui", docExpansion: "list", tryItOutEnabled: true }))
  .catch(error => {
    root.className = "failed";
    root.textContent = `The document cannot be shown. Is the mock server still running? (${error.message})`;
  });
