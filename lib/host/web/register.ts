import { registerHost } from "../host";
import { webFetcher } from "./fetcher";
import { webProcess } from "./process";
import { MemoryStore } from "./store";

registerHost({
  backend: { name: "wasm", reason: "a page has no C library" },
  store: new MemoryStore(),
  fetcher: webFetcher(),
  process: webProcess,
  display: {
    // A notebook's cell is found before this; elsewhere texts go where a page's texts go.
    target: () => ({
      kind: "terminal",
      show: (bundle) => console.log(String(bundle["text/plain"] ?? Object.keys(bundle).join(", "))),
    }),
    progressBar: () => undefined,
  },
});
