// Shows the document beside the page, whose first server is the one that the page came from.
fetch("openapi.json").then(answer => answer.json()).then(spec => {
  SwaggerUIBundle({ spec, dom_id: "#swagger-ui", docExpansion: "list", tryItOutEnabled: true });
});
