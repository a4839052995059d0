// What the recurrences in plain operations keep, for the way back and without one.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { layers } from "karenina";
import type { CellKind, SequenceWeights } from "../../../lib/engine/engine";
import { plainCell } from "../../../lib/engine/plain/recurrence";
import { ready, tf } from "../../../lib/engine/tensorflow";

before(() => ready());

const kinds: { cell: CellKind; gates: number; states: number; biasShape: number[] }[] = [
  { cell: "lstm", gates: 4, states: 2, biasShape: [20] },
  { cell: "gru", gates: 3, states: 1, biasShape: [15] },
  { cell: "gruResetAfter", gates: 3, states: 1, biasShape: [2, 15] },
  { cell: "simpleRnn", gates: 1, states: 1, biasShape: [5] },
];
const [N, D, H] = [3, 2, 5];

/** Bytes that are alive after `T` steps and belong to them; and what came out, as numbers. */
function after(kind: (typeof kinds)[number], T: number, isRecorded: boolean) {
  const { cell, gates, states, biasShape } = kind;
  return tf.tidy(() => {
    const weights: SequenceWeights = {
      kernel: tf.randomNormal([D, gates * H], 0, 1, "float32", 1),
      recurrentKernel: tf.randomNormal([H, gates * H], 0, 1, "float32", 2),
      bias: tf.randomNormal(biasShape, 0, 1, "float32", 3),
    };
    const x = tf.randomNormal([T, N, D], 0, 1, "float32", 4);
    const initial = Array.from({ length: states }, (_, i) =>
      tf.randomNormal([N, H], 0, 1, "float32", 5 + i),
    );
    const since = tf.memory().numBytes;
    const { sequence, final, saved } = plainCell(cell).forward(x, initial, weights, isRecorded);
    return {
      bytes: tf.memory().numBytes - since,
      saved: saved.length,
      numbers: [sequence, ...final].map((tensor) => Array.from(tensor.dataSync())),
      initialStays: initial.every((state) => !state.isDisposed),
    };
  });
}

for (const kind of kinds) {
  test(`${kind.cell}: without a way back each step leaves its row of the sequence alone`, () => {
    const [short, long] = [4, 24].map((T) => after(kind, T, false));
    assert.equal(long.bytes - short.bytes, 20 * 4 * N * H);
    assert.equal(long.saved, 0);
    assert.ok(long.initialStays);
    assert.deepEqual(long.numbers, after(kind, 24, true).numbers);
    assert.deepEqual(after(kind, 1, false).numbers, after(kind, 1, true).numbers);
  });
}

test("a layer in a plain model saves for a gradient, also where it has been used without one", () => {
  const layer = layers.lstm({ units: H });
  const x = tf.randomNormal([N, 6, D], 0, 1, "float32", 1);
  const predicted = layer.apply(x) as tf.Tensor;
  const { value, grad } = tf.valueAndGrad((given) => tf.sum(layer.apply(given) as tf.Tensor))(x);
  assert.ok(Math.abs(value.dataSync()[0] - tf.sum(predicted).dataSync()[0]) < 1e-4);
  const [numbers, step] = [x.dataSync(), 1e-2];
  const moved = (by: number) => {
    const values = numbers.slice();
    values[0] += by;
    return tf.sum(layer.apply(tf.tensor(values, x.shape)) as tf.Tensor).dataSync()[0];
  };
  const slope = (moved(step) - moved(-step)) / (2 * step);
  assert.ok(Math.abs(grad.dataSync()[0] - slope) < 1e-3, `${grad.dataSync()[0]} and ${slope}`);
});
