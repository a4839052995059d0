// The machine that the library finds in the kernel's worker, in the place of Node's.
import "../../../lib/web";
import type { Lite } from "../../../kernel/lite/worker/siteModules";
import { registerHost } from "../../../lib/host/host";
import { webFetcher } from "../../../lib/host/web/fetcher";
import { webProcess } from "../../../lib/host/web/process";
import { MemoryStore } from "../../../lib/host/web/store";
import { readSite } from "./readSite";
import { speedLine } from "./speed";
import { isOnWebGpu } from "./webGpu";

declare const kareninaLite: Lite;

/** Files that come with the library are fetched when they are first read. */
class SiteStore extends MemoryStore {
  /** Names that are not whole begin where the cells are. */
  override resolve(...parts: string[]): string {
    return super.resolve(process.cwd(), ...parts);
  }

  override read(file: string): Uint8Array {
    const path = this.resolve(file);
    const own = /^\/karenina\/(.+)$/.exec(path)?.[1];
    if (own && !this.files.has(path)) {
      this.files.set(path, readSite(`own/${own}`));
    }
    return super.read(path);
  }
}

let registry: string | undefined;
const fetcher = webFetcher();

registerHost({
  backend: {
    get name() {
      return isOnWebGpu() ? "webgpu" : "wasm";
    },
    reason: "a browser has no C library",
    onModule(module) {
      if (process.env.KARENINA_SPEED !== "off" && !isOnWebGpu()) {
        console.error(speedLine(module, module.measure(), process.env.KARENINA_MODE));
      }
    },
  },
  store: new SiteStore(kareninaLite.files),
  fetcher: {
    ...fetcher,
    registry() {
      registry ??= new TextDecoder()
        .decode(readSite("registry.json"))
        .replaceAll("https://site.invalid/", new URL("data/", kareninaLite.base).href);
      return { text: registry, origin: "the site's registry" };
    },
  },
  process: {
    ...webProcess,
    get environment() {
      return process.env;
    },
    note: (line) => console.error(line),
  },
});
