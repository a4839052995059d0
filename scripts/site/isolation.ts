// Shared memory for hosts that send no headers, and visits without a network: both are the work of the
// site's own service worker.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where JupyterLite's service worker answers a request, once. */
const ANSWER = "n&&e.respondWith(n)";

/** See serviceWorker.js. */
const OURS = "answer(e,n)";

/**
 * Changes a site of JupyterLite so that its pages are cross-origin isolated, and can be kept.
 * @throws Error where JupyterLite's files are not what this was written for
 */
export function isolate(site: string): void {
  const worker = join(site, "service-worker.js");
  const text = readFileSync(worker, "utf8");
  if (text.split(ANSWER).length !== 2) {
    throw new Error(
      `${worker} does not answer by "${ANSWER}", once, as JupyterLite's did when this was written: ` +
        "see how it answers now, and mend scripts/site/isolation.ts.",
    );
  }
  const own = readFileSync(join(__dirname, "serviceWorker.js"), "utf8");
  writeFileSync(worker, `${text.replace(ANSWER, OURS)}\n${own}`);
  cpSync(join(__dirname, "page", "visit.js"), join(site, "visit.js"));
  for (const entry of readdirSync(site, { withFileTypes: true })) {
    const page = join(site, entry.name, "index.html");
    if (entry.isDirectory() && existsSync(page)) {
      const html = readFileSync(page, "utf8");
      if (html.includes("jupyter-config-data")) {
        const script =
          '<link rel="icon" href="../icon.svg" type="image/svg+xml">\n    <script src="../visit.js"></script>';
        writeFileSync(page, html.replace("<head>", `<head>\n    ${script}`));
      }
    }
  }
}
