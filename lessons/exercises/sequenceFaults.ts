import { drawWhole } from "./draws";
import { exercise } from "./exercise";

/** The three numbers of a network with one tanh neuron, or their gradients: h' = tanh(u x + w h), o = v h'. */
type OneNeuron = { u: number; w: number; v: number };

type Walk = (net: OneNeuron, xs: number[], ys: number[]) => OneNeuron;

/** Backpropagation through time with the loss Σ (o - y)² / 2; the parts are where students go wrong. */
const walkBack =
  ({
    slope = (h: number, _before: number) => 1 - h ** 2,
    later = (_dh: number, dz: number, w: number) => dz * w,
    stateFor = (_h: number, before: number) => before,
  } = {}): Walk =>
  ({ u, w, v }, xs, ys) => {
    const h = [0];
    for (const x of xs) {
      h.push(Math.tanh(u * x + w * h[h.length - 1]));
    }
    const gradient = { u: 0, w: 0, v: 0 };
    for (let [t, fromLater] = [xs.length, 0]; t >= 1; t--) {
      const out = v * h[t] - ys[t - 1];
      const dh = out * v + fromLater;
      const dz = dh * slope(h[t], h[t - 1]);
      gradient.u += dz * xs[t - 1];
      gradient.w += dz * stateFor(h[t], h[t - 1]);
      gradient.v += out * h[t];
      fromLater = later(dh, dz, w);
    }
    return gradient;
  };
const ownState = (h: number) => h;
const pastTanh = (dh: number, _dz: number, w: number) => dh * w;

/** Lesson 06: a way back through time with two faults. */
export const mendedBackward = exercise<Walk>({
  title: "Find the fault: a wrong way back",
  answer: walkBack(),
  observe: (back) => [
    back({ u: 0.8, w: -0.6, v: 1.5 }, [0.5], [0.3]),
    back({ u: 0.8, w: -0.6, v: 1.5 }, [0.5, -1.2], [0.3, 0.9]),
    back({ u: -1.3, w: 0.9, v: 0.7 }, [0.4, 1.1, -0.3, 0.6], [-0.5, 0.25, 0.75, 1.5]),
  ],
  mistakes: [
    {
      answer: walkBack({ later: pastTanh, stateFor: ownState }),
      hint: "Both faults are still there. Begin with the sequence of one step: which gradient is wrong already, and what does it consist of?",
    },
    {
      answer: walkBack({ later: pastTanh }),
      hint: "One step is right now. With two, u and w are wrong still: what is handed on from a step to the one before?",
    },
    {
      answer: walkBack({ stateFor: ownState }),
      hint: "What is handed on is right now. But with a single step w is wrong still: which state was w multiplied by?",
    },
    {
      answer: walkBack({ later: (_dh, dz) => dz }),
      hint: "The gradient comes back through the tanh now, but on its way to the state before it also passes w.",
    },
    {
      answer: walkBack({ later: () => 0 }),
      hint: "Now nothing is handed on at all. A state matters to all later losses, not to its own alone.",
    },
    {
      answer: walkBack({ slope: (_h, before) => 1 - before ** 2 }),
      hint: "The slope of the tanh belongs to the state that it made, not to the one before.",
    },
  ],
  nudge: "With one step only w is wrong, with two u as well. Which lines have to do with w alone?",
  hint: "Two lines: w was multiplied by the state *before*; and what is handed on has passed the tanh, so it is `dz * w`.",
  because:
    "The differences found both: the shortest sequence isolates a fault, and which gradients are right says where it is not.",
});

/** The state of a network, as a list of numbers. */
type State = number[];

/** Reads one code: the state that follows, and the probabilities of the next code. */
type Step = (state: State, code: number) => { state: State; p: number[] };

type MeanLoss = (windows: number[][], targets: number[][], start: State, step: Step) => number;

/** The loss over windows that follow each other; the parts are where students go wrong. */
const scoring =
  ({
    carriesWindows = true,
    carriesSteps = true,
    target = (_code: number, next: number) => next,
    divisor = (_windows: number, codes: number) => codes,
  } = {}): MeanLoss =>
  (windows, targets, start, step) => {
    let [sum, count, state] = [0, 0, start];
    for (const [b, window] of windows.entries()) {
      state = carriesWindows ? state : start;
      for (const [t, code] of window.entries()) {
        const seen = step(carriesSteps ? state : start, code);
        state = seen.state;
        sum -= Math.log(seen.p[target(code, targets[b][t])]);
        count += 1;
      }
    }
    return sum / divisor(windows.length, count);
  };

/** A network of two numbers and four codes. */
const toyStep: Step = ([a, b], code) => {
  const state = [Math.tanh(0.9 * a + 0.7 * code - 1), Math.tanh(0.8 * b - a + 0.3 * code)];
  const sizes = [1, 2, -1, 0.5].map((c, k) => Math.exp(c * state[0] + (k - 1.5) * state[1]));
  const sum = sizes.reduce((x, y) => x + y);
  return { state, p: sizes.map((size) => size / sum) };
};
const drawCode = (standing: number) => drawWhole(standing, 0, 3);

/** Lesson 07: the loss of a text that is read in windows, of which each begins with an empty state. */
export const mendedScore = exercise<MeanLoss>({
  title: "Find the fault: worst at the beginning",
  answer: scoring(),
  observe: (score) => {
    const text = [0, 1, 3, 2, 0, 3, 1, 1, 2, 0, 3, 2, 1].map(drawCode);
    const cut = (shift: number, ends: number[]) =>
      ends.slice(1).map((end, i) => text.slice(ends[i] + shift, end + shift));
    return [
      [0, 4, 8, 12],
      [1, 6, 11, 12],
      [2, 12],
    ].map((ends) => score(cut(0, ends), cut(1, ends), [0.25, -0.5], toyStep));
  },
  mistakes: [
    {
      answer: scoring({ carriesWindows: false }),
      hint: "The fault is still there: each window begins as if nothing had been read.",
    },
    {
      answer: scoring({ carriesSteps: false }),
      hint: "Now the state is lost at every single code. Where must it be set, and how often?",
    },
    {
      answer: scoring({ target: (code) => code }),
      hint: "You take the probability of the code that has just been read. Which one is to be predicted?",
    },
    {
      answer: scoring({ divisor: (windows) => windows }),
      hint: "The sum is right. The mean is that over all codes, and a window has several.",
    },
    {
      answer: scoring({ divisor: () => 1 }),
      hint: "The sum is right, but a mean is asked for: divide by the number of all codes.",
    },
  ],
  nudge:
    "The loss is worst at the beginning of each window. What does the network know there, and what could it?",
  hint: "The state that one window ends with is the one that the next begins with. Where does the program set it?",
  because:
    "An average hides such a fault: the program ran, and its loss was only a little high. The loss by place showed where.",
});

const FAULTS: readonly string[] = [
  "rate too large",
  "rate too small",
  "text too short",
  "targets are inputs",
  "targets shuffled",
];

/** Lesson 08: which fault made which of five logs, whose losses the lesson gives. */
export const logFaults = exercise<string[]>({
  title: "Find the fault: five logs",
  answer: [
    "targets shuffled",
    "rate too large",
    "text too short",
    "targets are inputs",
    "rate too small",
  ],
  mistakes: [
    {
      answer: ["shuffled", "rate", "text", "inputs", "rate"],
      when: (said) => said.some((words) => words !== "" && !FAULTS.includes(words)),
      hint: "Each is one of the five faults, in the words of the list: one of yours is another.",
    },
    {
      answer: [
        "rate too small",
        "rate too large",
        "text too short",
        "targets are inputs",
        "targets shuffled",
      ],
      when: (said) => said[0] === "rate too small" && said[4] === "targets shuffled",
      hint: "A and E are swapped. One of them has learnt all that there is to learn, and quickly; the other is still on its way.",
    },
    {
      answer: [
        "targets shuffled",
        "rate too large",
        "targets are inputs",
        "text too short",
        "rate too small",
      ],
      when: (said) => said[2] === "targets are inputs" && said[3] === "text too short",
      hint: "C and D are swapped. Both are good in training. Which of them is good on unseen pages as well, too good to be true?",
    },
    {
      answer: [
        "text too short",
        "rate too large",
        "targets shuffled",
        "targets are inputs",
        "rate too small",
      ],
      when: (said) => said[2] !== "text too short",
      hint: "Look at C again: its training loss falls and falls. And its validation loss, from step 300 on?",
    },
    {
      answer: [
        "rate too large",
        "targets shuffled",
        "text too short",
        "targets are inputs",
        "rate too small",
      ],
      when: (said) => said[1] !== "rate too large",
      hint: "Look at B again: which of the faults makes a network *worse* than one that knows nothing, ln V = 4.37?",
    },
    {
      answer: [
        "rate too small",
        "rate too large",
        "text too short",
        "targets are inputs",
        "rate too small",
      ],
      when: (said) => said[0] !== "targets shuffled",
      hint: "Look at A again: it stands at 3.0, the loss of unigrams. What does a network know that knows just that?",
    },
    {
      answer: [
        "targets shuffled",
        "rate too large",
        "text too short",
        "rate too small",
        "rate too small",
      ],
      when: (said) => said[3] !== "targets are inputs",
      hint: "Look at D again: no text can be predicted so well. What can?",
    },
    {
      answer: [
        "targets shuffled",
        "rate too large",
        "text too short",
        "targets are inputs",
        "rate too large",
      ],
      when: (said) => said[4] !== "rate too small",
      hint: "Look at E again: nothing is wrong with its curve but how long it takes.",
    },
  ],
  nudge:
    "Hold each log against three bars: ln V = 4.37, unigrams 3.01, and 0. And compare its two losses.",
  hint: "Above ln V: steps that throw the network about. At unigrams, flat: what comes next has nothing to do with what was read. Near 0: the answer stands in the question. Losses that part: learnt by heart.",
  because:
    "Each fault has a signature, and the bars make it legible: no curve says much without ln V and unigrams beside it.",
});

/** Rows of digits by step: steps[t][n] is row t of digit n. */
type ByStep = (pixels: number[], N: number, T: number, D: number) => number[][][];

/** Cuts pixels into lists of lists of rows of D numbers, by the place at which each row begins. */
const cutting =
  (
    begin: (t: number, n: number, sizes: { N: number; T: number; D: number }) => number,
    outer: "steps" | "digits" = "steps",
  ): ByStep =>
  (pixels, N, T, D) => {
    const lengths = outer === "steps" ? [T, N] : [N, T];
    return Array.from({ length: lengths[0] }, (_, i) =>
      Array.from({ length: lengths[1] }, (_, j) => {
        const from = outer === "steps" ? begin(i, j, { N, T, D }) : begin(j, i, { N, T, D });
        return pixels.slice(from, from + D);
      }),
    );
  };

/** Lesson 09: digits that were put step by step as if they had been stored so. */
export const mendedSteps = exercise<ByStep>({
  title: "Find the fault: whose rows are these?",
  answer: cutting((t, n, { T, D }) => (n * T + t) * D),
  observe: (steps) => {
    const pixels = (N: number, T: number, D: number) =>
      Array.from({ length: N * T * D }, (_, i) => i + 0.5);
    return [steps(pixels(2, 3, 2), 2, 3, 2), steps(pixels(4, 3, 5), 4, 3, 5)];
  },
  mistakes: [
    {
      answer: cutting((t, n, { N, D }) => (t * N + n) * D),
      hint: "The fault is still there: row 1 of the first digit does not come N rows after row 0 in `pixels`.",
    },
    {
      answer: cutting((t, n, { T, D }) => (n * T + t) * D, "digits"),
      hint: "Each row belongs to the right digit now, but the outer list is to be that of the steps.",
    },
    {
      answer: cutting((t, n, { T, D }) => (n * T + T - 1 - t) * D),
      hint: "The digits stand on their heads: step 0 reads the top row.",
    },
    {
      answer: cutting((t, n, { T }) => n * T + t),
      hint: "You count rows, and `pixels` counts pixels: a row has D of them.",
    },
    {
      answer: cutting((t, n, { N, D }) => (n * N + t) * D),
      hint: "How many rows lie between the beginnings of two digits?",
    },
    {
      answer: (pixels, N, T, D) =>
        Array.from({ length: T }, (_, t) =>
          Array.from({ length: N }, (_, n) =>
            Array.from({ length: D }, (_, d) => pixels[n * T * D + d * T + t]),
          ),
        ),
      hint: "Each list holds pixels from below one another now: that is a column. A row's pixels lie side by side.",
    },
  ],
  nudge: "How many rows lie, in `pixels`, between row t of one digit and row t of the next?",
  hint: "A digit has T rows of D pixels, and row t of digit n begins after n whole digits and t rows.",
  because:
    "A reshape puts numbers in other boxes without moving one; to change the order of axes takes a transpose. Both give the same shape.",
});
