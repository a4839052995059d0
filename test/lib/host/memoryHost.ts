import { createHash } from "node:crypto";
import { type Host, host, type MimeBundle, type StoredFile } from "../../../lib/host/host";

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
  const read = (file: string) => {
    const content = files.get(file);
    if (!content) throw failure("ENOENT", file);
    return content;
  };
  const open = (file: string): StoredFile => {
    const content = read(file);
    return {
      bytes: content.length,
      read(into, offset) {
        const part = content.subarray(offset, offset + into.length);
        into.set(part);
        return part.length;
      },
      close() {},
    };
  };
  return {
    files,
    network,
    shown,
    notes,
    store: {
      resolve: (...parts) => {
        const begin = parts.findLastIndex((part) => part.startsWith("/"));
        const whole = parts.slice(Math.max(0, begin)).filter((part) => part !== ".");
        return begin < 0 ? ["/here", ...whole].join("/") : whole.join("/");
      },
      ownFile: (file) => `/own/${file}`,
      look: (file) => {
        const content = files.get(file);
        return content && { kind: "file", bytes: content.length };
      },
      read,
      open,
      write(file, contents) {
        files.set(
          file,
          typeof contents === "string" ? new TextEncoder().encode(contents) : contents,
        );
      },
      async writeInParts(file, fill) {
        let made = new Uint8Array(0);
        await fill({
          write(bytes, offset) {
            const longer = new Uint8Array(Math.max(made.length, offset + bytes.length));
            longer.set(made);
            longer.set(bytes, offset);
            made = longer;
            return offset + bytes.length;
          },
        });
        files.set(file, made);
      },
      makeFolder() {},
      list: (folder) =>
        [...files.keys()]
          .filter((file) => file.startsWith(`${folder}/`))
          .map((file) => file.slice(folder.length + 1))
          .sort(),
      remove(file) {
        files.delete(file);
      },
    },
    fetcher: {
      registry: () => ({ text: "{}", origin: "an empty registry" }),
      cacheFolder: () => "/cache",
      async fetch({ sha256 }, { onProgress }) {
        const content = network.get(sha256);
        if (!content) throw failure("EUNKNOWN", sha256);
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
