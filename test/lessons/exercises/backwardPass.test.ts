import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ready, tf } from "karenina";
import { exercisesOf } from "../../../lessons/exercises";
import { proveExercises } from "./prove";

const lesson = exercisesOf.backwardPass;
before(() => ready());
proveExercises(lesson);

test("the answers together give what TensorFlow's own gradients are", () => {
  tf.tidy(() => {
    const X = tf.randomNormal<tf.Rank.R2>([5, 4], 0, 1, "float32", 3);
    const Y = tf.oneHot(tf.tensor1d([0, 2, 1, 1, 0], "int32"), 3).toFloat() as tf.Tensor2D;
    const weights = [
      tf.randomNormal<tf.Rank.R2>([4, 6], 0, 1, "float32", 4),
      tf.randomNormal<tf.Rank.R1>([6], 0, 1, "float32", 5),
      tf.randomNormal<tf.Rank.R2>([6, 3], 0, 1, "float32", 6),
      tf.randomNormal<tf.Rank.R1>([3], 0, 1, "float32", 7),
    ] as const;
    const forwards = (W1: tf.Tensor, b1: tf.Tensor, W2: tf.Tensor, b2: tf.Tensor) => {
      const H = tf.relu(tf.add(tf.matMul(X, W1 as tf.Tensor2D), b1));
      return { H, P: tf.softmax(tf.add(tf.matMul(H as tf.Tensor2D, W2 as tf.Tensor2D), b2)) };
    };
    const loss = (...given: tf.Tensor[]) => {
      const { P } = forwards(given[0], given[1], given[2], given[3]);
      return tf.neg(tf.mean(tf.sum(tf.mul(Y, tf.log(P)), 1)));
    };
    const expected = tf.grads(loss)([...weights]);

    const { H, P } = forwards(...weights);
    const dZ = lesson.backSoftmax.exercise.answer(P as tf.Tensor2D, Y) as tf.Tensor2D;
    const hidden = H as tf.Tensor2D;
    const [dH, dW2, db2] = lesson.backDense.exercise.answer(hidden, weights[2], dZ);
    const dA = lesson.backRelu.exercise.answer(hidden, dH as tf.Tensor2D) as tf.Tensor2D;
    const [, dW1, db1] = lesson.backDense.exercise.answer(X, weights[0], dA);
    for (const [i, own] of [dW1, db1, dW2, db2].entries()) {
      assert.deepEqual(own.shape, expected[i].shape);
      assert.ok(tf.max(tf.abs(tf.sub(own, expected[i]))).dataSync()[0] < 1e-5);
    }
  });
});
