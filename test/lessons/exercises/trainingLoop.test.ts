import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ready, tf } from "karenina";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises, tryForms } from "./prove";

const lesson = exercisesOf.trainingLoop;
before(() => ready());
proveExercises(lesson);

test("a loss by the library, and a step by minimize, are right, too", () => {
  const byKeras = (model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor) =>
    tf.mean(tf.metrics.categoricalCrossentropy(y, model.apply(x) as tf.Tensor)).asScalar();
  assert.equal(judge(lesson.batchLoss.exercise, byKeras).kind, "right");
  const byMinimize = (
    model: tf.LayersModel,
    optimizer: tf.Optimizer,
    x: tf.Tensor,
    y: tf.Tensor,
  ) => {
    const loss = optimizer.minimize(() => lesson.batchLoss.exercise.answer(model, x, y), true);
    return (loss as tf.Scalar).dataSync()[0];
  };
  assert.equal(judge(lesson.trainingStep.exercise, byMinimize).kind, "right");
});

test("the answers together train as fit does", async () => {
  const build = () =>
    tf.sequential({
      layers: [
        tf.layers.dense({ units: 8, activation: "relu", inputShape: [2] }),
        tf.layers.dense({ units: 3, activation: "softmax" }),
      ],
    });
  const [own, fitted] = [build(), build()];
  fitted.setWeights(own.getWeights());
  const x = tf.randomNormal([22, 2], 0, 1, "float32", 1);
  const y = tf.oneHot(
    tf.tensor1d(
      Array.from({ length: 22 }, (_, i) => i % 3),
      "int32",
    ),
    3,
  );
  fitted.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy" });
  const { history } = await fitted.fit(x, y, {
    epochs: 3,
    batchSize: 8,
    shuffle: false,
    verbose: 0,
  });
  const optimizer = tf.train.adam(0.01);
  const onBatch = (rows: tf.Tensor, targets: tf.Tensor) =>
    lesson.trainingStep.exercise.answer(own, optimizer, rows, targets);
  for (const loss of history.loss as number[]) {
    const mine = lesson.trainingEpoch.exercise.answer(onBatch, x, y, 8);
    assert.ok(Math.abs(mine - loss) < 1e-5, `${mine} and ${loss}`);
  }
});

const probabilities = (model: tf.LayersModel, x: tf.Tensor) => model.apply(x) as tf.Tensor;

tryForms("batchLoss", lesson.batchLoss, {
  right: [
    // Softmax of ln p is p itself.
    (model, x, y) => tf.losses.softmaxCrossEntropy(y, tf.log(probabilities(model, x))).asScalar(),
    (model, x, y) => {
      const right = tf.sum(tf.mul(probabilities(model, x), y), 1);
      return tf.mean(tf.neg(tf.log(right))).asScalar();
    },
    (model, x, y) => {
      const all = tf.sum(tf.mul(y, tf.log(probabilities(model, x))));
      return tf.div(all, -x.shape[0]).asScalar();
    },
    (model, x, y) =>
      tf.mean(tf.sum(tf.mul(tf.neg(y), tf.log(probabilities(model, x))), -1)).asScalar(),
  ],
  wrong: [
    [
      (model, x, y) => tf.losses.softmaxCrossEntropy(y, probabilities(model, x)).asScalar(),
      /takes logits/,
    ],
    [(model, x) => tf.neg(tf.mean(tf.log(probabilities(model, x)))).asScalar(), /picked out by y/],
    [
      (model, x, y) => tf.neg(tf.mean(tf.sum(tf.mul(y, probabilities(model, x)), 1))).asScalar(),
      /ln p/,
    ],
    [
      (model, x, y) => {
        const bits = tf.div(tf.log(probabilities(model, x)), Math.LN2);
        return tf.neg(tf.mean(tf.sum(tf.mul(y, bits), 1))).asScalar();
      },
      /ln p/,
    ],
    [
      (model, x, y) =>
        tf.neg(tf.sum(tf.mean(tf.mul(y, tf.log(probabilities(model, x))), 1))).asScalar(),
      /birds/,
    ],
    [(_model, _x, y) => tf.mean(y).asScalar(), /ln p|Cannot|gradient/],
  ],
});

const lossOf = lesson.batchLoss.exercise.answer;

tryForms("trainingStep", lesson.trainingStep, {
  right: [
    (model, optimizer, x, y) => {
      const { value, grads } = tf.variableGrads(() => lossOf(model, x, y));
      const [loss] = value.dataSync();
      optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
      tf.dispose([value, grads]);
      return loss;
    },
    (model, optimizer, x, y) =>
      tf.tidy(() => optimizer.minimize(() => lossOf(model, x, y), true)!.dataSync()[0]),
    (model, optimizer, x, y) => {
      const before = tf.tidy(() => lossOf(model, x, y).dataSync()[0]);
      tf.dispose(optimizer.minimize(() => lossOf(model, x, y)) ?? []);
      return before;
    },
  ],
  wrong: [
    [(model, _optimizer, x, y) => lossOf(model, x, y).dataSync()[0], /stay where they are/],
    [
      (model, _optimizer, x, y) => {
        const own = tf.train.sgd(0.1);
        return own.minimize(() => lossOf(model, x, y), true)!.dataSync()[0];
      },
      /applyGradients/,
    ],
    [
      (model, optimizer, x, y) => {
        optimizer.minimize(() => lossOf(model, x, y));
        return 0;
      },
      /return the number in `value`/,
    ],
    [
      (model, optimizer, x, y) => {
        optimizer.minimize(() => tf.neg(lossOf(model, x, y)).asScalar());
        return lossOf(model, x, y).dataSync()[0];
      },
      /applyGradients/,
    ],
    [
      (model, optimizer, x, y) =>
        optimizer.minimize(() => lossOf(model, x, y), true) as unknown as number,
      /tensor/,
    ],
  ],
});

tryForms("trainingEpoch", lesson.trainingEpoch, {
  right: [
    (onBatch, x, y, batchSize) => {
      let [sum, begin] = [0, 0];
      while (begin < x.shape[0]) {
        const size = Math.min(batchSize, x.shape[0] - begin);
        sum += size * onBatch(tf.slice(x, begin, size), tf.slice(y, begin, size));
        begin += size;
      }
      return sum / x.shape[0];
    },
    (onBatch, x, y, batchSize) => {
      const rows = x.shape[0];
      const sizes = Array.from({ length: Math.ceil(rows / batchSize) }, (_, i) =>
        Math.min(batchSize, rows - i * batchSize),
      );
      const [xs, ys] = [tf.split(x, sizes), tf.split(y, sizes)];
      return sizes.reduce((mean, size, i) => mean + (size / rows) * onBatch(xs[i], ys[i]), 0);
    },
    (onBatch, x, y, batchSize) => {
      const losses: number[] = [];
      for (let at = 0; at < x.shape[0]; at += batchSize) {
        const rows = tf.range(at, Math.min(at + batchSize, x.shape[0]), 1, "int32");
        const loss = onBatch(tf.gather(x, rows), tf.gather(y, rows));
        losses.push(...Array.from({ length: rows.size }, () => loss));
      }
      return losses.reduce((a, b) => a + b) / losses.length;
    },
  ],
  wrong: [
    [
      (onBatch, x, y, batchSize) => {
        let sum = 0;
        for (let at = 0; at < x.shape[0]; at += batchSize) {
          const size = Math.min(batchSize, x.shape[0] - at);
          sum += onBatch(tf.slice(x, at, size), tf.slice(y, at, size)) * size;
        }
        return sum;
      },
      /divide by their number/,
    ],
    [
      (onBatch, x, y, batchSize) => onBatch(tf.slice(x, 0, batchSize), tf.slice(y, 0, batchSize)),
      /batchSize/,
    ],
    [
      (onBatch, x, y, batchSize) => {
        let sum = 0;
        for (let at = 0; at < x.shape[0]; at += batchSize) {
          const size = Math.min(batchSize, x.shape[0] - at);
          sum += onBatch(tf.slice(x, at, size), tf.slice(y, 0, size)) * size;
        }
        return sum / x.shape[0];
      },
      /batchSize/,
    ],
    [
      (onBatch, x, y, batchSize) => {
        let loss = 0;
        for (let at = 0; at < x.shape[0]; at += batchSize) {
          loss = onBatch(tf.slice(x, at, batchSize), tf.slice(y, at, batchSize));
        }
        return loss;
      },
      /Slice.*Expected size/,
    ],
    [() => 0, /batchSize/],
  ],
});
