import { tf } from "karenina";
import { exercise } from "./exercise";

/** The values of an LSTM's gates and candidate at one step, for one cell. */
export interface Gates {
  i: number;
  f: number;
  g: number;
  o: number;
}

/** The sums of a cell's input gate, forget gate and candidate. An alias, which tslab can spell out. */
type Sums = { zi: number; zf: number; zg: number };

type SumsOf = (mark: number, value: number) => Sums;

/** A symbol: whether it is marked, and its value. */
type Read = readonly [mark: 0 | 1, value: number];

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** What a cell that begins empty holds when it has read a sequence. */
function contentAfter(sums: SumsOf, sequence: readonly Read[]): number {
  let c = 0;
  for (const [mark, value] of sequence) {
    const { zi, zf, zg } = sums(mark, value);
    c = sigmoid(zf) * c + sigmoid(zi) * Math.tanh(zg);
  }
  return c;
}

const chatter: Read[] = Array.from({ length: 25 }, (_, t) => [0, 0.8 * Math.cos(2.4 * t + 0.5)]);

/** The sums by which a cell keeps the last marked value: right as it stands. */
const keeper =
  ({
    i = (mark: number) => 20 * mark - 10,
    f = (mark: number) => 10 - 20 * mark,
    g = (value: number) => Math.atanh(value),
  } = {}): SumsOf =>
  (mark, value) => ({ zi: i(mark), zf: f(mark), zg: g(value) });

/** An LSTM cell set by hand, which keeps the last marked value. */
export const keepingGates = exercise<SumsOf>({
  title: "Gates set by hand",
  answer: keeper(),
  observe: (sums) => [
    contentAfter(sums, [...chatter.slice(0, 3), [1, 0.9], ...chatter]),
    contentAfter(sums, [[1, 0.45], ...chatter.slice(5), [1, -0.7], ...chatter.slice(8)]),
    contentAfter(sums, [...chatter, [1, 0.3]]),
  ],
  // A cell that is set well still loses a little at each step.
  tolerance: 0.03,
  mistakes: [
    {
      answer: keeper({ g: (value) => value }),
      hint: "The right value is let in, but the candidate is the tanh of its sum: of 0.9 that leaves 0.72. Which sum has the tanh 0.9?",
    },
    {
      answer: keeper({ f: () => 10 }),
      hint: "With two marks the second value is added to the first. What must become of the old one?",
    },
    {
      answer: keeper({ i: () => 10 }),
      hint: "What is not marked gets in, too. When is the input gate to be open?",
    },
    {
      answer: keeper({ i: (mark) => mark, f: (mark) => 1 - mark }),
      when: (sums) => [sums(1, 0.5).zi, sums(0, 0.5).zf].every((z) => z === 1),
      hint: "You give the gates themselves. Asked for are the sums, and at a sum of 1 a gate is not open but at 0.73.",
    },
    {
      answer: keeper({ f: (mark) => 20 * mark - 10 }),
      hint: "Yours keeps at the mark and forgets ever after: the forget gate is the share that stays.",
    },
    {
      answer: keeper({ i: (mark) => 10 - 20 * mark }),
      hint: "Yours lets in all that is not marked, and the marked value not.",
    },
    {
      answer: keeper({ i: (mark) => 6 * mark - 3, f: (mark) => 3 - 6 * mark }),
      when: (sums) => {
        const [silent, marked] = [sums(0, 0.5), sums(1, 0.5)];
        const isWeak = (z: number) => z > 0 && z < 7;
        return isWeak(-silent.zi) && isWeak(silent.zf) && isWeak(marked.zi);
      },
      hint: "All gates turn the right way, but none is quite open or shut: σ(3) is 0.95, and 25 times 0.95 in a row leaves 0.28.",
    },
  ],
  nudge:
    "Two cases, marked and not: which gates are open in each, and how large must a sum be for that?",
  hint: "Marked: input gate open, forget gate shut; else the other way round. A sum of 10 opens a gate, one of -10 shuts it. And the sum of the candidate has to undo its tanh.",
  because:
    "That is what the LSTM of section 11 has to find by descent: its pictures show the same gates, with values between.",
});

/** What of a loss an LSTM cell passes on: the gradients by its four sums, and by its content before. */
export interface LstmGradients {
  zi: number;
  zf: number;
  zg: number;
  zo: number;
  c: number;
}

type LstmBack = (gates: Gates, c: number, dh: number, dc: number) => LstmGradients;

/** The way back, of which each part can be changed. */
const lstmBack =
  (
    part: {
      /** ∂L/∂c', with both ways by which c' matters. */
      all?: (given: { dh: number; dc: number; o: number; shown: number }) => number;
      /** The slopes of sigmoid and tanh, by their values. */
      sigmoid?: (value: number) => number;
      tanh?: (value: number) => number;
      change?: (right: LstmGradients, gates: Gates, all: number) => LstmGradients;
    } = {},
  ): LstmBack =>
  ({ i, f, g, o }, c, dh, dc) => {
    const shown = Math.tanh(f * c + i * g);
    const all = (part.all ?? (() => dc + dh * o * (1 - shown ** 2)))({ dh, dc, o, shown });
    const sigmoid = part.sigmoid ?? ((value) => value * (1 - value));
    const tanh = part.tanh ?? ((value) => 1 - value ** 2);
    const right = {
      zi: all * g * sigmoid(i),
      zf: all * c * sigmoid(f),
      zg: all * i * tanh(g),
      zo: dh * shown * sigmoid(o),
      c: all * f,
    };
    return part.change?.(right, { i, f, g, o }, all) ?? right;
  };

/** One step of an LSTM cell, backwards. */
export const lstmBackward = exercise<LstmBack>({
  title: "One step of an LSTM cell, backwards",
  answer: lstmBack(),
  observe: (back) => [
    back({ i: 0.1, f: 0.9, g: -0.5, o: 0.7 }, 2, 0.4, 0.3),
    back({ i: 0.8, f: 0.2, g: 0.6, o: 0.3 }, -1.5, -1.2, 0.7),
    back({ i: 0.6, f: 0.5, g: 0.25, o: 0.9 }, 0.3, 0.5, -0.8),
  ],
  mistakes: [
    {
      answer: lstmBack({ all: ({ dh, o, shown }) => dh * o * (1 - shown ** 2) }),
      hint: "You left out `dc`: the new content matters to the next step, too. Two gradients arrive at it.",
    },
    {
      answer: lstmBack({ all: ({ dc }) => dc }),
      hint: "The content is also shown: h depends on it, by way of the tanh and the output gate.",
    },
    {
      answer: lstmBack({ all: ({ dc, dh, o }) => dc + dh * o }),
      hint: "Between the new content and h lies a tanh. Where is its slope?",
    },
    {
      answer: lstmBack({ sigmoid: () => 1, tanh: () => 1 }),
      hint: "These are the gradients by the gates. Asked for are those by the sums z: one more slope each.",
    },
    {
      answer: lstmBack({ tanh: (value) => value * (1 - value) }),
      hint: "Three of the four are sigmoids. The candidate is a tanh, whose slope is another.",
    },
    {
      answer: lstmBack({
        change: (right, { f }, all) => ({ ...right, c: right.c / f, zf: all * f }),
      }),
      hint: "Look at the forget gate: what is it multiplied by, on the way forward? And what is c?",
    },
    {
      answer: lstmBack({
        change: (right, { i, g }) => ({ ...right, zi: (right.zi / g) * i, zg: (right.zg / i) * g }),
      }),
      hint: "Of a product i g, the gradient by i has the factor g, and the gradient by g the factor i.",
    },
  ],
  nudge: "By which ways does the new content matter to the loss? Begin with its whole gradient.",
  hint: "First ∂L/∂c': `dc` plus what comes through h. Then each factor of c' gets it times the other factor, and times the slope of its own sigmoid or tanh.",
  because:
    "Of all that arrives at the new content, the old one gets the share f: no matrix, no slope. That is the way that lasts.",
});

/** What a gate, or a candidate, makes its sum of. Aliases, which tslab can spell out. */
type SumWeights = { U: tf.Tensor; W: tf.Tensor; b: tf.Tensor };
type GruWeights = { z: SumWeights; r: SumWeights; g: SumWeights };

type GruStep = (x: tf.Tensor, h: tf.Tensor, weights: GruWeights) => tf.Tensor;

const sumOf = (x: tf.Tensor, h: tf.Tensor, { U, W, b }: SumWeights) =>
  tf.add(tf.add(tf.matMul(x, U), tf.matMul(h, W)), b);

interface Candidate {
  x: tf.Tensor;
  h: tf.Tensor;
  r: tf.Tensor;
  weights: SumWeights;
}

/** A step of a GRU, of which each part can be changed; right as it stands. */
const gruOf =
  ({
    sum = sumOf,
    gate = (z: tf.Tensor) => tf.sigmoid(z),
    candidate = ({ x, h, r, weights }: Candidate) => tf.tanh(sum(x, tf.mul(r, h), weights)),
    mix = ({ z, h, g }: Record<"z" | "r" | "h" | "g", tf.Tensor>): tf.Tensor =>
      tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), g)),
  } = {}): GruStep =>
  (x, h, weights) =>
    tf.tidy(() => {
      const [z, r] = [gate(sum(x, h, weights.z)), gate(sum(x, h, weights.r))];
      const g = candidate({ x, h, r, weights: weights.g });
      return mix({ z, r, h, g });
    });

/** Weights of two inputs and three states, large enough for each to be seen. */
function someWeights(shift: number): SumWeights {
  const numbers = (count: number) =>
    Array.from({ length: count }, (_, k) => 1.4 * Math.sin(shift + 2.3 * k));
  return {
    U: tf.tensor2d(numbers(6), [2, 3]),
    W: tf.tensor2d(numbers(9).reverse(), [3, 3]),
    b: tf.tensor1d(numbers(3).map((each) => 0.5 - each)),
  };
}

/** One step of a GRU, forwards. */
export const gruStep = exercise<GruStep>({
  title: "One step of a GRU",
  answer: gruOf(),
  observe: (step) => {
    const weights = { z: someWeights(0.3), r: someWeights(1.1), g: someWeights(2.6) };
    const first = step(tf.tensor2d([[0.5, -1]]), tf.tensor2d([[0.9, -0.4, 0.2]]), weights);
    const rows = tf.tensor2d([0.3, 0.8, -0.6, 1.2, 0, -0.9], [3, 2]);
    const states = tf.tensor2d([0.7, -0.2, 0.1, -0.8, 0.5, 0.6, 0.4, 0.9, -0.3], [3, 3]);
    return [first, step(rows, states, weights)];
  },
  mistakes: [
    {
      answer: gruOf({ mix: ({ z, h, g }) => tf.add(tf.mul(tf.sub(1, z), h), tf.mul(z, g)) }),
      hint: "Your update gate is the wrong way round: at z = 1 it replaces the state. Here z is the share that stays.",
    },
    {
      answer: gruOf({ sum: (x, h, { U, W }) => tf.add(tf.matMul(x, U), tf.matMul(h, W)) }),
      hint: "Each of the three sums has a bias, which is missing.",
    },
    {
      answer: gruOf({
        candidate: ({ x, h, r, weights: { U, W, b } }) =>
          tf.tanh(tf.add(tf.add(tf.matMul(x, U), tf.mul(r, tf.matMul(h, W))), b)),
      }),
      hint: "You reset what the matrix makes of the state, as PyTorch does. In the formula above the state is reset first, and the matrix comes after.",
    },
    {
      answer: gruOf({ candidate: ({ x, h, weights }) => tf.tanh(sumOf(x, h, weights)) }),
      hint: "Your candidate sees the whole old state. What is the reset gate for?",
    },
    {
      answer: gruOf({
        candidate: ({ x, h, r, weights }) => tf.tanh(tf.mul(r, sumOf(x, h, weights))),
      }),
      hint: "Your reset gate also shuts out the input and the bias. It is the old state alone that it weakens.",
    },
    {
      answer: gruOf({
        candidate: ({ x, h, r, weights }) => tf.mul(r, tf.tanh(sumOf(x, h, weights))),
      }),
      hint: "Your reset gate weakens the finished candidate. It has to act earlier, on the state that the candidate reads.",
    },
    {
      answer: gruOf({
        mix: ({ z, r, h, g }) => tf.add(tf.mul(tf.mul(z, r), h), tf.mul(tf.sub(1, z), g)),
      }),
      hint: "The reset state is for the candidate only. What stays is a share of the old state as it was.",
    },
    {
      answer: gruOf({
        candidate: ({ x, h, r, weights }) => sumOf(x, tf.mul(r, h), weights),
      }),
      hint: "Your candidate is the bare sum, so that the state can grow without bounds. Which function keeps it between -1 and 1?",
    },
    {
      answer: gruOf({
        candidate: ({ x, h, r, weights }) => tf.sigmoid(sumOf(x, tf.mul(r, h), weights)),
      }),
      hint: "Your candidate is a sigmoid, which is never negative. Gates are shares; the candidate is content.",
    },
    {
      answer: gruOf({ gate: (z) => tf.tanh(z) }),
      hint: "Your gates can be negative. A gate is a share, between 0 and 1: which function has these values?",
    },
    {
      answer: (x, h, { z, r, g }) => gruOf()(x, h, { z: r, r: z, g }),
      hint: "The two gates have changed places: r is for what the candidate sees, z for what stays.",
    },
    {
      answer: gruOf({ mix: ({ z, h, g }) => tf.add(tf.mul(z, h), g) }),
      hint: "You keep the share z and add the whole candidate. The new content gets only the room that the old one leaves.",
    },
  ],
  nudge:
    "Four formulas, four lines. Which of them need the state as it was, and which the reset one?",
  hint: "z and r are sigmoids of a sum of x U, h W and b, each with its own weights. The candidate is the tanh of such a sum, with r times h in the place of h. The last line mixes h and g by the shares z and 1 - z.",
  because:
    "With z = 1 the old state, and its gradient, pass untouched: the update gate does what the forget gate and the input gate do in an LSTM, and the state is its own cell.",
});
