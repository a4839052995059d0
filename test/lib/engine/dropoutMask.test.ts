import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ready, setSeed, tf } from "karenina";
import { engine } from "../../../lib/engine/choice";
import { drawMaskSeed, maskNumbers, maskRate } from "../../../lib/engine/dropoutMask";
import { plainEngine } from "../../../lib/engine/plain/engine";
import { bitsOf } from "../../../lib/engine/web/program";
import { compute, give } from "./web/onModule";

before(() => ready());

/** Numbers of no round size, those of a block and one more, and of more than one part's for threads. */
const SIZES = [1, 7, 8, 9, 1001, 40_003];
const SEEDS: [number, number][] = [
  [0, 0],
  [3, 4],
  [2 ** 31 - 1, 77],
];

test("a mask drops its share of values, and keeps the mean", () => {
  const size = 100_000;
  for (const rate of [0.1, 0.5, 0.9]) {
    const { scale } = maskRate(rate);
    const mask = maskNumbers([5, 6], size, rate);
    const zeros = mask.filter((value) => value === 0).length;
    assert.ok(Math.abs(zeros - size * rate) < 5 * Math.sqrt(size * rate * (1 - rate)));
    assert.ok(mask.every((value) => value === 0 || value === Math.fround(scale)));
    assert.ok(Math.abs((1 - rate) * scale - 1) < 1e-4);
  }
});

test("another seed is another mask, and the generator's state says which comes next", () => {
  setSeed(1);
  const [first, second] = [drawMaskSeed(), drawMaskSeed()];
  assert.notDeepEqual(maskNumbers(first, 100, 0.5), maskNumbers(second, 100, 0.5));
  setSeed(1);
  assert.deepEqual(drawMaskSeed(), first);
});

test("TensorFlow, plain operations and the WebAssembly module drop the same values", () => {
  for (const size of SIZES) {
    for (const rate of [0.2, 0.5, 0.75]) {
      setSeed(`${size} ${rate}`);
      const seed = drawMaskSeed();
      const expected = maskNumbers(seed, size, rate);
      for (const each of [engine(), plainEngine]) {
        setSeed(`${size} ${rate}`);
        const mask = tf.tidy(() => each.dropoutMask([size], rate).dataSync());
        assert.deepEqual(mask, expected, `${each.name}, ${size} at ${rate}`);
      }
    }
  }
  for (const seed of SEEDS) {
    for (const size of SIZES) {
      const { dropped, scale } = maskRate(0.4);
      const { mask } = compute((program) => {
        const from = give(program, new Float32Array(size));
        const [at, to] = [program.place(size), program.place(size)];
        program.add("dropout", size, dropped, bitsOf(scale), ...seed, from, at, to);
        return { mask: [at, size] };
      });
      assert.deepEqual(mask, maskNumbers(seed, size, 0.4));
    }
  }
});
