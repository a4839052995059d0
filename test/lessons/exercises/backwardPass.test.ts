import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ready, tf } from "karenina";
import { exercisesOf } from "../../../lessons/exercises";
import { proveExercises, tryForms } from "./prove";

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

tryForms("backSoftmax", lesson.backSoftmax, {
  right: [
    (P, Y) => tf.mul(tf.sub(P, Y), 1 / P.shape[0]),
    (P, Y) => tf.neg(tf.div(tf.sub(Y, P), Y.shape[0])),
    (P, Y) => tf.sub(tf.div(P, P.shape[0]), tf.div(Y, P.shape[0])),
  ],
  wrong: [
    [(P) => tf.div(P, P.shape[0]), /p - y/],
    [(P, Y) => tf.div(tf.sub(P, Y), P.shape[1]), /P\.shape\[0\]/],
    [(P, Y) => tf.div(tf.square(tf.sub(P, Y)), P.shape[0]), /p - y/],
    [(P, Y) => tf.div(tf.mul(tf.sub(P, Y), Y), P.shape[0]), /p - y/],
    [(P, Y) => tf.mean(tf.sub(P, Y), 0), /shape/],
  ],
});

tryForms("backRelu", lesson.backRelu, {
  right: [
    (H, dH) => tf.where(tf.greater(H, 0), dH, tf.zerosLike(dH)),
    (H, dH) => tf.mul(dH, tf.sign(H)),
    (H, dH) => tf.mul(tf.step(H), dH),
  ],
  wrong: [
    [(H, dH) => tf.mul(dH, tf.cast(tf.greaterEqual(H, 0), "float32")), /lets everything through/],
    [(H, dH) => tf.mul(dH, tf.cast(tf.greater(H, 1), "float32")), /above 0/],
    [(H, dH) => tf.mul(dH, tf.cast(tf.equal(H, 0), "float32")), /above 0/],
    [(H) => tf.cast(tf.greater(H, 0), "float32"), /above 0/],
    [(H, dH) => tf.neg(tf.mul(dH, tf.step(H))), /sign|above 0/],
  ],
});

tryForms("backDense", lesson.backDense, {
  right: [
    (X, W, dY) => [
      tf.matMul(dY, tf.transpose(W)),
      tf.matMul(tf.transpose(X), dY),
      tf.matMul(tf.ones([1, dY.shape[0]]), dY).flatten(),
    ],
    (X, W, dY) => {
      const dX = tf.transpose(tf.matMul(W, dY, false, true));
      return [dX, tf.transpose(tf.matMul(dY, X, true)), dY.sum(0)];
    },
    (X, W, dY) => [
      tf.einsum("nh,dh->nd", dY, W),
      tf.einsum("nd,nh->dh", X, dY),
      tf.addN(tf.unstack(dY, 0)),
    ],
  ],
  wrong: [
    [
      (X, W, dY) => [tf.matMul(dY, W, false, true), tf.matMul(X, dY, true), tf.sum(dY, 1)],
      /shape/i,
    ],
    [(X, W, dY) => [tf.matMul(dY, W, false, true), tf.matMul(X, dY, true)], /3/],
    [(X, W, dY) => [tf.matMul(dY, W, false, true), tf.matMul(X, dY, true), tf.sum(dY)], /shape/i],
    [
      (X, W, dY) => [
        tf.matMul(dY, W, false, true),
        tf.div(tf.matMul(X, dY, true), X.shape[0]),
        tf.sum(dY, 0),
      ],
      /Shapes decide|mean/,
    ],
    [
      (X, W, dY) => [tf.matMul(dY, W, false, true), tf.matMul(X, dY, true), tf.ones([4])],
      /added to every row/,
    ],
  ],
});

tryForms("penguinsFault", lesson.penguinsFault, {
  right: ["softmax twice", "Softmax twice", " softmax  twice "],
  wrong: [
    ["rate too small", /still be on their way/],
    ["not standardised", /accuracy would be poor/],
    ["labels shuffled", /that of guessing/],
    ["softmax", /One of/],
    ["overfitting", /One of/],
  ],
});
