import { tf } from "karenina";
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

const oneStepBack = (
  change: (parts: { dh: tf.Tensor; h: tf.Tensor; W: tf.Tensor }) => tf.Tensor,
): ((dh: tf.Tensor, h: tf.Tensor, W: tf.Tensor) => tf.Tensor) => {
  return (dh, h, W) => tf.tidy(() => change({ dh, h, W }));
};

/** ∂L/∂h_{t-1} from ∂L/∂h_t, h_t and W, in a simple recurrent network. */
export const oneStepBackInTime = exercise<(dh: tf.Tensor, h: tf.Tensor, W: tf.Tensor) => tf.Tensor>(
  {
    title: "One step back in time",
    answer: oneStepBack(({ dh, h, W }) =>
      tf.matMul(tf.mul(dh, tf.sub(1, tf.square(h))), W, false, true),
    ),
    observe: (back) => {
      const W = tf.tensor2d([0.5, -1, 2, 0.3, 1, -0.7, 0.2, 0.4, -2], [3, 3]);
      return [
        back(tf.tensor2d([[1, -0.5, 2]]), tf.tensor2d([[0.9, -0.3, 0.5]]), W),
        back(tf.tensor2d([[0.2, 1, 0]]), tf.tensor2d([[-0.4, 0, 0.8]]), W),
      ];
    },
    mistakes: [
      {
        answer: oneStepBack(({ dh, h, W }) => tf.matMul(tf.mul(dh, tf.sub(1, tf.square(h))), W)),
        hint: "Forwards the state was multiplied by W. On the way back it is W's transpose.",
      },
      {
        answer: oneStepBack(({ dh, W }) => tf.matMul(dh, W, false, true)),
        hint: "You went through W, but not through the tanh: its slope is missing.",
      },
      {
        answer: oneStepBack(({ dh, h, W }) =>
          tf.matMul(tf.mul(dh, tf.sub(1, tf.square(tf.tanh(h)))), W, false, true),
        ),
        hint: "h is the value of the tanh already. Its slope is 1 minus the square of that value.",
      },
      {
        answer: oneStepBack(({ dh, h, W }) => tf.matMul(tf.mul(dh, tf.sub(1, h)), W, false, true)),
        hint: "The slope of tanh is not 1 - h. What is missing there?",
      },
      {
        answer: oneStepBack(({ dh, h, W }) =>
          tf.mul(tf.matMul(dh, W, false, true), tf.sub(1, tf.square(h))),
        ),
        hint: "Both factors are right, but the order is not: the tanh came last, so on the way back it comes first.",
      },
    ],
    nudge:
      "On the way forward W came first, then tanh. In which order do you meet them on the way back?",
    hint: "First through the tanh, number by number, then through W: `backStep` of section 4 does it.",
    because:
      "That is the Jacobian of section 6 at work: thirty such steps are thirty products with W's transpose.",
  },
);

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

const norm = (gradient: readonly number[]) => Math.hypot(...gradient);

/** A gradient, shortened to a largest norm where it is longer. */
export const clipToNorm = exercise<(gradient: number[], largest: number) => number[]>({
  title: "Clipping to a norm",
  answer: (g, largest) => g.map((gi) => gi * Math.min(1, largest / norm(g))),
  observe: (clip) => [
    clip([3, 4], 1),
    clip([0.3, -0.4], 1),
    clip([-6, 0, 8], 5),
    clip([2, -1, 2], 3),
    clip([10, 0.1], 2),
  ],
  mistakes: [
    {
      answer: (g, largest) => g.map((gi) => Math.max(-largest, Math.min(largest, gi))),
      hint: "You limit each number for itself. That bends the direction: scale all by one factor.",
    },
    {
      answer: (g, largest) => g.map((gi) => (gi * largest) / norm(g)),
      hint: "Right for long gradients. But a short one must stay as it is, and yours makes it longer.",
    },
    {
      answer: (g, largest) => (norm(g) > largest ? g.map((gi) => gi / norm(g)) : g.slice()),
      hint: "What you shorten gets the norm 1, whatever the bound is.",
    },
    {
      answer: (g, largest) =>
        g.map((gi) => gi * Math.min(1, largest / g.reduce((a, b) => a + Math.abs(b), 0))),
      hint: "The norm is the length of the vector, the root of the sum of the squares: `Math.hypot(...gradient)`.",
    },
    {
      answer: (g, largest) => (norm(g) > largest ? g.map(() => 0) : g.slice()),
      hint: "You throw long gradients away. Keep their direction.",
    },
  ],
  nudge: "Two cases: which gradients stay as they are, and what is done to the others?",
  hint: "Where the norm is above the bound, multiply all numbers by the bound over the norm.",
  because:
    "The direction stays, the step has a largest length: `clipNorm` of `train` does the same.",
});

/** The values of an LSTM's gates and candidate at one step, for one cell. */
export interface Gates {
  i: number;
  f: number;
  g: number;
  o: number;
}

/** The new c and h of one LSTM cell, from its gates and the c before. */
export const lstmCell = exercise<(gates: Gates, c: number) => { c: number; h: number }>({
  title: "One step of an LSTM cell",
  answer: ({ i, f, g, o }, c) => ({ c: f * c + i * g, h: o * Math.tanh(f * c + i * g) }),
  observe: (cell) => [
    cell({ i: 0.1, f: 0.9, g: -0.5, o: 0.7 }, 2),
    cell({ i: 0.8, f: 0.2, g: 0.6, o: 0.3 }, -1.5),
    cell({ i: 1, f: 0.5, g: 0.25, o: 1 }, 0),
  ],
  mistakes: [
    {
      answer: ({ i, f, g, o }, c) => ({ c: i * c + f * g, h: o * Math.tanh(i * c + f * g) }),
      hint: "Two gates have changed places: which one is for what is there, which for what is new?",
    },
    {
      answer: ({ i, f, g, o }, c) => ({ c: f * c + i * g, h: o * (f * c + i * g) }),
      hint: "The new c is right. Before it is shown, it goes through a tanh.",
    },
    {
      answer: ({ i, f, g, o }, c) => ({ c: f * c + i * g, h: o * Math.tanh(c) }),
      hint: "The new c is right. But h shows the new cell, not the old one.",
    },
    {
      answer: ({ i, f, g, o }, c) => ({
        c: (1 - f) * c + i * g,
        h: o * Math.tanh((1 - f) * c + i * g),
      }),
      hint: "In spite of its name the forget gate is the share that stays: at 1 nothing is forgotten.",
    },
    {
      answer: ({ f, g, o }, c) => ({ c: f * c + g, h: o * Math.tanh(f * c + g) }),
      hint: "You let the whole candidate in. How much of it should be written?",
    },
  ],
  nudge: "What happens to the old cell state, and what is added to it?",
  hint: "The new c is what the forget gate keeps of the old one plus what the input gate lets in; h is the share of its tanh that the output gate shows.",
  because:
    "With f = 1 and i = 0 the cell passes a step untouched, and so does a gradient on its way back.",
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
