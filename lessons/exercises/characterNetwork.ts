import { tf } from "karenina";
import { drawReal, drawWhole } from "./draws";
import { exercise } from "./exercise";

/** N rows of T codes each: to read, and to predict. An alias, which tslab can spell out; no interface. */
type CodeBatch = { x: number[][]; y: number[][] };

type BatchAt = (codes: number[], N: number, T: number, b: number) => CodeBatch;

/** What differs between a right window over a text and its faults. */
interface Layout {
  /** The place of row n's first code in batch b; W is the length of a row. */
  begin?: (n: number, b: number, sizes: { N: number; T: number; W: number }) => number;
  /** W, of a text of `length` codes. */
  rowLength?: (length: number, N: number, T: number) => number;
  /** The targets of a row that begins at `begin`. */
  targets?: (codes: number[], begin: number, T: number) => number[];
}

function batchBy({
  begin = (n, b, { T, W }) => n * W + b * T,
  rowLength = (length, N, T) => T * Math.floor((length - 1) / (N * T)),
  targets = (codes, first, T) => codes.slice(first + 1, first + 1 + T),
}: Layout): BatchAt {
  return (codes, N, T, b) => {
    const W = rowLength(codes.length, N, T);
    const begins = Array.from({ length: N }, (_, n) => begin(n, b, { N, T, W }));
    return {
      x: begins.map((first) => codes.slice(first, first + T)),
      y: begins.map((first) => targets(codes, first, T)),
    };
  };
}

/** Codes that all differ, so that no window looks like another. */
const differentCodes = (length: number) => {
  const first = drawWhole(1000, 500, 9000);
  return Array.from({ length }, (_, i) => first + i);
};

/** Batch b of a text, counted from 0: the heart of the article's `get_batches`. */
export const batchAt = exercise<BatchAt>({
  title: "A batch of the text",
  answer: batchBy({}),
  observe: (batch) =>
    [
      batch(differentCodes(57), 3, 4, 0),
      batch(differentCodes(57), 3, 4, 3),
      batch(differentCodes(48), 3, 4, 1),
      batch(differentCodes(11), 2, 5, 0),
    ].map(({ x, y }) => [x, y]),
  mistakes: [
    {
      answer: batchBy({
        targets: (codes, first, T) => [...codes.slice(first + 1, first + T), codes[first]],
      }),
      hint: "That is the article's own fault: the last target of a window is the window's first code. It must be the code that comes next in the text.",
    },
    {
      answer: batchBy({ begin: (n, b, { N, T }) => b * N * T + n * T }),
      hint: "Your rows follow one another inside a batch. But row n must go on where row n of the batch before ended: b tells how far the window has moved along the row.",
    },
    {
      answer: batchBy({ targets: (codes, first, T) => codes.slice(first, first + T) }),
      hint: "The targets are the inputs themselves. They have to be one code further.",
    },
    {
      answer: batchBy({ rowLength: (length, N, T) => T * Math.floor(length / (N * T)) }),
      hint: "A text of exactly N·W codes has no target for its last code. One code must be left over: count with `codes.length - 1`.",
    },
    {
      answer: batchBy({ rowLength: (length, N) => Math.floor((length - 1) / N) }),
      hint: "A row has to be a whole number of windows long: T times the number of batches.",
    },
  ],
  nudge: "Where in the text does row n begin, and how far along that row does window b?",
  hint: "Row n of batch b begins at n W + b T, with W = T ⌊(L - 1) / (N T)⌋; its targets begin one code later.",
  because:
    "Each row reads on where it stopped, so the network may keep its state from batch to batch.",
});

type OneHotLoss = (logits: tf.Tensor2D, targets: tf.Tensor1D, numClasses: number) => tf.Scalar;

/** ln p of each row's right class. */
const logOfRight: (...args: Parameters<OneHotLoss>) => tf.Tensor = (logits, targets, numClasses) =>
  tf.sum(tf.mul(tf.oneHot(targets, numClasses), tf.logSoftmax(logits)), 1);

const fewLogits = () =>
  tf.tensor2d(
    Array.from({ length: 20 }, (_, i) => drawReal(2 * Math.sin(1 + 2.3 * i))),
    [5, 4],
  );

/** The softmax cross-entropy of logits [M, V] and classes [M], the article's `build_loss`. */
export const oneHotLoss = exercise<OneHotLoss>({
  title: "The loss of one-hot targets",
  answer: (...args) => tf.tidy(() => tf.neg(tf.mean(logOfRight(...args))).asScalar()),
  observe: (loss) => {
    const targets = tf.tensor1d([2, 0, 3, 3, 1], "int32");
    const lossOf = (logits: tf.Tensor) => loss(logits as tf.Tensor2D, targets, 4);
    const { value, grad } = tf.valueAndGrad(lossOf)(fewLogits());
    return [value.dataSync()[0], value.shape.length, grad.arraySync()];
  },
  mistakes: [
    {
      answer: (...args) => tf.mean(logOfRight(...args)).asScalar(),
      hint: "The sign: the logarithm of a probability is negative, and a loss has to fall as the probability grows.",
    },
    {
      answer: (logits, targets, numClasses) =>
        tf.neg(tf.mean(tf.mul(tf.oneHot(targets, numClasses), tf.logSoftmax(logits)))).asScalar(),
      hint: "Too small by the number of classes: `tf.mean` over everything counts the zeros of the wrong classes, too. Sum along each row first.",
    },
    {
      answer: (...args) => tf.neg(tf.sum(logOfRight(...args))).asScalar(),
      hint: "That is the sum over the rows. The mean does not depend on how many characters a batch has.",
    },
    {
      answer: (logits, targets, numClasses) =>
        tf
          .neg(tf.mean(tf.sum(tf.mul(tf.oneHot(targets, numClasses), tf.softmax(logits)), 1)))
          .asScalar(),
      hint: "You average the probabilities themselves. Where is the logarithm?",
    },
    {
      answer: (logits, targets, numClasses) =>
        tf
          .neg(tf.mean(logOfRight(tf.softmax(logits) as tf.Tensor2D, targets, numClasses)))
          .asScalar(),
      hint: "The softmax is taken twice: `tf.logSoftmax` expects logits.",
    },
    {
      answer: (logits, targets, numClasses) =>
        tf
          .mean(tf.sum(tf.square(tf.sub(tf.oneHot(targets, numClasses), tf.softmax(logits))), 1))
          .asScalar(),
      hint: "That is a squared error. The cross-entropy looks at one probability in each row, the right one's, and takes its logarithm.",
    },
  ],
  nudge: "Multiply a row of log-probabilities by its one-hot target: which number is left?",
  hint: "`tf.oneHot(targets, numClasses)` times `tf.logSoftmax(logits)`, summed along each row (axis 1), then the mean over the rows with a minus sign.",
  because: "The one-hot row picks one log-probability out of V: that of the character that came.",
});

type Keep = (probabilities: number[], n: number) => number[];

/** Keeps the probabilities at some places and sets the others to zero. */
const keepAt =
  (placesOf: (p: number[], n: number) => number[], share = (p: number, sum: number) => p / sum) =>
  (p: number[], n: number) => {
    const places = new Set(placesOf(p, n));
    const sum = p.reduce((total, each, i) => total + (places.has(i) ? each : 0), 0);
    return p.map((each, i) => (places.has(i) ? share(each, sum) : 0));
  };

const placesBy = (order: (a: number, b: number) => number) => (p: number[], n: number) =>
  p
    .map((_, i) => i)
    .sort((i, j) => order(p[i], p[j]))
    .slice(0, n);

const likeliest = placesBy((a, b) => b - a);

const descending = (values: number[]) => [...values].sort((a, b) => b - a);

/** Zeroes all but the n largest probabilities and divides by their sum: most of `pick_top_n`. */
export const keepLikeliest = exercise<Keep>({
  title: "The likeliest few",
  answer: keepAt(likeliest),
  observe: (keep) => [
    keep([0.1, 0.4, 0.2, 0.3], 2),
    keep([0.05, 0.15, 0.3, 0.22, 0.08, 0.2], 5),
    keep([1e-7, 0.5, 0.4, 0.0999999], 2),
    keep([0.6, 0.4], 5),
    // Which of equal ones stay is left open.
    descending(keep([0.2, 0.2, 0.2, 0.2, 0.2], 2)),
  ],
  mistakes: [
    {
      answer: keepAt(likeliest, (p) => p),
      hint: "The right ones stay, but they have to be probabilities again: they sum to less than 1.",
    },
    {
      answer: keepAt(placesBy((a, b) => a - b)),
      hint: "You keep the least likely. Which way round does your `sort` put them?",
    },
    {
      answer: keepAt((p, n) => likeliest(p, n - 1)),
      hint: "One too few stays: the n-th largest itself belongs to those that are kept.",
    },
    {
      answer: keepAt((p, n) => {
        const least = descending(p)[Math.min(n, p.length) - 1];
        return p.flatMap((each, i) => (each >= least ? [i] : []));
      }),
      hint: "Where several probabilities are equal, more than n stay. Choose places, not a threshold.",
    },
    {
      answer: keepAt(placesBy((a, b) => (String(a) < String(b) ? 1 : -1))),
      hint: "`sort()` without a function compares as texts, and 1e-7 comes after 0.5 there. Sort by `(a, b) => b - a`.",
    },
    {
      answer: (p, n) => {
        const places = new Set(likeliest(p, n));
        const powers = p.map((each, i) => (places.has(i) ? Math.exp(each) : 0));
        const sum = powers.reduce((a, b) => a + b, 0);
        return powers.map((power) => power / sum);
      },
      hint: "No softmax here: these are probabilities already. Dividing by their sum is enough.",
    },
  ],
  nudge: "How do you find the places of the n largest, without losing where they were?",
  hint: "Sort the places 0, 1, 2, ... by their probabilities, keep the first n, set the others to 0 and divide by the sum of what is left.",
  because: "With n = 1 the network always writes its first choice, with n = V nothing is left out.",
});

type KeepNucleus = (probabilities: number[], p: number) => number[];

const inOrder = (probabilities: number[], order: (a: number, b: number) => number) =>
  placesBy(order)(probabilities, probabilities.length);

/** The first places whose probabilities sum to p or more, in the order of `compare`. */
const placesUpTo =
  (compare: (a: number, b: number) => number, isEnough = (sum: number, p: number) => sum >= p) =>
  (probabilities: number[], p: number) => {
    const order = inOrder(probabilities, compare);
    let sum = 0;
    const last = order.findIndex((place) => {
      sum += probabilities[place];
      return isEnough(sum, p);
    });
    return last < 0 ? order : order.slice(0, last + 1);
  };

const nucleus = placesUpTo((a, b) => b - a);

/** 0 / 0 at every place, which is what comes of keeping nothing, as zeros: it has a hint of its own. */
const nothingKept = (kept: number[]) =>
  Array.isArray(kept) && kept.every(Number.isNaN) ? kept.map(() => 0) : kept;

/** Zeroes all but the nucleus and divides by its sum: Holtzman's top-p. */
export const keepNucleus = exercise<KeepNucleus>({
  title: "The nucleus",
  answer: keepAt(nucleus),
  observe: (keep) =>
    [
      keep([0.1, 0.4, 0.2, 0.3], 0.65),
      keep([0.04, 0.16, 0.3, 0.22, 0.08, 0.2], 0.9),
      // Halves and quarters are exact, so their sum is exactly p.
      keep([0.125, 0.5, 0.125, 0.25], 0.75),
      keep([0.02, 0.9, 0.08], 0.5),
      keep([0.25, 0.5, 0.25], 1),
    ].map(nothingKept),
  mistakes: [
    {
      answer: keepAt(
        placesUpTo(
          (a, b) => b - a,
          (sum, p) => sum > p,
        ),
      ),
      hint: "One too many stays where the sum is exactly p: p or more is enough, so compare by `>=`.",
    },
    {
      answer: keepAt(nucleus, (each) => each),
      hint: "The right ones stay, but they have to be probabilities again: divide each by the sum of those that stay.",
    },
    {
      answer: (probabilities, p) => {
        const kept = new Set(nucleus(probabilities, p));
        return probabilities.map((each, i) => (kept.has(i) ? each / p : 0));
      },
      hint: "You divide by p. But those that stay have p *or more* together: divide by their own sum.",
    },
    {
      answer: (probabilities, p) => {
        const kept = keepAt(nucleus)(probabilities, p);
        return descending(kept);
      },
      hint: "The numbers are right, but in sorted order: place i has to stay the probability of symbol i, or the network writes other letters than it meant. Sort the places, not the probabilities.",
    },
    {
      answer: keepAt(placesUpTo(() => 0)),
      hint: "You add them up in the order of their codes. The likeliest come first: sort the places by their probabilities.",
    },
    {
      answer: keepAt(placesUpTo((a, b) => a - b)),
      hint: "You begin with the least likely. Which way round does your `sort` put them?",
    },
    {
      answer: keepAt((probabilities, p) =>
        probabilities.flatMap((each, i) => (each >= 1 - p ? [i] : [])),
      ),
      hint: "That is a threshold for each symbol by itself. Here it is the sum that has to get to p.",
    },
    {
      answer: keepAt((probabilities, p) => {
        const kept = nucleus(probabilities, p);
        const sum = kept.reduce((total, place) => total + probabilities[place], 0);
        return sum > p ? kept.slice(0, -1) : kept;
      }),
      // Only the likeliest of two stays, whatever becomes of a sum that is exactly p.
      when: (keep) =>
        [0, 2, 3, 1].map((i) => keep([0.1, 0.4, 0.2, 0.3], 0.65)[i] > 0).join() ===
        "false,false,false,true",
      hint: "The symbol with which the sum gets to p has to stay: without it those that are left have less than p. You also keep nothing where the likeliest has more than p by itself.",
    },
  ],
  nudge:
    "Go through the symbols from the likeliest on and add up their probabilities. After which one do you stop?",
  hint: "Sort the places 0, 1, 2, ... by their probabilities, the largest first. Keep places as long as the sum of those kept before is below p; set the others to 0 and divide by the sum of what is left.",
  because:
    "How many stay follows the network's doubt: one where it is sure, many at the beginning of a word.",
});
