import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { HostProcess } from "../host";

/** This process of Node.js. */
export const nodeProcess: HostProcess = {
  get environment() {
    return process.env;
  },

  id: `${process.pid}-${Date.now().toString(36)}`,
  now: () => performance.now(),

  onStop(listener) {
    process.once("SIGINT", listener);
    return () => {
      process.removeListener("SIGINT", listener);
    };
  },

  nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
  note: (line) => console.error(line),

  sha256() {
    const hash = createHash("sha256");
    return {
      update: (bytes) => {
        hash.update(bytes);
      },
      hex: () => hash.copy().digest("hex"),
    };
  },

  gunzip: (bytes) => gunzipSync(bytes),
};
