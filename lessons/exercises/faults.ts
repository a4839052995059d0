import { drawWhole } from "./draws";
import { exercise } from "./exercise";

type Deal = (
  x: readonly number[][],
  y: readonly number[],
  order: readonly number[],
) => { x: number[][]; y: number[] };

/** Lesson 04: examples in a new order, of which the faulty version left the targets where they were. */
export const dealtRows = exercise<Deal>({
  title: "Find the fault: training without learning",
  answer: (x, y, order) => ({ x: order.map((row) => x[row]), y: order.map((row) => y[row]) }),
  observe: (deal) => [
    deal(
      [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ],
      [10, 20, 30, 40],
      [2, 0, 3, 1],
    ),
    deal([[1], [2], [3]], [0.5, 0.25, 0.75], [1, 2, 0]),
  ],
  mistakes: [
    {
      answer: (x, y, order) => ({ x: order.map((row) => x[row]), y: [...y] }),
      hint: "The fault is still there: which target stands beside the first row now?",
    },
    {
      answer: (x, y, order) => {
        const targets: number[] = [];
        for (const [i, row] of order.entries()) {
          targets[row] = y[i];
        }
        return { x: order.map((row) => x[row]), y: targets };
      },
      hint: "The targets go the other way round. Row i takes example order[i], and so must its target.",
    },
    {
      answer: (x, y) => ({ x: x.map((row) => [...row]), y: [...y] }),
      hint: "Now nothing is shuffled. Both have to be put into the new order.",
    },
    {
      answer: (x, y, order) => {
        const reversed = [...order].reverse();
        return { x: order.map((row) => x[row]), y: reversed.map((row) => y[row]) };
      },
      hint: "The targets need the same order as the rows.",
    },
  ],
  nudge: "Take a row of the result and its target: did they belong together before?",
  hint: "Row i of the result is example order[i]: take x and y of the same example.",
  because: "A target has to stay with its row. Shuffled apart, they are random labels.",
});

/** Lesson 03: the standard deviation of the first weights of a layer with D inputs that keeps a signal. */
export const keepingScale = exercise<(inputs: number) => number>({
  title: "Find the fault: nothing moves",
  answer: (inputs) => 1 / Math.sqrt(inputs),
  observe: (scale) => [scale(100), scale(drawWhole(784, 101, 999)), scale(400)],
  mistakes: [
    {
      answer: (inputs) => 1 / inputs,
      hint: "The fault is still there: the signal shrinks by the root of D in every layer.",
    },
    {
      answer: (inputs) => 1 / inputs ** 2,
      hint: "That makes it worse. Variances add up, so how do standard deviations grow?",
    },
    {
      answer: (inputs) => Math.sqrt(inputs),
      hint: "That grows with the inputs, and the signal with it. Divide.",
    },
    {
      answer: () => 0.05,
      hint: "That is right for 400 inputs only. Let it depend on D.",
    },
  ],
  nudge:
    "By which factor does a layer change the size of a signal, and what should that factor be?",
  hint: "A layer multiplies the signal by σ √D. For which σ is that 1?",
  because:
    "With tanh, σ √D = 1 keeps small signals. ReLU halves the power, so He's rule has √(2 / D).",
});
