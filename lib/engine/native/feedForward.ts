import { drawMaskSeed, maskRate } from "../dropoutMask";
import type { Activation } from "../engine";
import { differentiable, type tf } from "../tensorflow";
import { NativeGraph } from "./graph";
import {
  compute,
  createInts,
  DataType,
  float,
  type Handle,
  ints,
  release,
  typeAttribute,
} from "./operations";
import {
  addBias,
  cut,
  gradientsTogether,
  handleOf,
  join,
  matMul,
  matMulTransposeA,
  multiply,
  partsFor,
  reshape,
  slice,
  sum,
  sumRows,
  toTensor,
  transpose,
} from "./tensors";

/** Sizes and kind of a dense layer on matrices: x [rows, D] to y [rows, M]. */
interface Settings {
  rows: number;
  D: number;
  M: number;
  activation: Activation;
  useBias: boolean;
}

const FORWARD = { relu: "Relu", sigmoid: "Sigmoid", tanh: "Tanh" };

/** f(x W + b) for x [rows, D]. */
export function denseForward(
  x: Handle,
  kernel: Handle,
  bias: Handle | undefined,
  activation: Activation,
): Handle {
  let y = matMul(x, kernel);
  const replace = (next: Handle) => {
    release(y);
    y = next;
  };
  if (bias !== undefined) {
    replace(addBias(y, bias));
  }
  if (activation !== "linear") {
    replace(compute(FORWARD[activation], [y]));
  }
  return y;
}

/**
 * The chain rule through {@link denseForward}; all these activations' slopes follow from their values.
 */
export function denseBackward(
  x: Handle,
  kernel: Handle,
  y: Handle,
  dy: Handle,
  activation: Activation,
  wantsX: boolean,
): { x?: Handle; kernel: Handle; bias: Handle } {
  const dz = slopeTimes(activation, y, dy);
  let dx: Handle | undefined;
  if (wantsX) {
    const transposed = transpose(kernel);
    dx = matMul(dz, transposed);
    release(transposed);
  }
  const result = { x: dx, kernel: matMulTransposeA(x, dz), bias: sumRows(dz) };
  if (dz !== dy) {
    release(dz);
  }
  return result;
}

/** dy f'(z) for y = f(z); of a linear layer dy itself. */
export function slopeTimes(activation: Activation, y: Handle, dy: Handle): Handle {
  return {
    linear: () => dy,
    relu: () => compute("ReluGrad", [dy, y]),
    sigmoid: () => compute("SigmoidGrad", [y, dy]),
    tanh: () => compute("TanhGrad", [y, dy]),
  }[activation]();
}

interface DenseGraphs {
  forward: NativeGraph;
  backward: NativeGraph;
}

/** Below so many multiplications a graph's call takes longer than it saves. */
const SMALLEST = 2e6;
const MOST_GRAPHS = 32;
const graphs = new Map<string, DenseGraphs>();

function graphsOf(settings: Settings): DenseGraphs | undefined {
  const { rows, D, M, activation, useBias } = settings;
  const parts = partsFor(rows);
  if (parts === 1 || rows * D * M < SMALLEST) {
    return undefined;
  }
  const key = [rows, D, M, activation, useBias].join(" ");
  let found = graphs.get(key);
  if (!found && graphs.size < MOST_GRAPHS) {
    found = {
      forward: new NativeGraph(useBias ? 3 : 2, ([x, kernel, bias]) => {
        const results = cut(x, parts, 0).map((each) =>
          denseForward(each, kernel, bias, activation),
        );
        return [join(results, 0)];
      }),
      backward: new NativeGraph(4, ([x, kernel, y, dy]) => {
        const [xs, ys, dys] = [x, y, dy].map((each) => cut(each, parts, 0));
        const results = xs.map((each, p) =>
          denseBackward(each, kernel, ys[p], dys[p], activation, true),
        );
        return [
          sum(results.map((each) => each.kernel)),
          sum(results.map((each) => each.bias)),
          join(
            results.map((each) => each.x as Handle),
            0,
          ),
        ];
      }),
    };
    graphs.set(key, found);
  }
  return found;
}

/**
 * y = f(x W + b) for x [..., D] by TensorFlow's MatMul. While training, larger products run as graphs,
 * the batch in parts side by side.
 */
export function nativeDense(
  x: tf.Tensor,
  { kernel, bias }: { kernel: tf.Tensor; bias?: tf.Tensor },
  { activation, training }: { activation: Activation; training: boolean },
): tf.Tensor {
  const [D, M] = kernel.shape as number[];
  const rows = x.size / D;
  const settings = { rows, D, M, activation, useBias: bias !== undefined };
  const graphs = training ? graphsOf(settings) : undefined;
  const outputShape = [...x.shape.slice(0, -1), M];
  const [y] = differentiable(
    { x, kernel, bias },
    (save) => {
      const flat = reshape(handleOf(x), rows, D);
      const weights = [handleOf(kernel), ...(bias ? [handleOf(bias)] : [])];
      const [result] = graphs
        ? graphs.forward.run([flat, ...weights])
        : [denseForward(flat, weights[0], weights[1], activation)];
      const output = toTensor(reshape(result, ...outputShape), outputShape);
      release(flat, result);
      save([x, kernel, output]);
      return [output];
    },
    ([dy], [x, kernel, y]) =>
      gradientsTogether({ x: x.shape, kernel: kernel.shape, bias: [M] }, (first) => {
        const flat = [x, y, dy].map((each) => reshape(handleOf(each), rows, each.size / rows));
        const wantsX = first === "x";
        const inputs = [flat[0], handleOf(kernel), flat[1], flat[2]] as const;
        const [kernelGradient, biasGradient, xGradient] = graphs
          ? graphs.backward.run([...inputs], wantsX ? [0, 1, 2] : [0, 1])
          : inOrder(denseBackward(...inputs, activation, wantsX));
        release(...flat);
        if (xGradient === undefined) {
          return { kernel: kernelGradient, bias: biasGradient };
        }
        const shaped = reshape(xGradient, ...x.shape);
        release(xGradient);
        return { x: shaped, kernel: kernelGradient, bias: biasGradient };
      }),
  );
  return y;
}

function inOrder({ x, kernel, bias }: { x?: Handle; kernel: Handle; bias: Handle }) {
  return [kernel, bias, x];
}

const RANDOM_ATTRIBUTES = [
  typeAttribute("dtype", DataType.int32),
  typeAttribute("T", DataType.int32),
  typeAttribute("Tseed", DataType.int32),
];
const HALVES = [typeAttribute("T", DataType.int32), typeAttribute("type", DataType.uint16)];
const TO_UINT16 = [typeAttribute("SrcT", DataType.float32), typeAttribute("DstT", DataType.uint16)];
const TO_FLOAT = [typeAttribute("SrcT", DataType.bool), typeAttribute("DstT", DataType.float32)];

/**
 * The mask of a seed, int32 [2].
 *
 * Numbers come from TensorFlow: tf.dropout makes them one by one in JavaScript. Of its generators
 * this is one that takes its seed as an input. RandomUniform has it in its attributes, and each
 * set of attributes is compiled and kept forever.
 *
 * Each 32 random bits decide two elements, which takes half as long as one number for each: see
 * {@link maskNumbers}, which gives the same.
 */
export function maskOfSeed(seed: Handle, shape: number[], rate: number): Handle {
  const size = shape.reduce((product, n) => product * n, 1);
  const pairs = Math.ceil(size / 2);
  const { dropped, scale } = maskRate(rate);
  const bits = compute("StatelessRandomUniformFullInt", [ints(pairs), seed], RANDOM_ATTRIBUTES);
  const halves = compute("Bitcast", [bits], HALVES); // [pairs, 2]
  const row = reshape(halves, 2 * pairs);
  const cut = slice(row, [0], [size]);
  const numbers = reshape(cut, ...shape);
  const threshold = compute("Cast", [float(dropped)], TO_UINT16);
  const kept = compute("GreaterEqual", [numbers, threshold]);
  const ones = compute("Cast", [kept], TO_FLOAT);
  const mask = multiply(ones, float(scale));
  release(bits, halves, row, cut, numbers, threshold, kept, ones);
  return mask;
}

/** A dropout mask of new random numbers. */
export function nativeMask(shape: number[], rate: number): tf.Tensor {
  const seed = createInts(drawMaskSeed());
  const mask = maskOfSeed(seed, shape, rate);
  release(seed);
  return toTensor(mask, shape);
}
