// Shared memory for hosts that send no headers: the site's own service worker adds them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where JupyterLite's service worker answers a request, once. */
const ANSWER = "n&&e.respondWith(n)";

const ISOLATED = `n&&e.respondWith(n.then(isolated))`;

/** https://developer.mozilla.org/docs/Web/API/Window/crossOriginIsolated */
const FUNCTION = `
function isolated(response) {
  if (response.type === "opaque" || response.type === "opaqueredirect" || response.status === 0) {
    return response;
  }
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  const empty = [101, 204, 205, 304].includes(response.status);
  const { status, statusText } = response;
  return new Response(empty ? null : response.body, { headers, status, statusText });
}
`;

/** Loads a page again, once, when the service worker can give it its headers. */
const RELOAD = `
// The first visit comes before the service worker, which lets later ones share memory with a kernel.
if (!self.crossOriginIsolated && navigator.serviceWorker && !sessionStorage.kareninaIsolated) {
  navigator.serviceWorker.ready.then(() => {
    sessionStorage.kareninaIsolated = "1";
    location.reload();
  });
}
`;

/**
 * Changes a site of JupyterLite so that its pages are cross-origin isolated.
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
  writeFileSync(worker, text.replace(ANSWER, ISOLATED) + FUNCTION);
  writeFileSync(join(site, "isolate.js"), RELOAD);
  for (const entry of readdirSync(site, { withFileTypes: true })) {
    const page = join(site, entry.name, "index.html");
    if (entry.isDirectory() && existsSync(page)) {
      const html = readFileSync(page, "utf8");
      if (html.includes("jupyter-config-data")) {
        const script = '<script src="../isolate.js"></script>';
        writeFileSync(page, html.replace("<head>", `<head>\n    ${script}`));
      }
    }
  }
}
