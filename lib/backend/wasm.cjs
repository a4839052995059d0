"use strict";
// TensorFlow.js on WebAssembly in the shape of tfjs-node: the last resort where no native library can be had.
// Plain JavaScript for the reason given in preload.cjs.
const path = require("node:path");

/**
 * Registers, for WebAssembly, every operation that only the CPU backend has (LSTM training with an
 * embedding, convolutions' gradients and others lack 16 of them): inputs are copied over, outputs back.
 */
function borrowCpuKernels(tf) {
  const own = new Set(tf.getKernelsForBackend("wasm").map((kernel) => kernel.kernelName));
  const missing = tf.getKernelsForBackend("cpu").filter((kernel) => !own.has(kernel.kernelName));
  for (const { kernelName, kernelFunc } of missing) {
    tf.registerKernel({
      kernelName,
      backendName: "wasm",
      kernelFunc: ({ inputs, attrs, backend }) =>
        runOnCpu(tf.findBackend("cpu"), backend, kernelFunc, inputs, attrs),
    });
  }
}

function runOnCpu(cpu, wasm, kernelFunc, inputs, attrs) {
  const copies = [];
  const toCpu = (tensor) => {
    if (tensor === null || tensor === undefined) return tensor;
    if (Array.isArray(tensor)) return tensor.map(toCpu);
    const copy = cpu.makeTensorInfo(tensor.shape, tensor.dtype, wasm.readSync(tensor.dataId));
    copies.push(copy);
    return copy;
  };
  const toWasm = ({ dataId, shape, dtype }) => {
    const copy = { dataId: wasm.write(cpu.readSync(dataId), shape, dtype), shape, dtype };
    cpu.disposeData(dataId, true);
    return copy;
  };
  const cpuInputs = Object.fromEntries(Object.entries(inputs).map(([k, v]) => [k, toCpu(v)]));
  const output = kernelFunc({ inputs: cpuInputs, attrs, backend: cpu });
  const result = Array.isArray(output) ? output.map(toWasm) : toWasm(output);
  for (const copy of copies) if (cpu.data.has(copy.dataId)) cpu.disposeData(copy.dataId, true);
  return result;
}

/**
 * `file://` models are read and written by tfjs-node's own code, which needs no native library. (npm
 * leaves tfjs-node out of a project where its download failed; then models have no `file://`.)
 */
function fileSystemIo(tf) {
  const folder = tfjsNodeFolder();
  if (folder === null) return tf.io;
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
  borrowCpuKernels(tf);
  tf.findBackend("cpu").firstUse = false; // or it would advise to install the library that is missing
  const initialised = tf.setBackend("wasm");
  const ready = async () => {
    if (!(await initialised))
      throw new Error("TensorFlow.js could not start its WebAssembly backend.");
    await tf.ready();
  };
  return Object.assign(Object.create(null), tf, { __esModule: true, io: fileSystemIo(tf), ready });
}

module.exports = { tensorFlowOnWasm };
