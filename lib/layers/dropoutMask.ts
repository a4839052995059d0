import { multiply } from "../backend/nativeMatrices";
import {
  compute,
  createInts,
  DataType,
  float,
  ints,
  isNative,
  release,
  toTensor,
  typeAttribute,
} from "../backend/nativeOperations";
import { random, randomInteger } from "../backend/random";
import { tf } from "../backend/tensorflow";

const UNIFORM_ATTRIBUTES = [
  typeAttribute("dtype", DataType.float32),
  typeAttribute("T", DataType.int32),
  typeAttribute("Tseed", DataType.int32),
];
const CAST_ATTRIBUTES = [
  typeAttribute("SrcT", DataType.bool),
  typeAttribute("DstT", DataType.float32),
];

/**
 * A dropout mask (Srivastava et al. 2014): 0 with probability `rate`, else 1 / (1 - rate), so that
 * the mean stays 1. `setSeed` governs it, and a restored random state gives the same mask again.
 */
export function dropoutMask(shape: number[], rate: number): tf.Tensor {
  return isNative ? nativeMask(shape, rate) : plainMask(shape, rate);
}

/**
 * Numbers come from TensorFlow: tf.dropout makes them one by one in JavaScript. Of its generators
 * this is the one that takes its seed as an input. RandomUniform has it in its attributes, and each
 * set of attributes is compiled and kept forever.
 */
function nativeMask(shape: number[], rate: number): tf.Tensor {
  const seed = createInts([randomInteger(2 ** 31), randomInteger(2 ** 31)]);
  const uniform = compute("StatelessRandomUniform", [ints(...shape), seed], UNIFORM_ATTRIBUTES);
  const kept = compute("GreaterEqual", [uniform, float(rate)]);
  const ones = compute("Cast", [kept], CAST_ATTRIBUTES);
  const mask = multiply(ones, float(1 / (1 - rate)));
  release(seed, uniform, kept, ones);
  return toTensor(mask, shape);
}

function plainMask(shape: number[], rate: number): tf.Tensor {
  const values = new Float32Array(shape.reduce((size, n) => size * n, 1));
  const scale = 1 / (1 - rate);
  for (let i = 0; i < values.length; i++) values[i] = random() < rate ? 0 : scale;
  return tf.tensor(values, shape);
}
