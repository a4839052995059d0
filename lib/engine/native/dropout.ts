import { randomInteger } from "../random";
import type { tf } from "../tensorflow";
import { multiply, reshape, slice } from "./matrices";
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
import { toTensor } from "./tensors";

const RANDOM_ATTRIBUTES = [
  typeAttribute("dtype", DataType.int32),
  typeAttribute("T", DataType.int32),
  typeAttribute("Tseed", DataType.int32),
];
const HALVES = [typeAttribute("T", DataType.int32), typeAttribute("type", DataType.uint16)];
const TO_UINT16 = [typeAttribute("SrcT", DataType.float32), typeAttribute("DstT", DataType.uint16)];
const TO_FLOAT = [typeAttribute("SrcT", DataType.bool), typeAttribute("DstT", DataType.float32)];
const LEVELS = 2 ** 16;

/**
 * The mask of a seed, int32 [2].
 *
 * Numbers come from TensorFlow: tf.dropout makes them one by one in JavaScript. Of its generators
 * this is one that takes its seed as an input. RandomUniform has it in its attributes, and each
 * set of attributes is compiled and kept forever.
 *
 * Each 32 random bits decide two elements, which takes half as long as one number for each. The rate
 * is thereby rounded to a multiple of 1/65536, and the scale fits the rounded rate.
 */
export function maskOfSeed(seed: Handle, shape: number[], rate: number): Handle {
  const size = shape.reduce((product, n) => product * n, 1);
  const pairs = Math.ceil(size / 2);
  const dropped = Math.min(Math.round(rate * LEVELS), LEVELS - 1);
  const bits = compute("StatelessRandomUniformFullInt", [ints(pairs), seed], RANDOM_ATTRIBUTES);
  const halves = compute("Bitcast", [bits], HALVES); // [pairs, 2]
  const row = reshape(halves, 2 * pairs);
  const cut = slice(row, [0], [size]);
  const numbers = reshape(cut, ...shape);
  const threshold = compute("Cast", [float(dropped)], TO_UINT16);
  const kept = compute("GreaterEqual", [numbers, threshold]);
  const ones = compute("Cast", [kept], TO_FLOAT);
  const mask = multiply(ones, float(LEVELS / (LEVELS - dropped)));
  release(bits, halves, row, cut, numbers, threshold, kept, ones);
  return mask;
}

/** A mask's seed, from the generator that `setSeed` sets. */
export function drawSeed(): number[] {
  return [randomInteger(2 ** 31), randomInteger(2 ** 31)];
}

/** A dropout mask of new random numbers. */
export function nativeMask(shape: number[], rate: number): tf.Tensor {
  const seed = createInts(drawSeed());
  const mask = maskOfSeed(seed, shape, rate);
  release(seed);
  return toTensor(mask, shape);
}
