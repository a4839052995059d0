import "../../training/oneThread";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  adam,
  charRnn,
  layers,
  type Optimizer,
  random,
  randomInteger,
  ready,
  setSeed,
  sgd,
  tf,
} from "karenina";
import { engine } from "../../../../lib/engine/choice";
import { ownOperations } from "../../../../lib/engine/native/ownOperations";
import { PlainSlots } from "../../../../lib/engine/plain/updates";
import { StepUpdate } from "../../../../lib/training/stepUpdate";
import { NotFiniteError } from "../../../../lib/training/stopping";
import { everyOptimizer } from "../everyOptimizer";

before(() => ready());
// On WebAssembly, without a compiler, and where they are switched off, there is nothing of it.
const skip = () => engine().name !== "native" || ownOperations() === undefined;

/** An optimizer whose every update is the plain engine's, which knows nothing of the native one. */
function onPlainEngine(optimizer: Optimizer): Optimizer {
  const { rule } = optimizer as unknown as { rule: ConstructorParameters<typeof PlainSlots>[0] };
  let slots: PlainSlots | undefined;
  let step = 0;
  return Object.assign(Object.create(optimizer) as Optimizer, {
    plan: undefined,
    applyGradients(variables: tf.Variable[], gradients: tf.Tensor[]) {
      const initial = Object.values(rule.slots).map((value) =>
        variables.map(({ size }) => new Float32Array(size).fill(value)),
      );
      slots ??= new PlainSlots(rule, variables, initial);
      step++;
      slots.update(rule.scalars(step, optimizer.learningRate), gradients);
    },
  });
}

const dense = (D: number, M: number, H: number) =>
  tf.sequential({
    layers: [
      layers.dense({ units: H, activation: "tanh", inputShape: [D] }),
      layers.dense({ units: M }),
    ],
  });

function batchOf(N: number, D: number, M: number) {
  const x = Array.from({ length: N }, () => Float32Array.from({ length: D }, () => random() - 0.5));
  const labels = Int32Array.from({ length: N }, () => randomInteger(M));
  return { x, y: tf.tensor1d(labels, "int32") };
}

const read = (model: tf.LayersModel) =>
  model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));

function differences(ones: Float32Array[], others: Float32Array[]): number {
  return Math.max(
    ...ones.flatMap((each, i) => Array.from(each, (value, k) => Math.abs(value - others[i][k]))),
  );
}

for (const [name, make] of Object.entries(everyOptimizer)) {
  test(`recorded steps of ${name} go where the plain engine's go, with every limit`, (t) => {
    if (skip()) {
      return t.skip();
    }
    // The first ones are smaller than any vector; the last one is large enough for several cores, and its
    // first gradient comes in pieces.
    const cases: [number[], object][] = [
      [[1, 1, 2, 1], {}],
      [[3, 2, 3, 5], { clipNorm: 1000, weightDecay: 0.1 }],
      [[16, 9, 4, 17], { clipValue: 0.002 }],
      [[64, 301, 5, 150], { clipNorm: 0.05 }],
    ];
    for (const [sizes, options] of cases) {
      const [N, D, M, H] = sizes;
      setSeed(`${name} ${N} ${D}`);
      const [model, other] = [dense(D, M, H), dense(D, M, H)];
      other.setWeights(model.getWeights());
      const own = new StepUpdate(model, options);
      const plain = new StepUpdate(other, options);
      const [optimizer, reference] = [make(), onPlainEngine(make())];
      for (let step = 1; step <= 4; step++) {
        const batch = batchOf(N, D, M);
        const reported = own.run(batch, optimizer, step);
        const expected = plain.run(batch, reference, step);
        // Sums of another order: some units in the last place of float32.
        assert.ok(Math.abs(reported.loss - expected.loss) < 1e-5 * (1 + expected.loss));
        assert.ok(
          Math.abs(reported.gradientNorm - expected.gradientNorm) <
            1e-4 * (1e-3 + expected.gradientNorm),
        );
      }
      // A quotient such as Adam's g / |g| turns a rounding of a small gradient into one of the step.
      const apart = differences(read(model), read(other));
      assert.ok(apart < 2e-4, `${JSON.stringify(options)} ${sizes}: ${apart} apart`);
      assert.equal(optimizer.state().step, 4);
      for (const each of [own, plain, model, other, optimizer]) {
        each.dispose();
      }
    }
  });
}

test("where loss or norm is not finite, nothing has moved, and training can go on", (t) => {
  if (skip()) {
    return t.skip();
  }
  setSeed("not finite");
  // Linear, so that large numbers go through: of 1e30, the loss is finite and the norm is not.
  const model = tf.sequential({
    layers: [layers.dense({ units: 301, inputShape: [150] }), layers.dense({ units: 5 })],
  });
  const update = new StepUpdate(model, { clipNorm: 1 });
  const optimizer = adam();
  const good = batchOf(16, 150, 5);
  update.run(good, optimizer, 1);
  const [weights, state] = [read(model), optimizer.state()];
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 1e30]) {
    const x = good.x.map((row) => row.slice().fill(bad));
    assert.throws(() => update.run({ x, y: good.y }, optimizer, 2), NotFiniteError);
    assert.deepEqual(read(model), weights);
    assert.deepEqual(optimizer.state(), state);
  }
  update.run(good, optimizer, 2);
  assert.ok(differences(read(model), weights) > 0);
  assert.equal(optimizer.state().step, 2);
});

test("what was made of weights before a step keeps what it showed", (t) => {
  if (skip()) {
    return t.skip();
  }
  setSeed("shared");
  const model = dense(16, 4, 32);
  const update = new StepUpdate(model, {});
  const optimizer = sgd({ learningRate: 0.5 });
  const batch = batchOf(8, 16, 4);
  const [kernel] = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  // Before the first step, after it, and after one that nobody looked at.
  for (let step = 1; step <= 4; step++) {
    if (step === 3) {
      update.run(batch, optimizer, step);
      continue;
    }
    const shown = Float32Array.from(kernel.dataSync());
    const kept = [
      kernel.clone(),
      tf.reshape(kernel, [32, 16]),
      // TensorFlow cuts whole rows without a copy.
      tf.slice(kernel, [0, 0], [16, 32]),
      tf.tensor(kernel.arraySync()),
    ];
    update.run(batch, optimizer, step);
    assert.ok(differences([Float32Array.from(kernel.dataSync())], [shown]) > 0);
    for (const tensor of kept) {
      assert.deepEqual(Float32Array.from(tensor.dataSync()), shown);
    }
    tf.dispose(kept);
  }
  // A clone that is read only after the step.
  const before = kernel.clone();
  update.run(batch, optimizer, 5);
  const [then, now] = [before, kernel].map((each) => Float32Array.from(each.dataSync()));
  assert.ok(differences([then], [now]) > 0);
  before.dispose();
  assert.deepEqual(Float32Array.from(kernel.dataSync()), now);
});

test("a step begins with what somebody else has set the weights to", (t) => {
  if (skip()) {
    return t.skip();
  }
  setSeed("set");
  const [model, other] = [dense(6, 3, 9), dense(6, 3, 9)];
  const ones = model.getWeights().map((weight) => tf.onesLike(weight));
  const batch = batchOf(8, 6, 3);
  const [update, reference] = [new StepUpdate(model, {}), new StepUpdate(other, {})];
  const optimizer = sgd({ learningRate: 0.1 });
  update.run(batch, optimizer, 1);
  model.setWeights(ones);
  other.setWeights(ones);
  // Two optimizers in turn, of which each finds what the other left.
  const second = sgd({ learningRate: 0.1 });
  const alone = sgd({ learningRate: 0.1 });
  for (let step = 2; step <= 6; step++) {
    update.run(batch, step % 2 === 0 ? optimizer : second, step);
    reference.run(batch, alone, step);
    assert.deepEqual(read(model), read(other));
  }
  // Without its optimizers the model has its weights still.
  const last = read(model);
  optimizer.dispose();
  assert.deepEqual(read(model), last);
  second.dispose();
  assert.deepEqual(read(model), last);
  model.setWeights(ones);
  assert.ok(read(model).every((each) => each.every((value) => value === 1)));
});

test("steps and copies leave no tensor behind", (t) => {
  if (skip()) {
    return t.skip();
  }
  setSeed("handles");
  const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
  const batch = {
    x: Array.from({ length: 16 }, () => Int32Array.from({ length: 6 }, () => randomInteger(9))),
    y: Array.from({ length: 16 }, () => Int32Array.from({ length: 6 }, () => randomInteger(9))),
  };
  const once = () => {
    const model = charRnn({ vocabularySize: 9, batchSize: 16, hiddenSize: 7 });
    const update = new StepUpdate(model, { clipNorm: 1 });
    const optimizer = adam();
    const counts: number[] = [];
    for (let step = 1; step <= 9; step++) {
      update.run(batch, optimizer, step);
      const kept = step % 2 === 0 ? model.getWeights().map((weight) => weight.clone()) : [];
      if (step % 3 === 0) {
        read(model);
      }
      update.run(batch, optimizer, step);
      tf.dispose(kept);
      counts.push(binding.getNumOfTensors());
    }
    optimizer.dispose();
    update.dispose();
    model.dispose();
    return counts;
  };
  once();
  const begun = binding.getNumOfTensors();
  const counts = once();
  assert.equal(new Set(counts.slice(1)).size, 1, `${counts} handles`);
  assert.equal(binding.getNumOfTensors(), begun);
});
