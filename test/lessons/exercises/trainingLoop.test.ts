import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ready, tf } from "karenina";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { proveExercises } from "./prove";

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
