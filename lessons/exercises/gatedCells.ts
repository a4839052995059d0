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
