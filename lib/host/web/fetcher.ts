import type { Fetcher } from "../host";
import { fetchFromMirrors } from "../mirrors";

/** What a page tells of its data sets. */
export interface WebFetcherOptions {
  /** The registry of data sets, its JSON text: the package's `datasets/registry.json`. */
  registry?: string;
}

/**
 * Data sets as a page gets them: from the addresses of the registry, which have to allow it (CORS), and
 * afterwards from the browser's Cache Storage.
 */
export function webFetcher({ registry }: WebFetcherOptions = {}): Fetcher {
  return {
    registry() {
      if (registry !== undefined) {
        return { text: registry, origin: "the page's registry" };
      }
      throw new Error(
        "This page has no registry of data sets. Fetch the package's datasets/registry.json, and call " +
          "registerHost({ fetcher: webFetcher({ registry: text }) }) with its text.",
      );
    },
    cacheFolder: () => "/cache",
    async fetch(wanted, options) {
      const kept = await cacheOf(wanted.sha256);
      const before = await kept?.get();
      if (before) {
        return before;
      }
      const content = await fetchFromMirrors(wanted, options);
      await kept?.put(content);
      return content;
    },
  };
}

/** A place in Cache Storage; undefined where the page may not use it, as on an insecure address. */
async function cacheOf(sha256: string) {
  if (!("caches" in globalThis)) {
    return undefined;
  }
  const storage = await caches.open("karenina").catch(() => undefined);
  // Cache Storage goes by addresses; this one is asked of nobody.
  const key = `https://karenina.invalid/${sha256}`;
  return (
    storage && {
      get: async () => {
        const found = await storage.match(key);
        return found && new Uint8Array(await found.arrayBuffer());
      },
      // A full disk is no reason to stop.
      put: (content: Uint8Array) =>
        storage.put(key, new Response(content as BodyInit)).catch(() => {}),
    }
  );
}
