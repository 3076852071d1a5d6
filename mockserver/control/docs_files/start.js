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
const nameOf = field =>
  Object.entries(NAMES).find(([selector]) => field.matches(selector))?.[1] ??
  field.closest("tr")?.querySelector(".parameter__name")?.firstChild?.textContent.trim();

function complete(root) {
  for (const field of root.querySelectorAll(":is(input, select, textarea):not([aria-label], [aria-labelledby])")) {
    if (field.labels?.length && !field.matches("select")) continue;
    const name = nameOf(field);
    if (name) field.setAttribute("aria-label", name);
  }
  for (const box of root.querySelectorAll("pre.microlight:not([tabindex])")) box.tabIndex = 0; // it scrolls
}

const root = document.getElementById("swagger-ui");
new MutationObserver(() => complete(root)).observe(root, { childList: true, subtree: true });

fetch("openapi.json").then(answer => answer.json()).then(spec => {
  SwaggerUIBundle({ spec, dom_id: "#swagger-ui", docExpansion: "list", tryItOutEnabled: true });
});
