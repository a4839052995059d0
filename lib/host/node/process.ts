import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
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

  threads: {
    processors: availableParallelism(),
    start(script, data) {
      const text = `const data = require("node:worker_threads").workerData;\n${script}`;
      // Neither what this process preloads nor NODE_OPTIONS is for threads that only compute.
      const worker = new Worker(text, { eval: true, workerData: data, execArgv: [], env: {} });
      worker.on("error", () => {});
      worker.unref();
    },
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
