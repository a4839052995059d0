import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { before, test } from "node:test";
import {
  adam,
  checkpointOf,
  evaluate,
  loadModel,
  modelFromCheckpoint,
  OptionError,
  ready,
  saveModel,
  sequenceBatches,
  setSeed,
  sparseSoftmaxCrossEntropy,
  tf,
  train,
  transformer,
} from "karenina";
import { rotated } from "../../../lib/engine/plain/attention";
import { numbersOf } from "../../../lib/training/batch";
import { gradientFunction, tapedGradients } from "../../../lib/training/gradients";
import { relativeError } from "../layers/oracle";

// Every test here holds on both backends; layers/wasm.test.ts runs this file on the other one.
before(() => ready());

const [V, C, D, H, M, L, N, T] = [11, 8, 8, 2, 12, 2, 3, 6];
const small = (options: object = {}) =>
  transformer({
    vocabularySize: V,
    contextLength: C,
    width: D,
    numHeads: H,
    mlpSize: M,
    numLayers: L,
    ...options,
  });

/** The formula of fixtures/transformer.py. */
const weight = (shape: number[], salt: number) =>
  tf.tensor(
    Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      (_, i) => 0.5 * Math.sin(1.7 * i + 0.9 * salt + 0.01 * i * salt),
    ),
    shape,
  );
const giveFormula = (model: tf.LayersModel) =>
  tf.tidy(() => model.setWeights(model.getWeights().map((w, salt) => weight(w.shape, salt))));
const grid = (at: (n: number, t: number) => number, rows = N, steps = T) =>
  tf.tensor2d(
    Array.from({ length: rows }, (_, n) => Array.from({ length: steps }, (_, t) => at(n, t) % V)),
    [rows, steps],
    "int32",
  );
const codes = () => grid((n, t) => 7 * n + 3 * t + n * t);
const targets = () => grid((n, t) => 5 * n + 2 * t + 1);
const variablesOf = (model: tf.LayersModel) =>
  model.trainableWeights.map((each) => each.read() as tf.Variable);

interface Golden {
  logits: number[];
  loss: number;
  gradients: number[][];
}
const golden = JSON.parse(
  readFileSync(path.join(__dirname, "fixtures/transformer.json"), "utf8"),
) as Record<"learnt" | "rotary", Golden>;

for (const positions of ["learnt", "rotary"] as const) {
  test(`${positions} positions: logits, loss and gradients are PyTorch's`, () => {
    const model = small({ positions });
    giveFormula(model);
    const { logits, loss, gradients } = golden[positions];
    tf.tidy(() => {
      const output = model.predict(codes()) as tf.Tensor;
      assert.ok(relativeError(output.dataSync(), logits) < 1e-5);
      const variables = variablesOf(model);
      assert.equal(variables.length, gradients.length);
      // A step recorded as one graph, where the engine can, and one on the tape.
      for (const make of [gradientFunction, tapedGradients]) {
        const of = make(model, variables, sparseSoftmaxCrossEntropy);
        const found = of(numbersOf(codes()), numbersOf(targets()));
        assert.ok(Math.abs(found.loss - loss) < 1e-5);
        for (const [i, gradient] of found.gradients.entries()) {
          const error = relativeError(gradient.dataSync(), gradients[i]);
          assert.ok(error < 2e-4, `${make.name}, ${variables[i].name}: ${error}`);
        }
        of.dispose?.();
      }
    });
  });

  test(`${positions} positions: gradients are the slopes of the loss`, () => {
    const model = small({ positions });
    giveFormula(model);
    tf.tidy(() => {
      const [x, y] = [codes(), targets()];
      const variables = variablesOf(model);
      const { gradients } = gradientFunction(model, variables)(numbersOf(x), numbersOf(y));
      const loss = () =>
        tf.tidy(
          () => sparseSoftmaxCrossEntropy(model.predict(x) as tf.Tensor, y).dataSync()[0] as number,
        );
      for (const [i, variable] of variables.entries()) {
        // Along the gradient the loss rises by its length times the step.
        const length = Math.sqrt(tf.sum(tf.square(gradients[i])).dataSync()[0]);
        const step = tf.mul(gradients[i], 1e-2 / Math.max(length, 1e-3));
        const before = variable.clone();
        variable.assign(tf.add(before, step));
        const above = loss();
        variable.assign(tf.sub(before, step));
        const below = loss();
        variable.assign(before);
        const slope = (above - below) / 2 / (1e-2 / Math.max(length, 1e-3));
        assert.ok(
          Math.abs(slope - length ** 2) < 0.02 * length ** 2 + 1e-4,
          `${variable.name}: ${slope} beside ${length ** 2}`,
        );
      }
    });
  });
}

test("a batch in parts, and dropout, give recorded steps that agree with the tape", () => {
  const x = grid((n, t) => 7 * n + 3 * t + n * t, 32, 5);
  const y = grid((n, t) => 5 * n + 2 * t + 1, 32, 5);
  for (const positions of ["learnt", "rotary", "none"]) {
    const model = small({ positions });
    giveFormula(model);
    tf.tidy(() => {
      const variables = variablesOf(model);
      const recorded = gradientFunction(model, variables)(numbersOf(x), numbersOf(y));
      const taped = tapedGradients(
        model,
        variables,
        sparseSoftmaxCrossEntropy,
      )(numbersOf(x), numbersOf(y));
      assert.ok(Math.abs(recorded.loss - taped.loss) < 1e-5);
      for (const [i, gradient] of recorded.gradients.entries()) {
        assert.ok(relativeError(gradient.dataSync(), taped.gradients[i].dataSync()) < 1e-4);
      }
    });
  }
  tf.dispose([x, y]);
});

test("no step looks ahead: what comes later changes nothing before", () => {
  for (const positions of ["learnt", "rotary", "none"]) {
    const model = small({ positions });
    giveFormula(model);
    tf.tidy(() => {
      const logits = (x: tf.Tensor) =>
        (model.predict(x) as tf.Tensor3D).slice([0, 0, 0], [N, 3, V]);
      const other = grid((n, t) => (t < 3 ? 7 * n + 3 * t + n * t : 10 - t));
      assert.ok(relativeError(logits(codes()).dataSync(), logits(other).dataSync()) < 1e-6);
    });
  }
});

test("rotary positions are relative: a product of two vectors depends on their distance only", () => {
  tf.tidy(() => {
    setSeed(2);
    const [q, k] = [tf.randomNormal([1, 1, 1, D]), tf.randomNormal([1, 1, 1, D])];
    const product = (m: number, n: number) =>
      tf.sum(tf.mul(rotated(q, m), rotated(k, n))).dataSync()[0];
    assert.ok(Math.abs(product(7, 3) - product(20, 16)) < 1e-4);
    assert.ok(Math.abs(product(7, 3) - product(7, 5)) > 1e-3);
    const length = (x: tf.Tensor) => tf.norm(x).dataSync()[0];
    assert.ok(Math.abs(length(rotated(q, 9)) - length(q)) < 1e-5);
  });
});

test("dropout blanks while training only, by the seed", () => {
  const model = small({ dropout: 0.5 });
  giveFormula(model);
  tf.tidy(() => {
    const variables = variablesOf(model);
    const lossAt = (seed: number) => {
      setSeed(seed);
      return gradientFunction(model, variables)(numbersOf(codes()), numbersOf(targets())).loss;
    };
    assert.equal(lossAt(1), lossAt(1));
    assert.notEqual(lossAt(1), lossAt(2));
    const [one, two] = [model.predict(codes()), model.predict(codes())] as tf.Tensor[];
    assert.deepEqual(one.dataSync(), two.dataSync());
  });
});

test("it learns by train, leaves no tensors, and comes back from a checkpoint", async () => {
  setSeed(5);
  const text = Int32Array.from({ length: 2000 }, (_, i) => [1, 2, 3, 4, 1, 2, 5, 6][i % 8]);
  const batches = () => sequenceBatches(text, { batchSize: 4, steps: C });
  const model = small({ width: 16 });
  const before = await evaluate(model, batches());
  const counts: number[] = [];
  const optimizer = adam({ learningRate: 0.01 });
  await train(model, batches, {
    maxSteps: 60,
    optimizer,
    callbacks: [{ onStep: () => void counts.push(tf.memory().numTensors) }],
  });
  const after = await evaluate(model, batches());
  assert.ok(before > 2 && after < 0.6, `${before} to ${after}`);
  assert.equal(new Set(counts.slice(2)).size, 1, `tensors: ${counts}`);
  const folder = mkdtempSync(path.join(tmpdir(), "karenina-transformer-"));
  const file = path.join(folder, "model.safetensors");
  saveModel(file, model);
  const again = await loadModel(file);
  rmSync(folder, { recursive: true });
  assert.equal(await evaluate(again, batches()), after);
  const resumed = await modelFromCheckpoint(checkpointOf(model, { optimizer }));
  await train(resumed, batches, {
    maxSteps: 61,
    resume: checkpointOf(model, { optimizer, step: 60 }),
  });
  assert.equal(again.countParams(), model.countParams());
});

test("sequences that are too long for learnt positions are refused, recorded or not", async () => {
  const text = Int32Array.from({ length: 200 }, (_, i) => i % V);
  const batches = () => sequenceBatches(text, { batchSize: 2, steps: C + 1 });
  await assert.rejects(train(small(), batches), /a sequence of 9 steps, but knows 8 places/);
  await train(small({ positions: "rotary" }), batches, { maxSteps: 1 });
});

test("a transformer has as many weights as its formula says", () => {
  const block = 4 * D + (D + 1) * 3 * D + (D + 1) * D + (D + 1) * M + (M + 1) * D;
  assert.equal(small().countParams(), V * D + C * D + L * block + 2 * D + D * V);
  assert.equal(small({ positions: "rotary" }).countParams(), small().countParams() - C * D);
});

test("options that make no transformer are named", () => {
  assert.throws(() => small({ vocabularySize: 0 }), /vocabularySize is 0/);
  assert.throws(() => small({ numHeads: 3 }), /width is 8, but must be a multiple of numHeads, 3/);
  assert.throws(() => small({ numHeads: 8, positions: "rotary" }), /twice numHeads, 8/);
  assert.throws(() => small({ positions: "sine" }), OptionError);
  assert.throws(() => small({ dropout: 1 }), /dropout is 1/);
});
