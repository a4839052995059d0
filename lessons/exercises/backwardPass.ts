import { tf } from "karenina";
import { drawReal } from "./draws";
import { exercise } from "./exercise";

type BackSoftmax = (P: tf.Tensor2D, Y: tf.Tensor2D) => tf.Tensor;
type BackActivation = (H: tf.Tensor2D, dH: tf.Tensor2D) => tf.Tensor;
/** The gradients of a dense layer's input, weights and biases. */
type BackDense = (X: tf.Tensor2D, W: tf.Tensor2D, dY: tf.Tensor2D) => tf.Tensor[];

/** ∂L/∂Z of L, the mean cross-entropy of P = softmax(Z) and Y. */
export const backSoftmax = exercise<BackSoftmax>({
  title: "Back through softmax and cross-entropy",
  answer: (P, Y) => tf.div(tf.sub(P, Y), P.shape[0]),
  observe: (back) => {
    const P = tf.softmax(tf.tensor2d([1, -1, 0.5, 0, 2, 0.3], [2, 3]));
    return back(P, tf.tensor2d([1, 0, 0, 0, 0, 1], [2, 3]));
  },
  mistakes: [
    {
      answer: (P, Y) => tf.sub(P, Y),
      hint: "Right for a single bird. The loss is a mean over N of them, so each has an N-th of the influence.",
    },
    {
      answer: (P, Y) => tf.div(tf.sub(Y, P), P.shape[0]),
      hint: "The sign: where the right species has too little probability its score must rise, so the gradient there is negative.",
    },
    {
      answer: (P, Y) => tf.div(tf.neg(tf.div(Y, P)), P.shape[0]),
      hint: "That is the gradient by the probabilities P. Go one step further back, through the softmax, to the scores: it becomes simpler.",
    },
    {
      answer: (P, Y) => tf.div(tf.sub(P, Y), P.size),
      hint: "You divide by the number of all entries. The mean is taken over the birds only: `P.shape[0]`.",
    },
  ],
  nudge:
    "Take a single bird first. What do its three probabilities and its three targets have to do with the gradient?",
  hint: "For one bird ∂L/∂z is p - y, and the mean over N birds divides it by N = `P.shape[0]`.",
  because: "Each score is pushed by exactly as much as its probability is off.",
});

/** ∂L/∂(input) of H = relu(input), from H and ∂L/∂H. */
export const backRelu = exercise<BackActivation>({
  title: "Back through ReLU",
  answer: (H, dH) => tf.mul(dH, tf.cast(tf.greater(H, 0), "float32")),
  observe: (back) => {
    const H = tf.tensor2d([0, 2, 0.5, 0, 3, 0], [2, 3]);
    return back(H, tf.tensor2d([1, -2, 3, -4, 5, 6].map(drawReal), [2, 3]));
  },
  mistakes: [
    {
      answer: (_, dH) => dH.clone(),
      hint: "Yours lets everything through. Where the output is 0 the ReLU is flat, and nothing may pass.",
    },
    {
      answer: (_, dH) => tf.relu(dH),
      hint: "What decides is the sign of the ReLU's own input, not that of the gradient: a negative gradient may well pass.",
    },
    {
      answer: (H, dH) => tf.mul(dH, H),
      hint: "You multiply by the output. The slope of a ReLU is 1 or 0.",
    },
  ],
  nudge: "Where does ReLU let a number through, and what happened to all others?",
  hint: "The gradient passes where H is above 0, and is 0 elsewhere.",
});

/** ∂L/∂X, ∂L/∂W and ∂L/∂b of Y = X W + b, from ∂L/∂Y. */
export const backDense = exercise<BackDense>({
  title: "Back through a dense layer",
  answer: (X, W, dY) => [tf.matMul(dY, W, false, true), tf.matMul(X, dY, true), tf.sum(dY, 0)],
  observe: (back) => {
    const X = tf.tensor2d([1, -2, 0.5, 3, 2, 1], [3, 2]);
    const W = tf.tensor2d([1, 0.5, -1, 2, -0.5, 3, 1, 0], [2, 4]);
    return back(X, W, tf.tensor2d([1, 0, -1, 2, 0.5, 1, 0, -2, 1, 1, 3, -1], [3, 4]));
  },
  mistakes: [
    {
      answer: (X, W, dY) => [tf.matMul(dY, W, false, true), tf.matMul(X, dY, true), tf.mean(dY, 0)],
      hint: "Yours has the mean over the birds for the biases. Where the loss takes a mean, dY has it already: a bias is added to every row, so its gradient is their sum.",
    },
    {
      answer: (X, W, dY) => [tf.matMul(dY, W, false, true), tf.matMul(X, dY, true), dY.clone()],
      hint: "The gradient of b must have the shape of b, one number for each unit: add up the rows of dY.",
    },
    {
      answer: (X, W, dY) => [tf.matMul(X, dY, true), tf.matMul(dY, W, false, true), tf.sum(dY, 0)],
      hint: "The right three, in another order: first that of X, then that of W, then that of b.",
    },
  ],
  nudge: "Three gradients are asked for. Which shape must each of them have?",
  hint: "Shapes decide: X [N, D], W [D, H], dY [N, H]. Lesson 01 has the gradient of X; its exercise 4 that of W; b is added to every row.",
});

/** What is wrong with a classifier that is nearly always right and has a loss that ends at 0.6. */
export const penguinsFault = exercise<string>({
  title: "What is wrong with this classifier?",
  answer: "softmax twice",
  mistakes: [
    {
      answer: "rate too small",
      hint: "Then both curves would still be on their way. This loss is flat, and the accuracy is as high as ever.",
    },
    {
      answer: "not standardised",
      hint: "Then the loss would be large or jump about, and the accuracy would be poor. This one is nearly always right, and still unsure.",
    },
    {
      answer: "labels shuffled",
      hint: "Then the accuracy would be that of guessing. It is nearly 1 here: who is right, and never gives more than 0.58 to it?",
    },
  ],
  nudge: "How low could the loss get if the network were quite sure? Compare with where it stays.",
  hint: 'One of "softmax twice", "rate too small", "not standardised", "labels shuffled".',
  because:
    "The second softmax gets probabilities between 0 and 1 as its scores, so it can give at most " +
    "e / (e + 2) = 0.58, and the loss cannot fall below 0.55. In PyTorch it is a softmax before " +
    "`CrossEntropyLoss`, which has one of its own.",
});
