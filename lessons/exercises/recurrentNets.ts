import { tf } from "karenina";
import { drawWhole } from "./draws";
import { exercise } from "./exercise";

/** How many parameters a simple recurrent network with D = 28, H = 100, K = 10 has, for any length. */
export const rnnParameters = exercise<number>({
  title: "Parameters of a recurrent network",
  answer: 28 * 100 + 100 * 100 + 100 + 100 * 10 + 10,
  mistakes: [
    {
      answer: 28 * (28 * 100 + 100 * 100 + 100 + 100 * 10 + 10),
      hint: "You counted the parameters once for each of the 28 steps. The steps share them.",
    },
    {
      answer: 28 * 100 + 100 * 100 + 100 * 10,
      hint: "The matrices are all there. What else is added before the tanh, and to the output?",
    },
    {
      answer: 28 * 100 + 100 * 100 + 100,
      hint: "That is the state. The output has a matrix and a bias, too.",
    },
    {
      answer: 28 * 100 + 100 + 100 * 10 + 10,
      hint: "Nothing in your sum leads from one state to the next.",
    },
    {
      answer: 28 * 100 + 100 * 100 + 2 * 100 + 100 * 10 + 10,
      hint: "You gave the state two biases, as PyTorch does. The formula of section 2 has one.",
    },
  ],
  nudge: "Which matrices are there, and which vectors? The number of steps is a trap.",
  hint: "Count U, W and b for the state, V and c for the output: section 3 has the formula.",
  because:
    "28 · 100 + 100² + 100 + 100 · 10 + 10 = 13,910, for images of 28 rows as for those of 1000.",
});

/** A leaky step back, of which each part can be changed; right as it stands. */
const leakyBack =
  (
    change: (parts: { dh: tf.Tensor; g: tf.Tensor; W: tf.Tensor; a: number }) => tf.Tensor,
  ): LeakyBack =>
  (dh, g, W, a) =>
    tf.tidy(() => change({ dh, g, W, a }));
const slopeOf = (g: tf.Tensor) => tf.sub(1, tf.square(g));
const throughW = (dz: tf.Tensor, W: tf.Tensor) => tf.matMul(dz, W, false, true);

type LeakyBack = (dh: tf.Tensor, g: tf.Tensor, W: tf.Tensor, a: number) => tf.Tensor;

/** ∂L/∂h_{t-1} from ∂L/∂h_t, where h_t = (1 - a) h_{t-1} + a g_t and g_t = tanh(x_t U + h_{t-1} W + b). */
export const leakyStepBack = exercise<LeakyBack>({
  title: "One step back through a leaky state",
  answer: leakyBack(({ dh, g, W, a }) =>
    tf.add(tf.mul(dh, 1 - a), throughW(tf.mul(tf.mul(dh, a), slopeOf(g)), W)),
  ),
  observe: (back) => {
    const W = tf.tensor2d([0.5, -1, 2, 0.3, 1, -0.7, 0.2, 0.4, -2], [3, 3]);
    return [
      back(tf.tensor2d([[1, -0.5, 2]]), tf.tensor2d([[0.9, -0.3, 0.5]]), W, 0.2),
      back(tf.tensor2d([[0.2, 1, 0]]), tf.tensor2d([[-0.4, 0, 0.8]]), W, 0.7),
    ];
  },
  mistakes: [
    {
      answer: leakyBack(({ dh, g, W, a }) => throughW(tf.mul(tf.mul(dh, a), slopeOf(g)), W)),
      hint: "That is the way through the tanh. The old state also gets into the new one without it.",
    },
    {
      answer: leakyBack(({ dh, g, W, a }) =>
        tf.add(tf.mul(dh, 1 - a), throughW(tf.mul(dh, slopeOf(g)), W)),
      ),
      hint: "Both ways are there. But of g only the share a gets into the new state: what of its gradient?",
    },
    {
      answer: leakyBack(({ dh, g, W }) => tf.add(dh, throughW(tf.mul(dh, slopeOf(g)), W))),
      hint: "Both ways are there, but neither has its share: where does a come in?",
    },
    {
      answer: leakyBack(({ dh, g, W, a }) =>
        tf.add(tf.mul(dh, a), throughW(tf.mul(tf.mul(dh, 1 - a), slopeOf(g)), W)),
      ),
      hint: "The two shares have changed places: with a = 0 the state stays as it is.",
    },
    {
      answer: leakyBack(({ dh, g, W, a }) =>
        tf.add(tf.mul(dh, 1 - a), tf.matMul(tf.mul(tf.mul(dh, a), slopeOf(g)), W)),
      ),
      hint: "Forwards the state was multiplied by W. On the way back it is W's transpose.",
    },
    {
      answer: leakyBack(({ dh, W, a }) => tf.add(tf.mul(dh, 1 - a), throughW(tf.mul(dh, a), W))),
      hint: "You went through W, but not through the tanh: its slope is missing.",
    },
    {
      answer: leakyBack(({ dh, g, W, a }) =>
        throughW(tf.mul(tf.add(tf.mul(dh, 1 - a), tf.mul(dh, a)), slopeOf(g)), W),
      ),
      hint: "The share 1 - a of the old state goes past both W and the tanh. On the way back it does so, too.",
    },
  ],
  nudge: "By how many ways does the old state get into the new one?",
  hint: "Two ways, two gradients to be added: (1 - a) of `dh` straight back, and a of it through the slope of tanh and W's transpose.",
  because:
    "With a = 0.02 each step keeps 98 % of the gradient, whatever W does: an LSTM's cell with a forget gate that nobody can move.",
});

/** After how many steps a gradient that loses a tenth a step is below a hundredth. */
export const gradientReach = exercise<number>({
  title: "How far a gradient reaches",
  answer: 44,
  mistakes: [
    {
      answer: 43.7087,
      when: (steps) => steps > 43 && steps < 44 && !Number.isInteger(steps),
      hint: "The equation is right. Which is the first whole number of steps that will do?",
    },
    { answer: 43, hint: "After so many steps 1.08 % are left. Nearly." },
    {
      answer: 10,
      when: (steps) => steps >= 9 && steps <= 11,
      hint: "It does not lose a tenth of what it was at first, but of what it has at each step: multiply.",
    },
    {
      answer: 22,
      when: (steps) => steps >= 21 && steps <= 22,
      hint: "That is where a tenth of it is left, not a hundredth.",
    },
    {
      answer: 2,
      when: (steps) => steps >= 1 && steps <= 2,
      hint: "It keeps 0.9 at each step; 0.1 is what it loses.",
    },
  ],
  nudge: "What is left after one step, after two, after n?",
  hint: "Which power of 0.9 is 0.01? Take logarithms of both sides.",
  because:
    "ln 0.01 / ln 0.9 = 43.7. What is further back than some 44 steps hardly takes part in learning.",
});

const pairsIn = (length: number) => (length * (length + 1)) / 2;

/** Of how many pairs of an input and a loss, none earlier than its input, truncation passes a gradient. */
export const pairsSeen = exercise<(T: number, k: number) => number>({
  title: "What truncation leaves over",
  answer: (T, k) => Math.floor(T / k) * pairsIn(k) + pairsIn(T % k),
  observe: (pairs) => [
    pairs(100, 20),
    pairs(7, 3),
    pairs(drawWhole(12, 12, 14), 20),
    pairs(drawWhole(108, 101, 119), drawWhole(25, 21, 29)),
  ],
  mistakes: [
    {
      answer: (T, k) => Math.floor(T / k) * pairsIn(k),
      hint: "The last piece may be shorter than k. It is learnt from, too.",
    },
    {
      answer: (T, k) => Math.ceil(T / k) * pairsIn(k),
      hint: "The last piece may be shorter than k, and then it has fewer pairs.",
    },
    {
      answer: (T, k) => Math.floor(T / k) * k ** 2 + (T % k) ** 2,
      hint: "You count pairs in which the input comes after the loss, too. It can have no part in it.",
    },
    {
      answer: (T, k) => Math.floor(T / k) * (pairsIn(k) - k) + pairsIn(T % k) - (T % k),
      hint: "The loss of a step depends on the input of the same step, too: s may be t.",
    },
    {
      answer: (T) => pairsIn(T),
      hint: "Those are all pairs. Between pieces no gradient passes.",
    },
    {
      answer: (T, k) =>
        Array.from({ length: T }, (_, t) => Math.min(t + 1, k)).reduce((a, b) => a + b),
      hint: "Not every loss reaches k inputs back: the first of a piece reaches one, the next two.",
    },
  ],
  nudge: "How many inputs does the first loss of a piece reach, how many the second, and the last?",
  hint: "A piece of n steps has 1 + 2 + ... + n = n (n + 1) / 2 pairs. How many pieces have k steps, and how many steps are left for the last?",
  because:
    "Of the 5,050 pairs of 100 steps pieces of 20 leave 1,050: a loss reaches 10.5 inputs back on average, not 20.",
});

type Read = (code: number, h: tf.Tensor) => { p: ArrayLike<number>; h: tf.Tensor };
type Draw = (p: ArrayLike<number>) => number;
type WritingLoop = (read: Read, draw: Draw, h: tf.Tensor, first: number, count: number) => number[];

/** A made-up reader of six symbols, whose next symbol hangs on its state as much as on what it read. */
const sixSymbols: Read = (code, h) => {
  const [before] = h.dataSync();
  const state = (2.7 * before + 0.83 * code + 0.31) % 1;
  const weights = Array.from({ length: 6 }, (_, k) => 1.1 + Math.sin(17 * state + 2.1 * k));
  const sum = weights.reduce((a, b) => a + b);
  return { p: weights.map((each) => each / sum), h: tf.tensor2d([[state]]) };
};
const likeliest: Draw = (p) => Array.from(p).indexOf(Math.max(...Array.from(p)));
const unlikeliest: Draw = (p) => Array.from(p).indexOf(Math.min(...Array.from(p)));

/** The loop of a network that reads what it writes, of which each part can be changed. */
const writing =
  ({
    chosen = (p: ArrayLike<number>, draw: Draw) => draw(p),
    put = (code: number, _first: number) => code,
    keep = (after: tf.Tensor, _before: tf.Tensor) => after,
  } = {}): WritingLoop =>
  (read, draw, h, first, count) => {
    const written: number[] = [];
    let [code, state] = [first, h];
    while (written.length < count) {
      const seen = read(code, state);
      const drawn = chosen(seen.p, draw);
      written.push(drawn);
      code = put(drawn, first);
      state = keep(seen.h, state);
    }
    return written;
  };

/** Writes symbol by symbol: what is drawn is read next. */
export const writingLoop = exercise<WritingLoop>({
  title: "A network that reads what it writes",
  answer: writing(),
  observe: (write) => [
    write(sixSymbols, likeliest, tf.tensor2d([[0.2]]), 3, 12),
    write(sixSymbols, unlikeliest, tf.tensor2d([[0.55]]), 1, 9),
    write(sixSymbols, likeliest, tf.tensor2d([[0.8]]), 4, 1),
  ],
  mistakes: [
    {
      answer: writing({ put: (_code, first) => first }),
      hint: "Your network reads the first character again at each step. What it has just written should be read next.",
    },
    {
      answer: writing({ keep: (_after, before) => before }),
      hint: "Your state never changes: each character is written as if nothing had been read before it. What does `read` return besides `p`?",
    },
    {
      answer: writing({ put: (_code, first) => first, keep: (_after, before) => before }),
      hint: "All your characters are drawn from the same probabilities: neither the character nor the state goes on to the next step.",
    },
    {
      answer: writing({ chosen: likeliest }),
      hint: "You take the likeliest character yourself. `draw` decides which one it is to be.",
    },
    {
      answer: (read, draw, h, first, count) => [
        first,
        ...writing()(read, draw, h, first, count - 1),
      ],
      hint: "`first` is given: it is read, not written. Your list begins with it.",
    },
    {
      answer: (read, draw, h, first, count) => [first, ...writing()(read, draw, h, first, count)],
      hint: "Your list is one too long: `first` is read, not written.",
    },
  ],
  nudge: "Two things go from one turn of your loop to the next. Which?",
  hint: "At each turn: read the character with the state, draw from `p`, note what was drawn. It is the next character to be read, and the state that came with `p` is the next state.",
  because:
    "Nothing comes in from outside after the first character. That is why one unlucky draw can lead a text astray: the network takes what it wrote for what was said.",
});
