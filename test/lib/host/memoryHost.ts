import { createHash } from "node:crypto";
import { type Host, host, type MimeBundle } from "../../../lib/host/host";
import { MemoryStore } from "../../../lib/host/web/store";

/** A host that lends nothing of this machine: files in a Map, a network in a Map, a display in a list. */
export interface MemoryHost extends Host {
  files: Map<string, Uint8Array>;
  /** What the network has, by SHA-256. */
  network: Map<string, Uint8Array>;
  shown: MimeBundle[];
  notes: string[];
}

function failure(code: string, file: string): Error {
  return Object.assign(new Error(`${code}: ${file}`), { code });
}

/** @param environment the host's variables */
export function memoryHost(environment: Record<string, string> = {}): MemoryHost {
  const files = new Map<string, Uint8Array>();
  const network = new Map<string, Uint8Array>();
  const shown: MimeBundle[] = [];
  const notes: string[] = [];
  return {
    files,
    network,
    shown,
    notes,
    store: new MemoryStore(files),
    fetcher: {
      registry: () => ({ text: "{}", origin: "an empty registry" }),
      cacheFolder: () => "/cache",
      async fetch({ sha256 }, { onProgress }) {
        const content = network.get(sha256);
        if (!content) {
          throw failure("EUNKNOWN", sha256);
        }
        onProgress(content.length);
        return content;
      },
    },
    display: {
      target: () => ({ kind: "notebook", show: (bundle) => shown.push(bundle) }),
      progressBar: () => undefined,
    },
    process: {
      environment,
      id: "memory",
      now: () => performance.now(),
      onStop: () => () => {},
      nextTurn: async () => {},
      note: (line) => notes.push(line),
      sha256() {
        const hash = createHash("sha256");
        return {
          update: (bytes) => {
            hash.update(bytes);
          },
          hex: () => hash.copy().digest("hex"),
        };
      },
      gunzip: () => {
        throw new Error("this host unpacks nothing");
      },
    },
    // TensorFlow stays this process's.
    backend: host.backend,
    drawPicture: () => undefined,
  };
}
