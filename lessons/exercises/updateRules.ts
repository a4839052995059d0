import { descend, rules, surfaces } from "../rules";
import { zeros } from "../rules/rule";
import { exercise } from "./exercise";

/** Two short ways down, with different options: what a rule does shows in its places. */
function waysOf<Options extends object>(
  rule: rules.Rule<object, Options>,
  ...options: Options[]
): number[] {
  const steps = 4;
  return options.flatMap((each) => {
    const { points } = descend(surfaces.styblinskiTang, rule as rules.Rule<object>, {
      start: [-1, 0.5],
      steps,
      ...each,
    });
    // A way that leads out of all numbers ends early.
    const lost = Array.from({ length: steps + 1 - points.length }, () => [Infinity, Infinity]);
    return [...points, ...lost].flat();
  });
}

type Nesterov = typeof rules.nesterov;
const nesterovAt =
  (place: (w: number, v: number, gamma: number) => number): Nesterov =>
  (w, loss, state = {}, options = {}) => {
    const { velocity = zeros(w) } = state;
    const { learningRate = 0.01, momentum = 0.9 } = options;
    const g = loss.gradient(w.map((wi, i) => place(wi, velocity[i], momentum)));
    const v = velocity.map((vi, i) => momentum * vi - learningRate * g[i]);
    return { parameters: w.map((wi, i) => wi + v[i]), state: { velocity: v } };
  };

/** Nesterov's method as an update rule. */
export const nesterovRule = exercise<Nesterov>({
  title: "Nesterov's method",
  answer: rules.nesterov,
  observe: (rule) =>
    waysOf(rule, { learningRate: 0.02, momentum: 0.8 }, { learningRate: 0.01, momentum: 0.5 }),
  mistakes: [
    {
      answer: nesterovAt((w, v, gamma) => w - gamma * v),
      hint: "That looks back to where the method came from. Which sign leads on?",
    },
    {
      answer: nesterovAt((w, v) => w + v),
      hint: "Nearly: only the part γ of the velocity is kept, so look only that far ahead.",
    },
    {
      answer: nesterovAt((w) => w),
      hint: "That is momentum: it asks for the gradient where it stands.",
    },
    {
      answer: (w, loss, state = {}, options = {}) => {
        const { parameters, state: next } = rules.nesterov(w, loss, state, options);
        const { velocity } = next;
        return { parameters, state: { velocity: velocity.map((v) => -v) } };
      },
      hint: "The first step is right. Remember the velocity with the sign that it was added with.",
    },
  ],
  nudge: "Where does the method ask for the gradient: where it stands, or where it is going?",
  hint: "The gradient at w + γ v; then the new velocity, γ v - η g; then w + v. Return both.",
  because: "The gradient there says what the velocity does not know yet.",
});

type RmsProp = typeof rules.rmsProp;
const rmsPropWith =
  (
    keep: (s: number, g: number, rho: number) => number,
    scale: (next: number, before: number) => number = Math.sqrt,
  ): RmsProp =>
  (w, loss, state = {}, options = {}) => {
    const { squares = zeros(w) } = state;
    const { learningRate = 0.001, rho = 0.9, epsilon = 1e-8 } = options;
    const g = loss.gradient(w);
    const s = squares.map((si, i) => keep(si, g[i], rho));
    const step = (i: number) => (learningRate * g[i]) / scale(s[i] + epsilon, squares[i] + epsilon);
    return { parameters: w.map((wi, i) => wi - step(i)), state: { squares: s } };
  };
const runningMean = (s: number, g: number, rho: number) => rho * s + (1 - rho) * g ** 2;

/** RMSProp as an update rule. */
export const rmsPropRule = exercise<RmsProp>({
  title: "RMSProp",
  answer: rules.rmsProp,
  observe: (rule) =>
    waysOf(rule, { learningRate: 0.05, rho: 0.9 }, { learningRate: 0.02, rho: 0.6 }),
  mistakes: [
    {
      answer: rmsPropWith((s, g) => s + g ** 2),
      hint: "That is Adagrad: a sum, which only grows. RMSProp keeps a running mean.",
    },
    {
      answer: rmsPropWith(runningMean, (next) => next),
      hint: "The mean is one of squares. What must be taken of it before the division?",
    },
    {
      answer: rmsPropWith((s, g, rho) => (1 - rho) * s + rho * g ** 2),
      hint: "ρ is the part that is kept of the old mean; the new square gets what is left.",
    },
    {
      answer: rmsPropWith(runningMean, (_next, before) => Math.sqrt(before)),
      hint: "Divide by the root of the new mean, which has seen this gradient already.",
    },
    {
      answer: rmsPropWith((s, g, rho) => Math.abs(rho * s + (1 - rho) * g)),
      hint: "The running mean is one of squared gradients.",
    },
  ],
  nudge: "What is remembered from step to step, and how much of it is kept?",
  hint: "First the new mean, ρ s + (1 - ρ) g²; then w moves by η g divided by its root. Return both.",
  because: "In the long run g / √s is of size 1, so η alone says how long the steps are.",
});

type Adam = typeof rules.adam;
const adamWith =
  (correct: (mean: number, beta: number, t: number) => number, firstStep = 1): Adam =>
  (w, loss, state = {}, options = {}) => {
    const { mean = zeros(w), squares = zeros(w), steps = 0 } = state;
    const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
    const t = steps + firstStep;
    const g = loss.gradient(w);
    const m = mean.map((mi, i) => beta1 * mi + (1 - beta1) * g[i]);
    const v = squares.map((vi, i) => beta2 * vi + (1 - beta2) * g[i] ** 2);
    const step = (i: number) =>
      (learningRate * correct(m[i], beta1, t)) / (Math.sqrt(correct(v[i], beta2, t)) + epsilon);
    return {
      parameters: w.map((wi, i) => wi - step(i)),
      state: { mean: m, squares: v, steps: steps + 1 },
    };
  };

/** Adam as an update rule, with its bias correction. */
export const adamRule = exercise<Adam>({
  title: "Adam",
  answer: rules.adam,
  observe: (rule) =>
    waysOf(
      rule,
      { learningRate: 0.05, beta1: 0.9, beta2: 0.999 },
      { learningRate: 0.02, beta1: 0.5, beta2: 0.9 },
    ),
  mistakes: [
    {
      answer: adamWith((mean) => mean),
      hint: "Both means begin at 0: correct them, by dividing each by 1 - βᵗ.",
    },
    {
      answer: adamWith((mean, beta) => mean / (1 - beta)),
      hint: "The correction fades: β is taken to the power of t, the number of this step.",
    },
    {
      answer: adamWith((mean, beta, t) => mean / (1 - beta ** t), 2),
      hint: "The first step has t = 1: count it once.",
    },
    {
      answer: adamWith((mean, beta, t) => mean * (1 - beta ** t)),
      hint: "The means are too small at first, so the correction divides by 1 - βᵗ.",
    },
    {
      answer: adamWith((mean, beta, t) => mean / beta ** t),
      hint: "After t steps the weights of a running mean add up to 1 - βᵗ. Divide by that.",
    },
    {
      answer: (w, loss, state = {}, options = {}) => {
        const { beta1 = 0.9, beta2 = 0.999 } = options;
        const { parameters, state: next } = rules.adam(w, loss, state, options);
        const { mean, squares, steps } = next;
        const corrected = {
          mean: mean.map((mi) => mi / (1 - beta1 ** steps)),
          squares: squares.map((vi) => vi / (1 - beta2 ** steps)),
        };
        return { parameters, state: { ...corrected, steps } };
      },
      hint: "The first step is right. Correct only what the step uses: remember the means as they are, or the correction is applied again and again.",
    },
  ],
  nudge: "Two running means are kept. Both begin at 0: what is wrong with them at the first step?",
  hint:
    "m and v are running means of g and g², each divided by 1 - βᵗ for its own β, with t = 1 at the " +
    "first step. Return the parameters and { mean, squares, steps }.",
  because: "Whatever the size of the gradient, the first step is η long in every direction.",
});

type AdamW = typeof rules.adamW;

/** AdamW made of Adam: weight decay beside the gradient. */
export const adamWRule = exercise<AdamW>({
  title: "AdamW",
  answer: rules.adamW,
  observe: (rule) =>
    waysOf(
      rule,
      { learningRate: 0.05, weightDecay: 0.5 },
      { learningRate: 0.02, weightDecay: 20, beta1: 0.5 },
    ),
  mistakes: [
    {
      answer: (w, loss, state, { weightDecay = 0.01, ...options } = {}) => {
        const gradient = (at: readonly number[]) =>
          loss.gradient(at).map((gi, i) => gi + weightDecay * at[i]);
        return rules.adam(w, { gradient }, state, options);
      },
      hint: "That puts the decay into the gradient, where Adam divides it away: L2, not AdamW.",
    },
    {
      answer: (w, loss, state, options = {}) => {
        const { weightDecay = 0.01 } = options;
        const { parameters, state: next } = rules.adam(w, loss, state, options);
        return { parameters: parameters.map((wi, i) => wi - weightDecay * w[i]), state: next };
      },
      hint: "The decay is in units of the learning rate: take off η λ w.",
    },
    {
      answer: (w, loss, state, options = {}) => {
        const { learningRate = 0.001, weightDecay = 0.01 } = options;
        const { parameters, state: next } = rules.adam(w, loss, state, options);
        const grown = parameters.map((wi, i) => wi + learningRate * weightDecay * w[i]);
        return { parameters: grown, state: next };
      },
      hint: "That makes the weights larger. Decay takes a share off.",
    },
    {
      answer: (w, loss, state, options = {}) => rules.adam(w, loss, state, options),
      hint: "That is Adam; nothing decays yet.",
    },
  ],
  nudge: "The decay does not go through the gradient. Where does it come in?",
  hint: "Take a step of Adam, and take η λ w off each parameter, with w the one before the step.",
  because: "Every weight loses the same share, however large its gradients are.",
});

type Sgd = rules.Rule<object, { learningRate?: number }>;

/** The loop of the debugging exercise, mended: gradient descent that adds no gradients up. */
export const mendedDescent = exercise<Sgd>({
  title: "Find the fault",
  answer: rules.sgd,
  observe: (rule) => waysOf(rule, { learningRate: 0.01 }, { learningRate: 0.02 }),
  mistakes: [
    {
      answer: (w, loss, state: { sum?: number[] } = {}, { learningRate = 0.01 } = {}) => {
        const { sum = zeros(w) } = state;
        const g = loss.gradient(w).map((gi, i) => sum[i] + gi);
        return { parameters: w.map((wi, i) => wi - learningRate * g[i]), state: { sum: g } };
      },
      hint: "The fault is still there. What does a step use besides the gradient where it stands?",
    },
    {
      answer: (w, loss, _state, { learningRate = 0.01 } = {}) => ({
        parameters: w.map((wi, i) => wi + learningRate * loss.gradient(w)[i]),
        state: {},
      }),
      hint: "That climbs. The sign was not the fault.",
    },
    {
      answer: (w, loss, state, { learningRate = 0.01 } = {}) =>
        rules.momentum(w, loss, state, { learningRate, momentum: 0.9 }),
      hint:
        "A γ below 1 brakes, so the swinging dies down, but that is momentum. " +
        "Plain gradient descent remembers nothing.",
    },
    {
      answer: (w, loss, state, { learningRate = 0.01 } = {}) =>
        rules.sgd(w, loss, state, { learningRate: learningRate / 10 }),
      hint: "A smaller rate makes the same fault slower. Find it in the code.",
    },
  ],
  nudge: "Print what a step uses. Which part of it comes from earlier steps?",
  hint: "Each step may use only the gradient where it stands: w - η g, with nothing added from before.",
  because: "Adding up gradients is momentum with γ = 1: nothing brakes, so nothing comes to rest.",
});
