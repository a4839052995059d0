import { exercise } from "./exercise";

/** The value of n after `let n = 1` and three runs of a cell with `n = 2 * n + 1`. */
export const cellRunThrice = exercise<number>({
  title: "A cell that is run three times",
  answer: 15,
  mistakes: [
    {
      answer: 3,
      hint: "That is n after one run. The next run begins with what this one left.",
    },
    { answer: 7, hint: "That is n after two runs." },
    { answer: 31, hint: "That is n after four runs." },
    { answer: 8, hint: "Each run doubles n, yes, and then adds 1." },
    { answer: 1, hint: "The cell with `let n = 1` ran only once, at the beginning." },
  ],
  nudge: "Play the kernel on paper: what is n after each single run?",
  hint: "Write n down after each run, beginning with 1: doubled, plus 1.",
  because:
    "The kernel keeps n from run to run. That is why a notebook whose cells were run in another order " +
    "can show other results.",
});

/** An artificial neuron with one input: tanh(w x + b). */
export const neuron = exercise<(x: number, weight: number, bias: number) => number>({
  title: "An artificial neuron",
  answer: (x, weight, bias) => Math.tanh(weight * x + bias),
  observe: (neuron) => [
    neuron(0.5, 2, 1),
    neuron(-1, 0.5, 0.25),
    neuron(2, -1, 0.5),
    neuron(0, 3, -0.75),
  ],
  mistakes: [
    {
      answer: (x, weight) => Math.tanh(weight * x),
      hint: "The bias makes no difference in yours.",
    },
    {
      answer: (x, weight, bias) => Math.tanh(weight * x) + bias,
      hint:
        "A neuron's output lies between -1 and 1, and with a large bias yours does not: the bias is " +
        "added before tanh squeezes, not after.",
    },
    {
      answer: (x, weight, bias) => Math.tanh(weight * (x + bias)),
      hint: "The bias is added to the product. In yours it is multiplied by the weight, too.",
    },
    {
      answer: (x, weight, bias) => weight * x + bias,
      hint: "That is still a straight line. What squeezes it is missing: `Math.tanh`.",
    },
    {
      answer: (x, weight, bias) => Math.tanh(bias * x + weight),
      hint: "Weight and bias have changed places: the weight is what multiplies the input.",
    },
  ],
  nudge: "Look at the formula of section 2: in which order are its three steps done?",
  hint: "Multiply the input by the weight, add the bias, and take `Math.tanh` of the sum.",
  because: "A network is many of these side by side and one behind the other: lesson 02.",
});

/** The shape of B for which the product of A [2, 3] and B has the shape [2, 4]. */
export const shapeThatFits = exercise<readonly number[]>({
  title: "A shape that fits",
  answer: [3, 4],
  mistakes: [
    {
      answer: [4, 3],
      hint: "The right numbers, but swapped: B needs as many rows as A has columns. The rows come first.",
    },
    { answer: [2, 4], hint: "That is the shape of the product. What must B have?" },
    {
      answer: [3, 2],
      hint: "These can be multiplied, but the product has as many columns as B: two, not four.",
    },
    {
      answer: [2, 3],
      hint: "That is A's own shape. A has 3 columns, so B needs 3 rows: section 6 had this very error.",
    },
  ],
  nudge: "Which numbers of the two shapes must agree, and which ones are left in the product?",
  hint:
    "A [n, k] times B [k, m] has the shape [n, m]: what the two share is gone, the outer two are left. " +
    "Here n = 2 and k = 3.",
});

/** What is wrong with a step of gradient descent whose guesses jump from side to side, farther each time. */
export const guessFault = exercise<string>({
  title: "What is wrong with this step?",
  answer: "too large",
  mistakes: [
    {
      answer: "too small",
      hint: "Then the guess would creep towards 3 from one side. Here it jumps over the target.",
    },
    {
      answer: "negative",
      hint: "Then the guess would run away from 3 in one direction. Here it is on the other side after each step.",
    },
    { answer: "zero", hint: "Then the guess would never move." },
  ],
  nudge: "Look at two neighbouring guesses: on which side of the target is each, and how far away?",
  hint: 'One of "too small", "too large", "negative", "zero".',
  because:
    "The step is 2.05 times the distance: it lands on the other side, 1.05 times as far away. With more " +
    "than 2 a step makes things worse. In a network it is the learning rate that is too large.",
});
