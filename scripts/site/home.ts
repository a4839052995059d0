import { basename } from "node:path";
import { escape as escapeHtml } from "html-escaper";
import { readNotebook, titleOf } from "../../runner/notebookFile";

/** The site's first page: a link to each lesson. The pages of JupyterLite read settings out of it. */
export function homePage(notebooks: readonly string[]): string {
  const links = notebooks.map((file) => {
    const path = encodeURIComponent(basename(file));
    return `      <li><a href="lab/index.html?path=${path}">${escapeHtml(titleOf(readNotebook(file)))}</a></li>`;
  });
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Karenina in the browser</title>
    <script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{}</script>
    <style>
      body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.5;
             font-family: system-ui, sans-serif; color: #1a1a1a; background: #fff; }
      a { color: #0b57a4; }
    </style>
  </head>
  <body>
    <h1>Karenina in the browser</h1>
    <p>Neural networks in TypeScript. Each lesson opens as a notebook that runs in this page: nothing is
      installed, and nothing that you type leaves your machine.</p>
    <ul>
${links.join("\n")}
    </ul>
    <p>What you change is kept in this browser, under this address. Training takes several times as long
      as with the course installed.</p>
  </body>
</html>
`;
}
