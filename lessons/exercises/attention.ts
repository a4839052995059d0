import { tf } from "karenina";
import { drawLetters, drawWhole } from "./draws";
import { exercise } from "./exercise";

type Attention = (q: tf.Tensor, k: tf.Tensor, v: tf.Tensor) => tf.Tensor;

/** What differs between a right attention and its faults. */
interface Parts {
  /** What a product of a query and a key is multiplied by, for vectors of d numbers. */
  scale?: (d: number) => number;
  /** Whether step i may look at step j. */
  sees?: (i: number, j: number) => boolean;
  /** What stands in place of a product that must not count. */
  hidden?: number;
  /** From scores to weights. */
  weigh?: (scores: tf.Tensor) => tf.Tensor;
}

function attentionOf({
  scale = (d) => 1 / Math.sqrt(d),
  sees = (i, j) => j <= i,
  hidden = -1e9,
  weigh = (scores) => tf.softmax(scores),
}: Parts): Attention {
  return (q, k, v) =>
    tf.tidy(() => {
      const [T, d] = q.shape as number[];
      const open = tf.tensor2d(
        Array.from({ length: T }, (_, i) =>
          Array.from({ length: T }, (_, j) => Number(sees(i, j))),
        ),
      );
      const scores = tf.mul(tf.matMul(q, k, false, true), scale(d));
      const masked = tf.add(tf.mul(scores, open), tf.mul(tf.sub(1, open), hidden));
      return tf.matMul(weigh(masked), v);
    });
}

const numbers = (salt: number, T: number, d: number) =>
  tf.tensor2d(
    Array.from({ length: T * d }, (_, i) => Math.sin(1 + 2.3 * i + salt * (i + 3))),
    [T, d],
  );

/** Causal attention of one head: queries, keys and values [T, d] to [T, d]. */
export const causalAttention = exercise<Attention>({
  title: "Causal attention",
  answer: attentionOf({}),
  observe: (attend) =>
    [1, 3, 5].map((T) => attend(numbers(1, T, 4), numbers(2, T, 4), numbers(3, T, 4))),
  mistakes: [
    {
      answer: attentionOf({ sees: () => true }),
      hint: "Every step sees all steps, those after it as well. Add the mask to the scores.",
    },
    {
      answer: attentionOf({ scale: () => 1 }),
      hint: "Mask and softmax are right. What are the scores divided by?",
    },
    {
      answer: attentionOf({ scale: (d) => 1 / d }),
      hint: "Divided by d, but the formula has its root.",
    },
    {
      answer: attentionOf({ hidden: 0 }),
      hint: "A hidden score of 0 still counts: e⁰ is 1. What number does the softmax turn into 0?",
    },
    {
      answer: attentionOf({ sees: (i, j) => j >= i }),
      hint: "The mask is the wrong way round: now a step sees what comes after it.",
    },
    {
      answer: attentionOf({ weigh: (scores) => tf.transpose(tf.softmax(tf.transpose(scores))) }),
      hint: "The weights of a *row* must sum to 1: each step shares out its own attention.",
    },
  ],
  nudge: "Which steps may a step look at, and by which numbers does it share out its attention?",
  hint: "Scores q kᵀ / √d, plus the mask, then the softmax of each row, then the product with v.",
  because: "Three lines, and every step is computed at once: no loop over time.",
});

type Turn = (pair: readonly [number, number], m: number, theta: number) => [number, number];

/** Two numbers of a query or key at place m, turned by the angle m θ. */
export const rotatePair = exercise<Turn>({
  title: "Turning a pair",
  answer: ([a, b], m, theta) => [
    a * Math.cos(m * theta) - b * Math.sin(m * theta),
    a * Math.sin(m * theta) + b * Math.cos(m * theta),
  ],
  observe: (turn) => [turn([1, 0], 1, 0.5), turn([0.3, -2], 7, 0.1), turn([2, 1], 0, 3)],
  mistakes: [
    {
      answer: ([a, b], m, theta) => [
        a * Math.cos(m * theta) + b * Math.sin(m * theta),
        b * Math.cos(m * theta) - a * Math.sin(m * theta),
      ],
      hint: "You turn the other way round: look at the two signs in the formula.",
    },
    {
      answer: ([a, b], _m, theta) => [
        a * Math.cos(theta) - b * Math.sin(theta),
        a * Math.sin(theta) + b * Math.cos(theta),
      ],
      hint: "All places are turned by the same angle. Where does m come in?",
    },
    {
      answer: ([a, b], m, theta) => [a * Math.cos(m * theta), b * Math.sin(m * theta)],
      hint: "Each new number is made of both old ones: four products, not two.",
    },
  ],
  nudge: "Draw the pair as an arrow. By which angle is it turned at place m, and which way?",
  hint: "The rotation by an angle φ = m θ: (a cos φ - b sin φ, a sin φ + b cos φ).",
  because: "A rotation keeps lengths, and two of them in a row add their angles.",
});

/** A word as BPE has cut it by now, and how often it stands in the text. */
export interface CutWord {
  parts: string[];
  count: number;
}

type PairPicker = (words: readonly CutWord[]) => [string, string];

/** The pair with the largest sum, the first of several. */
function mostFrequent(words: readonly CutWord[], worth: (word: CutWord) => number, reach = 1) {
  const sums = new Map<string, number>();
  for (const word of words) {
    for (let i = 0; i + reach < word.parts.length; i++) {
      const key = JSON.stringify([word.parts[i], word.parts[i + reach]]);
      sums.set(key, (sums.get(key) ?? 0) + worth(word));
    }
  }
  const [best] = [...sums].sort((a, b) => b[1] - a[1]);
  return JSON.parse(best[0]) as [string, string];
}

/** Calls with words of other symbols, while inputs are drawn. */
const amongOthers =
  (pick: PairPicker): PairPicker =>
  (words) => {
    const letters = drawLetters();
    return pick(
      words.map(({ parts, count }) => ({ parts: parts.map((each) => each + letters), count })),
    );
  };

/** The pair of neighbours that byte-pair encoding merges next. */
export const mostFrequentPair = exercise<PairPicker>({
  title: "The most frequent pair",
  answer: (words) => mostFrequent(words, ({ count }) => count),
  observe: (given) => {
    const pick = amongOthers(given);
    return [
      pick([
        { parts: ["l", "o", "w"], count: 2 },
        { parts: ["e", "s", "t"], count: 9 },
        { parts: ["l", "o"], count: 4 },
        { parts: ["l", "o", "g"], count: 4 },
      ]),
      pick([
        { parts: ["a", "bc", "d", "bc", "d"], count: 3 },
        { parts: ["a", "bc"], count: 2 },
        { parts: ["x", "y", "z"], count: 5 },
      ]),
      pick([
        { parts: ["p", "q"], count: 9 },
        { parts: ["r", "s"], count: 1 },
        { parts: ["r", "s", "t"], count: 1 },
      ]),
    ];
  },
  mistakes: [
    {
      answer: (words) => mostFrequent(words, () => 1),
      hint: "You count each word once. A word that stands in the text 9 times brings its pairs 9 times.",
    },
    {
      answer: (words) => mostFrequent(words, ({ count }) => count, 2),
      hint: "A pair is made of neighbours: parts i and i + 1.",
    },
    {
      answer: (words) => {
        const firsts = words.map(({ parts, count }) => ({ parts: parts.slice(0, 2), count }));
        return mostFrequent(firsts, ({ count }) => count);
      },
      hint: "You look at the first pair of each word only.",
    },
  ],
  nudge: "How often does a pair stand in the whole text, if its word stands there nine times?",
  hint: "For each word and each i, add the word's count to the sum of the pair (parts i, i + 1).",
  because: "Words, not the text: a word that is repeated is counted once, and weighed.",
});

/** How many parameters the attention of a block of width 64 has, biases included. */
export const attentionParameters = exercise<number>({
  title: "Parameters of an attention",
  answer: 4 * 64 * 64 + 4 * 64,
  mistakes: [
    { answer: 4 * 64 * 64, hint: "The matrices are all there. Each product has a bias, too." },
    {
      answer: 3 * 64 * 64 + 3 * 64,
      hint: "Queries, keys and values. What happens to the heads' results before they are added?",
    },
    {
      answer: 4 * (4 * 64 * 64 + 4 * 64),
      hint: "The heads share the width: four heads of 16 numbers have as many as one of 64.",
    },
    {
      answer: 12 * 64 * 64,
      when: (answer) => answer >= 12 * 64 * 64 && answer <= 12 * 64 * 64 + 13 * 64,
      hint: "That is the whole block. The feed-forward part is not asked for.",
    },
  ],
  nudge: "Go through the attention of section 5 from input to output: which products have weights?",
  hint: "Four products of D by D numbers (queries, keys, values, projection), each with D biases.",
  because:
    "4 D² + 4 D = 16,640. The feed-forward part has twice as many: 8 D². T does not occur: the context costs no parameters.",
});

/** How many numbers a key-value cache holds: 4 blocks, width 128, 4 heads, 100 symbols. */
export const cacheNumbers = exercise<number>({
  title: "The size of a cache",
  answer: 2 * 4 * 128 * 100,
  mistakes: [
    { answer: 4 * 128 * 100, hint: "Keys, or values? Both are kept." },
    { answer: 2 * 128 * 100, hint: "Every block has a cache of its own." },
    {
      answer: 2 * 4 * 4 * 128 * 100,
      hint: "The heads share the width: 4 heads of 32 numbers, not of 128.",
    },
    { answer: 2 * 4 * 128, hint: "So much comes in with each symbol. How many symbols were read?" },
  ],
  nudge: "What does one block keep of one symbol? Then: how many blocks, how many symbols?",
  hint: "For each symbol each block keeps a key and a value, of D numbers each.",
  because:
    "102,400, and it grows with every symbol. The state of an LSTM of 2 x 128 units is 512 numbers, however long the text.",
});

type Mask = (T: number) => number[][];
const maskBy =
  (sees: (i: number, j: number) => boolean): Mask =>
  (T) =>
    Array.from({ length: T }, (_, i) => Array.from({ length: T }, (_, j) => Number(sees(i, j))));

/** 1 where step i may look at step j, else 0. */
export const mendedMask = exercise<Mask>({
  title: "The mended mask",
  answer: maskBy((i, j) => j <= i),
  observe: (mask) => [mask(1), mask(drawWhole(4, 2, 5)), mask(drawWhole(6, 6, 12))],
  mistakes: [
    {
      answer: maskBy((i, j) => j <= i + 1),
      hint: "Step i still sees step i + 1: the very symbol that it is to predict.",
    },
    {
      answer: maskBy((i, j) => j < i),
      hint: "Now step i does not see itself, and the first step sees nothing at all.",
    },
    {
      answer: maskBy((i, j) => j >= i),
      hint: "Rows are the steps that look, columns those that are looked at: this is the other way round.",
    },
  ],
  nudge: "Read one row of the table: which steps does step 1 see, and which should it?",
  hint: "Step i may look at step j where j is at most i.",
  because: "A loss that is too good to be true usually is. Ask first what the network could see.",
});
