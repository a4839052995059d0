import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  charRnn,
  randomInteger,
  ready,
  setSeed,
  sparseSoftmaxCrossEntropy,
  tf,
  train,
} from "karenina";
import { nativeBinding } from "../../../lib/engine/tensorflow";

before(() => ready());

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const [V, N, T] = [20, 16, 10];
const STEPS = 2000;

/** Bytes that one step works with, at the least: its activations of two layers. */
const STEP_BYTES = 2 * 7 * N * T * 16 * 4;

for (const [name, loss] of [
  ["recorded", undefined],
  ["taped", (x: tf.Tensor, y: tf.Tensor) => sparseSoftmaxCrossEntropy(x, y)],
] as const) {
  test(`over ${STEPS} ${name} steps neither tensors nor the process's memory become more`, async () => {
    setSeed("memory");
    const model = charRnn({ vocabularySize: V, batchSize: N, hiddenSize: 16, dropout: 0.2 });
    const rows = () =>
      Array.from({ length: N }, () => Int32Array.from({ length: T }, () => randomInteger(V)));
    const batch = { x: rows(), y: rows() };
    const measured: { tensors: number; handles: number; bytes: number }[] = [];
    await train(model, () => Array.from({ length: STEPS }, () => batch), {
      clipNorm: 0.1,
      loss,
      callbacks: [
        {
          onStep({ step }) {
            if (step !== STEPS / 4 && step !== STEPS) {
              return;
            }
            collect();
            measured.push({
              tensors: tf.memory().numTensors,
              handles: handleCount(),
              bytes: process.memoryUsage().rss,
            });
          },
        },
      ],
    });
    const [early, late] = measured;
    assert.equal(late.tensors, early.tensors);
    assert.equal(late.handles, early.handles);
    // Were what a step works with to stay, or a tenth of it, it would be more than this.
    const allowed = Math.max(20e6, (0.75 * STEPS * STEP_BYTES) / 10);
    const growth = late.bytes - early.bytes;
    assert.ok(growth < allowed, `${growth} bytes more`);
    model.dispose();
  });
}

function handleCount(): number {
  return (nativeBinding() as unknown as { getNumOfTensors(): number })?.getNumOfTensors() ?? 0;
}
