import type { LayerDescription } from "./engine";
import { randomInteger } from "./random";

/** Of so many random numbers some drop a value: rates are rounded to a multiple of their inverse. */
const LEVELS = 2 ** 16;

/** A rate as masks have it. */
export interface MaskRate {
  /** Of the numbers from 0 to 65535, those below this one drop a value. */
  dropped: number;
  /** What values that are kept are multiplied by, so that the mean stays. */
  scale: number;
}

export function maskRate(rate: number): MaskRate {
  const dropped = Math.min(Math.round(rate * LEVELS), LEVELS - 1);
  return { dropped, scale: LEVELS / (LEVELS - dropped) };
}

/** How many masks a layer asks for in a step. */
export function maskCountOf(layer: LayerDescription): number {
  if (layer.kind === "transformerBlock") {
    return layer.dropout > 0 ? 2 : 0;
  }
  return layer.kind === "dropout" && layer.rate > 0 ? 1 : 0;
}

/** A mask's seed, from the generator that `setSeed` sets. */
export function drawMaskSeed(): [number, number] {
  return [randomInteger(2 ** 31), randomInteger(2 ** 31)];
}

/** The multipliers and key increments of Philox. */
const [MULTIPLIER_A, MULTIPLIER_B] = [0xd2511f53, 0xcd9e8d57];
const [WEYL_A, WEYL_B] = [0x9e3779b9, 0xbb67ae85];
const ROUNDS = 10;

/** The upper half of the product of two numbers of 32 bits. */
function upper(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const [crossed, other] = [aHigh * bLow, aLow * bHigh];
  const middle = ((aLow * bLow) >>> 16) + (crossed & 0xffff) + (other & 0xffff);
  return (aHigh * bHigh + (crossed >>> 16) + (other >>> 16) + (middle >>> 16)) >>> 0;
}

/** Philox4x32-10 (Salmon et al. 2011) of a counter, which it overwrites with four random numbers. */
function philox(counter: Uint32Array, keyA: number, keyB: number): void {
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b, c, d] = counter;
    counter[0] = upper(MULTIPLIER_B, c) ^ b ^ (keyA + round * WEYL_A);
    counter[1] = Math.imul(MULTIPLIER_B, c);
    counter[2] = upper(MULTIPLIER_A, a) ^ d ^ (keyB + round * WEYL_B);
    counter[3] = Math.imul(MULTIPLIER_A, a);
  }
}

/** The key with which TensorFlow makes a seed into a generator. */
const [SEED_KEY_A, SEED_KEY_B] = [0x3ec8f720, 0x02461e29];

/**
 * A dropout mask's numbers: 0 for what is dropped, else the scale. They are those that TensorFlow's
 * StatelessRandomUniformFullInt gives for the seed, 16 bits for each, so that all engines drop the same values.
 *
 * @param size how many
 */
export function maskNumbers(seed: readonly [number, number], size: number, rate: number) {
  const { dropped, scale } = maskRate(rate);
  const generator = Uint32Array.of(seed[0], 0, seed[1], 0);
  philox(generator, SEED_KEY_A, SEED_KEY_B);
  const [keyA, keyB, third, fourth] = generator;
  const counter = new Uint32Array(4);
  const halves = new Uint16Array(counter.buffer);
  const mask = new Float32Array(size);
  for (let begin = 0, block = 0; begin < size; begin += halves.length, block++) {
    counter.set([block, 0, third, fourth]);
    philox(counter, keyA, keyB);
    const end = Math.min(halves.length, size - begin);
    for (let i = 0; i < end; i++) {
      mask[begin + i] = halves[i] < dropped ? 0 : scale;
    }
  }
  return mask;
}
