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
