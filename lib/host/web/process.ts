import { sha256 } from "../../formats/sha256";
import type { HostProcess } from "../host";
import { webThreads } from "./threads";

/** The page or worker that the library runs in. */
export const webProcess: HostProcess = {
  // A page sets these as `globalThis.KARENINA_ENVIRONMENT = { KARENINA_SEED: "2" }`.
  get environment() {
    return (
      (globalThis as { KARENINA_ENVIRONMENT?: HostProcess["environment"] }).KARENINA_ENVIRONMENT ??
      {}
    );
  },

  id: `${Date.now().toString(36)}-${Math.floor(performance.now() * 1000).toString(36)}`,
  now: () => performance.now(),
  // A page has buttons of its own; an AbortSignal stops what they stop.
  onStop: () => () => {},
  threads: webThreads(),
  nextTurn: () => new Promise((resolve) => setTimeout(resolve, 0)),
  note: (line) => console.warn(line),

  sha256() {
    const parts: Uint8Array[] = [];
    return {
      update: (bytes) => void parts.push(bytes.slice()),
      hex: () => sha256(parts),
    };
  },

  gunzip() {
    throw new Error("this page cannot unpack gzip: hand over the unpacked bytes");
  },
};
