// Appended to JupyterLite's service worker (see isolation.ts): headers that isolate pages, and a copy of
// the site for visits without a network.

/** Of several sites of one address, each has its own. */
const KEPT = `karenina site ${new URL("./", self.location.href).pathname} `;

/** Lab asks where a path in an output leads to, of which a host of static files knows nothing. */
const NOWHERE = { resolved: [], unresolved: [] };

/**
 * Answers a request.
 * @param {FetchEvent} event
 * @param {Promise<Response> | null} coming what JupyterLite answers; null where it leaves that to the browser
 */
function answer(event, coming) {
  const { request } = event;
  const url = new URL(request.url);
  const own = url.origin === self.location.origin;
  if (own && url.pathname.endsWith("/api/resolvePath")) {
    event.respondWith(isolated(Response.json(NOWHERE)));
    return;
  }
  // JupyterLite's drive and questions, which pages answer.
  const byPage = /\/api\/(drive|stdin)/.test(url.pathname);
  const file = own && request.method === "GET" && !byPage;
  if (file) {
    event.respondWith((coming ?? fetch(request)).catch((error) => kept(url, error)).then(isolated));
  } else if (coming) {
    event.respondWith(coming.then(isolated));
  }
}

// JupyterLite's part calls it.
self.answer = answer;

/** A file's copy. @throws why it is not to be had, where there is none */
async function kept(url, error) {
  const path = url.pathname.endsWith("/") ? `${url.pathname}index.html` : url.pathname;
  for (const name of await keptNames()) {
    const found = await (await caches.open(name)).match(path, { ignoreSearch: true });
    if (found) {
      return found;
    }
  }
  throw error;
}

const keptNames = async () => (await caches.keys()).filter((name) => name.startsWith(KEPT));

/** https://developer.mozilla.org/docs/Web/API/Window/crossOriginIsolated */
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

/** Copies the site, what is missing of it; an older copy goes when this one is whole. */
async function keep() {
  const base = new URL("./", self.location.href);
  const list = await fetch(new URL("keep.json", base), { cache: "no-cache" });
  const { version, files } = await list.json();
  const name = KEPT + version;
  const cache = await caches.open(name);
  const there = new Set((await cache.keys()).map(({ url }) => url));
  const missing = files.map((file) => new URL(file, base).href).filter((url) => !there.has(url));
  await Promise.all(
    // A few at once, so that what somebody waits for comes before the rest.
    Array.from({ length: 3 }, async () => {
      for (let url = missing.shift(); url; url = missing.shift()) {
        const response = await fetch(url);
        if (!response.ok) {
          throw new Error(`${url}: HTTP status ${response.status}`);
        }
        await cache.put(url, response);
      }
    }),
  );
  for (const other of await keptNames()) {
    if (other !== name) {
      await caches.delete(other);
    }
  }
}

self.addEventListener("message", (event) => {
  if (event.data === "karenina: keep the site") {
    const done = keep();
    event.waitUntil(
      done.then(
        () => event.source.postMessage("karenina: the site is kept"),
        // The next visit goes on from there.
        () => {},
      ),
    );
  }
});
