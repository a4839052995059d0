"use strict";
// Preloaded (`node -r`) by both kernels and by the project's commands, and required first by the library.
// Plain JavaScript because it works inside Node's module loader, before any TypeScript loader does.
const util = require("node:util");
const fs = require("node:fs");
const path = require("node:path");
const Module = require("node:module");

// tfjs-node 4.22.0 calls two functions that Node 22 warns of and Node 23 removed (tensorflow/tfjs#8609,
// mended but not released).
util.isNullOrUndefined = (value) => value === null || value === undefined;
util.isArray = Array.isArray;

// libtensorflow reads this once, when it is loaded: 2 and up silences its start-up notices.
process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";

// So is this. The layers of this library keep all cores busy by parts of a batch, one on each
// (engine/native/recordedStep.ts, engine/native/sequence.ts); cores that share single operations instead
// wait for each other: the small networks of the course take twice as long, the large ones a little
// longer.
process.env.TF_NUM_INTRAOP_THREADS ??= "1";

function nativeAddOnExists() {
  try {
    const folder = path.dirname(require.resolve("@tensorflow/tfjs-node/package.json"));
    return fs.existsSync(path.join(folder, "lib", "napi-v8", "tfjs_binding.node"));
  } catch {
    return false;
  }
}

function chooseBackend() {
  const wanted = process.env.KARENINA_BACKEND;
  if (wanted === "native" || wanted === "wasm") {
    return wanted;
  }
  if (wanted) {
    throw new Error(
      `KARENINA_BACKEND is "${wanted}", but must be "native" (TensorFlow's C library) or "wasm" ` +
        "(WebAssembly), or not be set at all, so that the fastest one found is taken.",
    );
  }
  return nativeAddOnExists() ? "native" : "wasm";
}

/** What runs the tensors of this process; `reason` says why where it is not the native library. */
const selection = Module.kareninaBackend ?? { name: chooseBackend(), reason: "" };

function serveWasm(reason) {
  if (!selection.tensorFlow) {
    selection.name = "wasm";
    selection.reason = reason;
    selection.tensorFlow = require("./wasm.cjs").tensorFlowOnWasm();
  }
  return selection.tensorFlow;
}

if (!Module.kareninaBackend) {
  Module.kareninaBackend = selection;
  const load = Module._load;
  // Whoever requires tfjs-node, danfojs for one, gets the one instance that works on this machine.
  Module._load = function (request, ...rest) {
    if (request !== "@tensorflow/tfjs-node") {
      return load.call(this, request, ...rest);
    }
    if (process.env.KARENINA_BACKEND === "wasm") {
      return serveWasm("KARENINA_BACKEND asks for it");
    }
    if (selection.name === "wasm") {
      return serveWasm("the native library is not installed");
    }
    try {
      return load.call(this, request, ...rest);
    } catch (error) {
      if (process.env.KARENINA_BACKEND === "native") {
        throw error;
      }
      return serveWasm(`the native library did not load: ${error.message.split("\n")[0]}`);
    }
  };
  // WebAssembly compiles asynchronously: begin at once, so that it is there for a first cell.
  if (selection.name === "wasm") {
    setImmediate(() => require("@tensorflow/tfjs-node"));
  }
}

module.exports = selection;
