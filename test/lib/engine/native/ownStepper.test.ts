import assert from "node:assert/strict";
import os from "node:os";
import { before, test } from "node:test";
import { charRnn, createStepper, randomInteger, ready, setSeed, tf, transformer } from "karenina";
import type { CharRnnLayers, Stepper, TransformerLayers } from "../../../../lib/engine/engine";
import { nativeEngine } from "../../../../lib/engine/native/engine";
import { ownOperations } from "../../../../lib/engine/native/ownOperations";
import { OwnLstmStepper, rowParts } from "../../../../lib/engine/native/ownStepper";
import { OwnTransformerStepper } from "../../../../lib/engine/native/ownTransformerStepper";
import { PlainStepper } from "../../../../lib/engine/plain/engine";
import { PlainTransformerStepper } from "../../../../lib/engine/plain/transformerStepper";
import { steppedLayers } from "../../../../lib/sampling/steppedLayers";
import { relativeError } from "../../layers/oracle";

// Steppers in the add-on against those in plain operations. Without the operations TensorFlow's steppers are
// compared, so that the file says something on every machine.

before(() => ready());

const V = 11;
const hasOwn = () => ownOperations() !== undefined;

function haveRandomWeights(model: tf.LayersModel): void {
  tf.tidy(() => {
    model.setWeights(model.getWeights().map(({ shape }) => tf.randomNormal(shape, 0, 0.4)));
  });
}

function assertSame(own: Stepper, plain: Stepper, N: number, { steps }: { steps: number }): void {
  for (let round = 0; round < 2; round++) {
    for (let t = 0; t < steps; t++) {
      const ids = Int32Array.from({ length: N }, () => randomInteger(V));
      const error = relativeError(own.step(ids), plain.step(ids));
      assert.ok(error < 2e-5, `step ${t} of ${N} in round ${round}: ${error}`);
    }
    own.reset();
    plain.reset();
  }
}

for (const [name, { hiddenSize, embeddingSize, layers, sizes }] of Object.entries({
  "one unit": { hiddenSize: 1, embeddingSize: 0, layers: 1, sizes: [1, 2] },
  "one-hot, two layers": { hiddenSize: 9, embeddingSize: 0, layers: 2, sizes: [1, 3, 12, 70] },
  "embedding, three layers": { hiddenSize: 17, embeddingSize: 5, layers: 3, sizes: [1, 5] },
  "large, cut by its units": { hiddenSize: 330, embeddingSize: 0, layers: 2, sizes: [1] },
  "large, cut by its rows": { hiddenSize: 300, embeddingSize: 4, layers: 2, sizes: [7] },
})) {
  test(`LSTM, ${name}: logits are those of the plain stepper`, () => {
    for (const N of sizes) {
      setSeed(`${name} ${N}`);
      const model = charRnn({
        vocabularySize: V,
        batchSize: N,
        hiddenSize,
        embeddingSize,
        numLayers: layers,
      });
      haveRandomWeights(model);
      const stepped = steppedLayers(model) as CharRnnLayers;
      const own = nativeEngine.stepper(stepped, N);
      assert.equal(own instanceof OwnLstmStepper, hasOwn());
      const plain = new PlainStepper(stepped, N);
      assertSame(own, plain, N, { steps: 5 });
      for (const each of [own, plain, model]) {
        each.dispose();
      }
    }
  });
}

for (const positions of ["learnt", "rotary", "none"] as const) {
  test(`transformer, ${positions} positions: logits are those of the plain stepper, beyond the context, too`, () => {
    for (const N of [1, 34]) {
      setSeed(`${positions} ${N}`);
      const model = transformer({
        vocabularySize: V,
        contextLength: 5,
        width: 24,
        numHeads: 2,
        numLayers: 2,
        positions,
      });
      haveRandomWeights(model);
      const stepped = steppedLayers(model) as TransformerLayers;
      const own = nativeEngine.stepper(stepped, N);
      assert.equal(own instanceof OwnTransformerStepper, hasOwn());
      const plain = new PlainTransformerStepper(stepped, N);
      assertSame(own, plain, N, { steps: 13 });
      for (const each of [own, plain, model]) {
        each.dispose();
      }
    }
  });
}

test("the rows of many sequences are those of each alone, whichever thread computes them", () => {
  setSeed(3);
  const model = charRnn({ vocabularySize: V, hiddenSize: 256, numLayers: 2 });
  haveRandomWeights(model);
  const N = 8;
  const many = createStepper(model, { batchSize: N });
  const ids = Int32Array.from({ length: N }, (_, n) => n);
  const together = [many.step(ids), many.step(ids)];
  for (let n = 0; n < N; n++) {
    const one = createStepper(model);
    for (const logits of together) {
      const alone = one.step(Int32Array.of(n));
      assert.ok(relativeError(logits.slice(n * V, (n + 1) * V), alone) < 1e-5);
    }
    one.dispose();
  }
  many.dispose();
  model.dispose();
});

test("a step is cut into as many parts as are worth a thread's while", () => {
  const cores = Math.min(os.availableParallelism(), 16);
  assert.equal(rowParts(1, 1e9), 1);
  assert.equal(rowParts(64, 1000), 1);
  assert.equal(rowParts(64, 1e7), cores);
});

test("what has been disposed of says so", () => {
  const model = charRnn({ vocabularySize: V, hiddenSize: 4 });
  const own = nativeEngine.stepper(steppedLayers(model) as CharRnnLayers, 1);
  own.dispose();
  if (hasOwn()) {
    own.dispose();
    assert.throws(() => own.step(Int32Array.of(1)), /disposed/);
  }
  model.dispose();
});
