import { tf } from "karenina";
import { Value } from "../autograd/value";
import { drawReal } from "./draws";
import { exercise } from "./exercise";

/** ∂L/∂w of L = (w x + b - y)² at w = 2, x = 3, b = -1, y = 4. */
export const slopeByHand = exercise<number>({
  title: "A slope by hand",
  answer: 6,
  mistakes: [
    {
      answer: 2,
      hint: "That is the derivative by b: the square's share, 2 (w x + b - y). w is multiplied by x.",
    },
    { answer: 3, hint: "That is the derivative of w x + b - y alone. The square has one, too." },
    { answer: 4, hint: "The factor inside is what w is multiplied by, not w itself." },
    { answer: 1, hint: "That is the loss itself at this place, not its slope." },
    { answer: 12, hint: "The square's derivative is 2 (w x + b - y): the difference is 1 here." },
  ],
  nudge:
    "Write the loss as three steps, one inside the other. What does each hand on, on the way back?",
  hint: "Go backwards: the square hands on 2 (w x + b - y), the sums 1, the product x.",
  because:
    "2 (2 · 3 - 1 - 4) · 3 = 6: each operation on the way back multiplied by its own derivative.",
});

/** An operation with a gradient rule that multiplies the incoming gradient by `slope`. */
const operation = (
  value: (x: number) => number,
  rule: (gradient: number, x: number) => number,
): ((x: Value) => Value) => {
  return (x) =>
    new Value(value(x.data), "", {
      operation: "sin",
      inputs: [x],
      gradientRule: (gradient) => [rule(gradient, x.data)],
    });
};

/** A sine for the scalar engine. */
export const sine = exercise<(x: Value) => Value>({
  title: "A new operation",
  answer: operation(Math.sin, (gradient, x) => gradient * Math.cos(x)),
  observe: (sine) =>
    [0.3, -2, 1.2].map((at) => {
      const x = new Value(drawReal(at));
      const result = sine(x.mul(2)).mul(3);
      result.backward();
      return [result.data, x.gradient];
    }),
  mistakes: [
    {
      answer: operation(Math.sin, (_gradient, x) => Math.cos(x)),
      hint: "Right for a sine that stands alone. What comes after it has a gradient, too: use the rule's argument.",
    },
    {
      answer: operation(Math.sin, (gradient, x) => -gradient * Math.cos(x)),
      hint: "The sign: the sine rises at 0, so its derivative there is +1.",
    },
    {
      answer: operation(Math.sin, (gradient, x) => gradient * Math.sin(x)),
      hint: "The value is right, but the sine is not its own derivative.",
    },
    {
      answer: (x) => new Value(Math.sin(x.data)),
      hint: "The value is right, but the result does not know what it was made from: no gradient gets past it.",
    },
    {
      answer: operation(Math.cos, (gradient, x) => -gradient * Math.sin(x)),
      hint: "That is a flawless cosine. A sine was asked for.",
    },
  ],
  nudge: "Look at how `tanh` was given to the engine. What is different for a sine?",
  hint: "The value is `Math.sin(x.data)`; the rule gets the gradient of the result and returns a list with that of x.",
  because: "With a value and a rule for the way back, any function can join the graph.",
});

/** The slope of a function by central differences. */
export const centralSlope = exercise<(f: (x: number) => number, x: number, h: number) => number>({
  title: "A slope by central differences",
  answer: (f, x, h) => (f(x + h) - f(x - h)) / (2 * h),
  observe: (slope) => [
    slope((x) => x ** 3, 2, 0.1),
    slope(Math.exp, -1, 0.2),
    slope((x) => 1 / x, 3, 0.4),
  ],
  mistakes: [
    {
      answer: (f, x, h) => (f(x + h) - f(x)) / h,
      hint: "That looks to one side only, and its error falls with h instead of h². Look to both sides.",
    },
    {
      answer: (f, x, h) => (f(x) - f(x - h)) / h,
      hint: "That looks back only, and its error falls with h instead of h². Look to both sides.",
    },
    {
      answer: (f, x, h) => (f(x + h) - f(x - h)) / h,
      hint: "From x - h to x + h it is how far?",
    },
    {
      answer: (f, x, h) => f(x + h) - f(x - h),
      hint: "That is how much f changes. A slope is the change divided by the distance.",
    },
    {
      answer: (f, x, h) => ((f(x + h) - f(x - h)) / 2) * h,
      hint: "Without brackets, `/ 2 * h` divides by 2 and multiplies by h.",
    },
    {
      answer: (f, x, h) => (f(x - h) - f(x + h)) / (2 * h),
      hint: "A function that rises has a positive slope. Yours has the other sign.",
    },
  ],
  nudge:
    "Draw a curve, and two points on it, as far to the left of x as to the right. Which slope do they give?",
  hint: "How much f changes from x - h to x + h, divided by the distance between the two.",
  because:
    "What is left out is f'''(x) h² / 6: with h = 0.1 it is the 0.01 between your 12.01 and 12.",
});

/** dL/dW of Y = X W, from X and dL/dY. */
export const matrixGradient = exercise<(X: tf.Tensor2D, dY: tf.Tensor2D) => tf.Tensor>({
  title: "The gradient of a matrix product",
  answer: (X, dY) => tf.matMul(X, dY, true),
  observe: (gradient) => {
    const X = tf.tensor2d([1, -2, 0.5, 3, 2, 1], [3, 2]);
    const dY = tf.tensor2d([1, 0, -1, 2, 0.5, 1, 0, -2, 1, 1, 3, -1], [3, 4]);
    return gradient(X, dY);
  },
  mistakes: [
    {
      answer: (X, dY) => tf.matMul(X, dY),
      hint: "As with numbers, times the other factor, but these shapes do not fit: [N, D] times [N, H]. In section 7 one of the two was transposed.",
    },
    {
      answer: (X, dY) => tf.matMul(X, dY, false, true),
      hint: "That is the rule for the first factor, dY times a transpose. Here it is the second whose gradient is asked for: the other one of the two is turned.",
    },
    {
      answer: (X, dY) => tf.div(tf.matMul(X, dY, true), X.shape[0]),
      hint: "Yours is the mean over the examples. Where the loss takes a mean, dY has it already.",
    },
    {
      answer: (X, dY) => tf.matMul(X, tf.onesLike(dY), true),
      hint: "Yours does not depend on dY, but the chain rule multiplies by what comes from behind.",
    },
    {
      answer: (X, dY) => tf.neg(tf.matMul(X, dY, true)),
      hint: "Yours points downhill. The gradient points uphill; the minus sign belongs to the step.",
    },
  ],
  nudge: "Write down the three shapes: of X, of dY, and the one that the gradient must have.",
  hint: "It must have the shape of W, [inputs, outputs], and X has the shape [examples, inputs]: which of the two factors has to be transposed?",
  because: "Shapes alone nearly give the formula: only one product of X and dY has the shape of W.",
});

/** x itself on the way forward, the gradient with the other sign on the way back. */
export const reverseGradient = exercise<(x: tf.Tensor) => tf.Tensor>({
  title: "Gradient reversal",
  answer: tf.customGrad((x) => ({
    value: (x as tf.Tensor).clone(),
    gradFunc: (dy: tf.Tensor) => tf.neg(dy),
  })),
  observe: (reverse) => {
    const x = tf.tensor1d([1, -2, 0.5]);
    const weighted = (t: tf.Tensor) => tf.sum(tf.mul(reverse(t), [1, -2, 3]));
    return [reverse(x), tf.grad(weighted)(x)];
  },
  mistakes: [
    {
      answer: (x) => tf.neg(x),
      hint: "Yours turns the values round, too. Forwards nothing may change.",
    },
    { answer: (x) => x.clone(), hint: "The values are right, but the gradient keeps its sign." },
    {
      answer: tf.customGrad((x) => ({
        value: (x as tf.Tensor).clone(),
        gradFunc: (dy: tf.Tensor) => tf.neg(tf.onesLike(dy)),
      })),
      hint: "Your gradient is -1 whatever comes from behind. `gradFunc` gets that as its argument: use it.",
    },
    {
      answer: tf.customGrad((x) => ({
        value: x as tf.Tensor,
        gradFunc: (dy: tf.Tensor) => tf.neg(dy),
      })),
      hint: "The values are right, but no gradient gets through. If `value` is the input itself, your operation is no step of the graph, and `gradFunc` is never asked: return a new tensor, `x.clone()`.",
    },
  ],
  nudge: "Two things are asked for, one for each direction. Which of them must stay as it is?",
  hint: "`value` is x unchanged, `gradFunc` returns its argument with the other sign.",
  because:
    "Ganin and Lempitsky (2015) train with it a network whose features must not tell two sources of data apart.",
});
