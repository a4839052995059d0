import { earlyStop } from "./earlyStop";
import { exercise } from "./exercise";

const DIAGNOSES: readonly string[] = ["overfits", "underfits", "neither"];

/** Which of four networks, whose losses the lesson gives, "overfits", "underfits", or does "neither". */
export const diagnose = exercise<string[]>({
  title: "Four diagnoses",
  answer: ["overfits", "underfits", "neither", "overfits"],
  mistakes: [
    {
      answer: ["overfitting", "underfitting", "neither", "overfitting"],
      when: (said) => said.some((word) => word !== "" && !DIAGNOSES.includes(word)),
      hint: 'Each is one of the three words "overfits", "underfits", "neither": one of yours is another.',
    },
    {
      answer: ["underfits", "overfits", "neither", "underfits"],
      hint: "The two are swapped: a network that overfits is good on its training set.",
    },
    {
      answer: ["overfits", "underfits", "neither", "neither"],
      when: (said) => said[0] === "overfits" && said[1] === "underfits" && said[3] !== "overfits",
      hint:
        "Look at D again: it has the lowest validation loss of all, and still its training loss is " +
        "a quarter of that. Something is left to gain.",
    },
    {
      answer: ["overfits", "neither", "neither", "overfits"],
      when: (said) => said[1] !== "underfits",
      hint: "Look at B again: guessing the mean has a loss of 1. How much better is B, even in training?",
    },
    {
      answer: ["overfits", "underfits", "overfits", "overfits"],
      when: (said) => said[2] !== "neither",
      hint: "Look at C again: between its two losses there is hardly more than chance makes of two sets.",
    },
    {
      answer: ["neither", "underfits", "neither", "overfits"],
      when: (said) => said[0] !== "overfits",
      hint: "Look at A again: on its training set it is nearly perfect. And on new wines?",
    },
  ],
  nudge:
    "For each network ask two questions: is its training loss low, and is its validation loss much higher?",
  hint:
    "High losses on both sets: underfits. A training loss far below the validation loss: overfits. One " +
    "word for each of A, B, C and D, in this order.",
  because:
    "A needs regularisation, B more capacity. D overfits and is still the best of the four: overfitting " +
    "is a gap, not a verdict. It would gain most from more data.",
});

/** The loss that training minimises, with an L2 penalty. */
export const withL2 = exercise<(loss: number, weights: number[], strength: number) => number>({
  title: "The L2 penalty",
  answer: (loss, weights, strength) => loss + strength * weights.reduce((sum, w) => sum + w * w, 0),
  observe: (penalised) => [
    penalised(1, [1, -2, 3], 0.1),
    penalised(0.5, [-0.5, 0.25], 2),
    penalised(0.25, [4], 0),
    penalised(0, [], 1),
  ],
  mistakes: [
    {
      answer: (loss, weights, strength) =>
        loss + strength * weights.reduce((sum, w) => sum + Math.abs(w), 0),
      hint: "That is the L1 penalty. L2 takes squares.",
    },
    {
      answer: (_loss, weights, strength) => strength * weights.reduce((sum, w) => sum + w * w, 0),
      hint: "That is the penalty alone. Training minimises the loss as well.",
    },
    {
      answer: (loss, weights, strength) =>
        loss + strength * Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0)),
      hint: "No root is taken: the penalty is the sum of the squares itself.",
    },
    {
      answer: (loss, weights, strength) =>
        loss + strength * weights.reduce((sum, w) => sum + w, 0) ** 2,
      hint: "Square each weight, then add up. In yours 1 and -1 cancel each other.",
    },
    {
      answer: (loss, weights, strength) =>
        loss + (strength * weights.reduce((sum, w) => sum + w * w, 0)) / (weights.length || 1),
      hint: "It is the sum of the squares, not their mean.",
    },
    {
      answer: (loss, weights, strength) =>
        loss + (strength / 2) * weights.reduce((sum, w) => sum + w * w, 0),
      hint: "Some texts halve the penalty, so that its slope has no 2. This lesson does not: see section 4.",
    },
    {
      answer: (loss, weights, strength) =>
        loss - strength * weights.reduce((sum, w) => sum + w * w, 0),
      hint: "A penalty makes the loss larger: yours rewards large weights.",
    },
  ],
  nudge: "Which two parts make up what is minimised?",
  hint: "To the loss add the strength times the sum of the squares of all weights.",
  because:
    "Its slope is 2λw: each step takes the same share off every weight. Hence 'weight decay'.",
});

/** Dropout while training: some values blanked, the others made larger. */
export const dropOut = exercise<(values: number[], keep: boolean[], rate: number) => number[]>({
  title: "Dropout",
  answer: (values, keep, rate) => values.map((value, i) => (keep[i] ? value / (1 - rate) : 0)),
  observe: (dropOut) => [
    dropOut([1, 2, 3, 4], [true, false, true, false], 0.5),
    dropOut([-2, 0.5, 8], [true, true, false], 0.2),
    dropOut([5, 6], [true, true], 0),
  ],
  mistakes: [
    {
      answer: (values, keep) => values.map((value, i) => (keep[i] ? value : 0)),
      hint:
        "Blanked, yes. But then the next layer gets less while training than later, when nothing is " +
        "blanked. Make up for it.",
    },
    {
      answer: (values, keep, rate) => values.map((value, i) => (keep[i] ? value * (1 - rate) : 0)),
      hint: "What is left must become larger, to make up for what is missing; yours makes it smaller.",
    },
    {
      answer: (values, keep, rate) => values.map((value, i) => (keep[i] ? value / rate : 0)),
      hint: "`rate` is the share that is blanked. Which share is kept?",
    },
    {
      answer: (values, keep, rate) => values.map((value, i) => (keep[i] ? 0 : value / (1 - rate))),
      hint: "`keep` says which values stay. Yours blanks those.",
    },
    {
      answer: (values, keep, rate) =>
        values.filter((_, i) => keep[i]).map((value) => value / (1 - rate)),
      hint: "A blanked value becomes 0; it keeps its place, for the next layer counts on it.",
    },
  ],
  nudge:
    "What happens to a value that is kept, so that the next layer gets as much as without dropout?",
  hint: "Where `keep` is false the value becomes 0; the others are divided by the share that is kept, 1 - rate.",
  because:
    "So the mean stays the same, and nothing needs to be done when the network is used. This form is " +
    "called inverted dropout.",
});

/** The epoch after which early stopping, by these options, ends. */
const stopsWhen =
  (options: Parameters<typeof earlyStop>[2] = {}) =>
  (losses: number[], patience: number) =>
    earlyStop(losses, patience, options);

/** The epoch, from 1, after which early stopping ends a training; the last one if it never does. */
export const stopsAfter = exercise<(losses: number[], patience: number) => number>({
  title: "Early stopping",
  answer: stopsWhen(),
  observe: (stopsAfter) => [
    stopsAfter([5, 4, 3, 3.5, 3.2, 3.1, 2], 2),
    stopsAfter([5, 4, 4.5, 3, 3.5, 3.6, 1], 2),
    stopsAfter([5, 4, 3, 2], 1),
    stopsAfter([5, 4, 6, 5, 7, 4.5, 3, 3, 3, 3], 3),
    stopsAfter([2, 3, 2.5, 2.25, 2.1], 4),
    stopsAfter([3, 3, 1], 1),
  ],
  mistakes: [
    {
      answer: (losses, patience) => {
        let without = 0;
        for (let i = 1; i < losses.length; i++) {
          without = losses[i] < losses[i - 1] ? 0 : without + 1;
          if (without === patience) {
            return i + 1;
          }
        }
        return losses.length;
      },
      hint: "Compare with the best loss so far, not with the one before: 3, 3.5, 3.2, 3.1 never beats 3.",
    },
    {
      answer: stopsWhen({ setsBack: false }),
      hint: "A better loss sets the count back to 0. Yours adds up all failures of the whole training.",
    },
    {
      answer: (losses, patience) => stopsWhen()(losses, patience) - 1,
      hint: "Epochs count from 1, and lists from 0.",
    },
    {
      answer: (losses) => losses.indexOf(Math.min(...losses)) + 1,
      hint: "That is the best epoch of all. Early stopping does not know what would have come later.",
    },
    {
      answer: (losses, patience) => stopsWhen()(losses, patience + 1),
      hint: "With patience 2 the second epoch without a better loss is the last. Yours waits for one more.",
    },
    {
      answer: stopsWhen({ better: (loss, best) => loss <= best }),
      hint: "An equal loss is not a better one.",
    },
  ],
  nudge: "What must be remembered from epoch to epoch? Two numbers will do.",
  hint:
    "Keep the best loss so far and count the epochs since; when the count reaches the patience, return " +
    "that epoch's number.",
  because: "The weights that are kept are older: those of the best epoch so far.",
});

/** The degree to choose, by training and validation errors of the degrees 0, 1, 2, ... */
export const chooseDegree = exercise<(training: number[], validation: number[]) => number>({
  title: "Choosing a degree",
  answer: (_training, validation) => validation.indexOf(Math.min(...validation)),
  observe: (choose) => [
    choose([9, 5, 3, 2, 1], [10, 6, 4, 5, 9]),
    choose([4, 3, 2.5, 2, 0.5, 0.1], [5, 3.5, 3.6, 3, 8, 20]),
    choose([2, 1.5, 1], [3, 4, 5]),
    choose([3, 1], [4, 2]),
    choose([9, 1, 0.25], [10, 2, 2.5]),
  ],
  mistakes: [
    {
      answer: (training) => training.indexOf(Math.min(...training)),
      hint: "The training error falls with every degree: by it the highest degree always wins.",
    },
    {
      answer: (_training, validation) => Math.min(...validation),
      hint: "That is the lowest error. Which degree has it? Look for `indexOf`.",
    },
    {
      answer: (_training, validation) => validation.indexOf(Math.min(...validation)) + 1,
      hint: "The first error of the list belongs to degree 0.",
    },
    {
      answer: (training, validation) => {
        const sums = validation.map((error, i) => error + training[i]);
        return sums.indexOf(Math.min(...sums));
      },
      hint: "In a sum the training error has a say, and it always votes for more capacity.",
    },
    {
      answer: (training, validation) => {
        const gaps = validation.map((error, i) => error - training[i]);
        return gaps.indexOf(Math.min(...gaps));
      },
      hint: "A small gap between the two errors is no merit if both are large, as where a model underfits.",
    },
    {
      answer: (_training, validation) => {
        const rise = validation.findIndex((error, i) => error > (validation[i - 1] ?? error));
        return rise < 0 ? validation.length - 1 : rise - 1;
      },
      hint: "Yours stops at the first rise, but the error may fall again after it.",
    },
  ],
  nudge: "Which of the two lists speaks of points that the polynomial has not seen?",
  hint: "Which degree is best on points that the polynomial was not fitted to?",
  because: "What it chooses has to be tested once more, on points that took no part in the choice.",
});
