"use strict";
// What TensorFlow.js on WebAssembly lacks, and does wrongly, borrowed from its CPU backend. Plain JavaScript,
// because node/preload.cjs loads it before any TypeScript can be.

/**
 * Registers, for WebAssembly or another backend, every operation that only the CPU backend has (on
 * WebAssembly, LSTM training with an embedding, convolutions' gradients and others lack 16 of them): inputs
 * are copied over, outputs back.
 */
function borrowCpuKernels(tf, backendName = "wasm") {
  const own = new Set(tf.getKernelsForBackend(backendName).map((kernel) => kernel.kernelName));
  const missing = tf.getKernelsForBackend("cpu").filter((kernel) => !own.has(kernel.kernelName));
  for (const { kernelName, kernelFunc: ofCpu } of missing) {
    const kernelFunc = kernelName === "UnsortedSegmentSum" ? segmentSumOr(ofCpu) : ofCpu;
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        runOnCpu(tf.findBackend("cpu"), backend, kernelFunc, inputs, attrs),
    });
  }
}

/**
 * Sums rows by their segments in one pass over x [N, ...] for segmentIds [N]; what has another form, the CPU
 * backend's kernel does. That makes a pass for each segment: in the gradient of tf.gather one for each row of
 * the table, which took 13 s for 120,000 numbers of a table of 2,800. Rows of no segment are left out, as there.
 */
function segmentSumOr(ofCpu) {
  return (call) => {
    const { inputs, attrs, backend } = call;
    const { x, segmentIds } = inputs;
    if (x.dtype !== "float32" || segmentIds.shape.length !== 1) {
      return ofCpu(call);
    }
    const values = backend.readSync(x.dataId);
    const shape = [attrs.numSegments, ...x.shape.slice(1)];
    const width = x.shape.slice(1).reduce((product, size) => product * size, 1);
    const sums = new Float32Array(attrs.numSegments * width);
    for (const [n, segment] of backend.readSync(segmentIds.dataId).entries()) {
      if (segment >= 0 && segment < attrs.numSegments) {
        for (let i = 0; i < width; i++) {
          sums[segment * width + i] += values[n * width + i];
        }
      }
    }
    return backend.makeTensorInfo(shape, "float32", sums);
  };
}

/**
 * Kernels of the WebAssembly backend that move, compare or count elements of every type rightly. All
 * others were written for float32: given integers or booleans, many return whatever lay in memory
 * ("Unsupported dtype"), without an error.
 */
const FOR_EVERY_TYPE = new Set(
  (
    "All Any Concat Equal ExpandDims Fill GatherNd GatherV2 Greater GreaterEqual " +
    "Identity Less LessEqual LogicalAnd LogicalNot LogicalOr LogicalXor NotEqual OnesLike Pack " +
    "PadV2 Range Reshape ScatterNd Slice SplitV Tile Transpose Unpack ZerosLike"
  ).split(" "),
);

/**
 * Kernels that cut their results off at a lowest and a highest value, or keep the larger of two numbers,
 * by comparisons that NaN loses: it becomes a bound, such as 0 or -Infinity, and a training that has
 * failed looks sound. A product has a NaN of Infinity too, hence finite numbers only.
 */
const LOSING_NAN =
  "AvgPool ClipByValue Conv2D DepthwiseConv2dNative FusedConv2D " +
  "FusedDepthwiseConv2D MaxPool Maximum Minimum Relu6 _FusedMatMul";

/** Kernels whose fault shows in what is asked of them: where they are right. */
const RIGHT_WHERE = {
  ...Object.fromEntries(LOSING_NAN.split(" ").map((name) => [name, allFinite])),
  ArgMax: ({ inputs }) => inputs.x.dtype !== "bool",
  ArgMin: ({ inputs }) => inputs.x.dtype !== "bool",
  Reverse: ({ inputs }) => inputs.x.dtype !== "bool",
  TopK: ({ inputs }) => inputs.x.dtype !== "bool",
  Select: ({ inputs }) => inputs.t.dtype !== "bool",
  // It writes 32-bit integers into every output: float32 gets 1.4e-45 for 1, and bool an overflow.
  OneHot: ({ attrs }) => attrs.dtype === "int32",
  // To bool it keeps the lowest byte of each number, so that 0.5 and 256 become false.
  Cast: ({ attrs }) => attrs.dtype !== "bool",
  // It takes alpha's shape for that of x.
  Prelu: ({ inputs }) => inputs.x.shape.join() === inputs.alpha.shape.join() && allFloat(inputs),
};

/** Sends to the CPU backend what a WebAssembly kernel would get wrong without saying so. */
function avoidWrongKernels(tf) {
  const ofCpu = new Map(tf.getKernelsForBackend("cpu").map((each) => [each.kernelName, each]));
  for (const kernel of tf.getKernelsForBackend("wasm")) {
    const other = ofCpu.get(kernel.kernelName);
    if (other === undefined || FOR_EVERY_TYPE.has(kernel.kernelName)) {
      continue;
    }
    const isRight = RIGHT_WHERE[kernel.kernelName] ?? (({ inputs }) => allFloat(inputs));
    tf.unregisterKernel(kernel.kernelName, "wasm");
    tf.registerKernel({
      ...kernel,
      kernelFunc: (call) =>
        isRight(call)
          ? kernel.kernelFunc(call)
          : runOnCpu(
              tf.findBackend("cpu"),
              call.backend,
              other.kernelFunc,
              call.inputs,
              call.attrs,
            ),
    });
  }
}

function allFloat(inputs) {
  for (const input of Object.values(inputs)) {
    for (const tensor of Array.isArray(input) ? input : [input]) {
      if (tensor && tensor.dtype !== "float32") {
        return false;
      }
    }
  }
  return true;
}

function allFinite({ inputs, backend }) {
  if (!allFloat(inputs)) {
    return false;
  }
  for (const tensor of Object.values(inputs)) {
    if (!tensor) {
      continue;
    }
    // Nothing but 0 comes of 0 times a finite number; a sum is quicker than a question at each element.
    let sum = 0;
    for (const value of backend.typedArrayFromHeap(tensor)) {
      sum += 0 * value;
    }
    if (sum !== 0) {
      return false;
    }
  }
  return true;
}

function runOnCpu(cpu, wasm, kernelFunc, inputs, attrs) {
  const copies = [];
  const toCpu = (tensor) => {
    if (tensor === null || tensor === undefined) {
      return tensor;
    }
    if (Array.isArray(tensor)) {
      return tensor.map(toCpu);
    }
    const copy = cpu.makeTensorInfo(tensor.shape, tensor.dtype, wasm.readSync(tensor.dataId));
    copies.push(copy);
    return copy;
  };
  const toWasm = ({ dataId, shape, dtype }) => {
    const copy = { dataId: wasm.write(cpu.readSync(dataId), shape, dtype), shape, dtype };
    cpu.disposeData(dataId, true);
    return copy;
  };
  const cpuInputs = Array.isArray(inputs)
    ? inputs.map(toCpu)
    : Object.fromEntries(Object.entries(inputs).map(([name, each]) => [name, toCpu(each)]));
  const output = kernelFunc({ inputs: cpuInputs, attrs, backend: cpu });
  const result = Array.isArray(output) ? output.map(toWasm) : toWasm(output);
  for (const copy of copies) {
    if (cpu.data.has(copy.dataId)) {
      cpu.disposeData(copy.dataId, true);
    }
  }
  return result;
}

/** Mends the WebAssembly backend of a TensorFlow.js, which has the CPU backend too. */
function mendWasm(tf) {
  avoidWrongKernels(tf);
  borrowCpuKernels(tf);
  tf.findBackend("cpu").firstUse = false; // or it would advise to install the library that is missing
}

module.exports = { borrowCpuKernels, mendWasm };
