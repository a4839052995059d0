"use strict";
// TensorFlow.js on WebAssembly in the shape of tfjs-node: the last resort where no native library can be had.
// Plain JavaScript for the reason given in preload.cjs.
const path = require("node:path");
const { mendWasm } = require("../wasmKernels.cjs");

/**
 * `file://` models are read and written by tfjs-node's own code, which needs no native library. (npm
 * leaves tfjs-node out of a project where its download failed; then models have no `file://`.)
 */
function fileSystemIo(tf) {
  const folder = tfjsNodeFolder();
  if (folder === null) {
    return tf.io;
  }
  const { nodeFileSystemRouter, fileSystem } = require(path.join(folder, "dist/io/file_system.js"));
  tf.io.registerLoadRouter(nodeFileSystemRouter);
  tf.io.registerSaveRouter(nodeFileSystemRouter);
  return { ...tf.io, fileSystem };
}

function tfjsNodeFolder() {
  try {
    return path.dirname(require.resolve("@tensorflow/tfjs-node/package.json"));
  } catch {
    return null;
  }
}

/** A stand-in for `require("@tensorflow/tfjs-node")`; usable once `tf.ready()` has resolved. */
function tensorFlowOnWasm() {
  const tf = require("@tensorflow/tfjs");
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  const folder = path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  wasm.setWasmPaths(path.join(folder, "dist") + path.sep);
  mendWasm(tf);
  const initialised = tf.setBackend("wasm");
  const ready = async () => {
    if (!(await initialised)) {
      throw new Error("TensorFlow.js could not start its WebAssembly backend.");
    }
    await tf.ready();
  };
  return Object.assign(Object.create(null), tf, { __esModule: true, io: fileSystemIo(tf), ready });
}

module.exports = { tensorFlowOnWasm };
