import { exercise } from "./exercise";

/** The learning rate from which gradient descent on L = 5w² no longer gets nearer to 0. */
export const largestStableRate = exercise<number>({
  title: "The largest learning rate",
  answer: 0.2,
  mistakes: [
    {
      answer: 0.4,
      hint: "2 divided by the curvature, yes, but 5 is not the curvature: differentiate 5w² twice.",
    },
    {
      answer: 0.1,
      hint: "With that one the first step lands in the minimum. It can be larger, and still get nearer.",
    },
    { answer: 10, hint: "That is the curvature. How does the limit depend on it?" },
    {
      answer: 5,
      hint: "The steeper a valley is curved, the smaller a step must be: divide by the curvature.",
    },
  ],
  hint: "The limit is 2 divided by the curvature, the second derivative of 5w².",
  because: "At 0.2 each step goes from w to -w: as far up the other wall as it came down.",
});

type StepOfTwo = (w: number, memory: number, g: number, eta: number, keep: number) => number[];

/** Inputs of a step: parameter, memory, gradient, learning rate, and how much memory is kept. */
const steps: [number, number, number, number, number][] = [
  [1, 0, 2, 0.1, 0.9],
  [-0.5, 0.4, -1, 0.05, 0.8],
  [2, 1.5, 3, 0.2, 0.5],
];
const look = (step: StepOfTwo) => steps.map((inputs) => step(...inputs));

/** One step of momentum, for a single parameter: [w, v] after it. */
export const momentumStep = exercise<StepOfTwo>({
  title: "A step of momentum",
  answer: (w, v, g, eta, gamma) => {
    const next = gamma * v - eta * g;
    return [w + next, next];
  },
  observe: look,
  mistakes: [
    {
      answer: (w, v, g, eta, gamma) => {
        const next = gamma * v + eta * g;
        return [w + next, next];
      },
      hint: "That climbs: the velocity must go against the gradient.",
    },
    {
      answer: (w, v, g, eta, gamma) => [w + v, gamma * v - eta * g],
      hint: "The parameter moves by the new velocity, not by the one before.",
    },
    {
      answer: (w, v, g, eta) => {
        const next = v - eta * g;
        return [w + next, next];
      },
      hint: "Nothing brakes: only the part γ of the old velocity is kept.",
    },
    {
      answer: (w, v, g, eta, gamma) => {
        const next = gamma * v + g;
        return [w - eta * next, next];
      },
      hint: "That is how PyTorch counts, with η outside of the velocity. Take the formula of section 5.",
    },
    {
      answer: (w, v, g, eta, gamma) => {
        const next = gamma * v - eta * g;
        return [next, w + next];
      },
      hint: "The two results have changed places: return [w, v].",
    },
  ],
  hint: "First the new velocity, γ v - η g; then w moves by it. Return the list [w, v].",
  because: "With γ = 0 it is plain gradient descent.",
});

/** Where Nesterov's method takes the gradient. */
export const nesterovLooks = exercise<(w: number, v: number, gamma: number) => number>({
  title: "Where Nesterov looks",
  answer: (w, v, gamma) => w + gamma * v,
  observe: (place) => [place(1, -0.5, 0.9), place(-2, 3, 0.5), place(0.25, 0.1, 0.8)],
  mistakes: [
    {
      answer: (w, v, gamma) => w - gamma * v,
      hint: "That is the misprint: a look back to where the method came from.",
    },
    { answer: (w, v) => w + v, hint: "Nearly: friction comes first. Only a part of v is kept." },
    { answer: (w) => w, hint: "That is where the momentum method looks: where it stands." },
    {
      answer: (w, v, gamma) => gamma * (w + v),
      hint: "Only the velocity is multiplied by γ, not the place.",
    },
  ],
  hint: "It goes where the velocity alone would lead: from w on by the part of v that is kept.",
  because: "The gradient there says what the velocity does not know yet.",
});

/** One step of RMSProp, for a single parameter: [w, s] after it. */
export const rmsPropStep = exercise<StepOfTwo>({
  title: "A step of RMSProp",
  answer: (w, s, g, eta, rho) => {
    const next = rho * s + (1 - rho) * g ** 2;
    return [w - (eta * g) / Math.sqrt(next + 1e-8), next];
  },
  observe: look,
  mistakes: [
    {
      answer: (w, s, g, eta) => {
        const next = s + g ** 2;
        return [w - (eta * g) / Math.sqrt(next + 1e-8), next];
      },
      hint: "That is Adagrad: a sum, which only grows. RMSProp keeps a running mean.",
    },
    {
      answer: (w, s, g, eta, rho) => {
        const next = rho * s + (1 - rho) * g ** 2;
        return [w - (eta * g) / (next + 1e-8), next];
      },
      hint: "The mean is one of squares. What must be taken of it before the division?",
    },
    {
      answer: (w, s, g, eta, rho) => {
        const next = (1 - rho) * s + rho * g ** 2;
        return [w - (eta * g) / Math.sqrt(next + 1e-8), next];
      },
      hint: "ρ is the part that is kept of the old mean; the new square gets what is left.",
    },
    {
      answer: (w, s, g, eta, rho) => {
        const next = rho * s + (1 - rho) * g ** 2;
        return [w - (eta * g) / Math.sqrt(s + 1e-8), next];
      },
      hint: "Divide by the root of the new mean, which has seen this gradient already.",
    },
    {
      answer: (w, s, g, eta, rho) => {
        const next = rho * s + (1 - rho) * g;
        return [w - (eta * g) / Math.sqrt(Math.abs(next) + 1e-8), next];
      },
      hint: "The running mean is one of squared gradients.",
    },
  ],
  hint: "First the new mean, ρ s + (1 - ρ) g²; then w moves by η g divided by its root. Return [w, s].",
  because: "In the long run g / √s has the size 1, so η alone says how long the steps are.",
});

/** After how many steps eta(t) = eta0 exp(-t / 1000) is half of eta0. */
export const halfLife = exercise<number>({
  title: "When the learning rate has halved",
  answer: 1000 * Math.log(2),
  mistakes: [
    { answer: 500, hint: "That would be the linear decay." },
    {
      answer: 1000,
      hint: "After T steps the rate has fallen to 1/e of its beginning, below a half.",
    },
    { answer: 1000 / Math.log(2), hint: "Nearly: solve exp(-t / T) = 1/2 for t again." },
    { answer: 1000 * Math.log10(2), hint: "The base is e, not 10: `Math.log`." },
  ],
  hint: "Solve exp(-t / 1000) = 1/2: take the logarithm of both sides.",
  because: "T ln 2, about 0.69 T. After 3 T a twentieth is left.",
});

/** Gigabytes of a Hessian of 100,000 parameters in float32. */
export const hessianGigabytes = exercise<number>({
  title: "The size of a Hessian",
  answer: 40,
  mistakes: [
    {
      answer: 10,
      hint: "So many entries has it, in thousands of millions. Each takes four bytes.",
    },
    { answer: 0.0004, hint: "That is the gradient. The Hessian has an entry for each pair." },
    { answer: 80, hint: "Four bytes an entry, not eight." },
    {
      answer: 20,
      when: (answer) => Math.abs(answer - 20) < 0.01,
      hint: "True, half of it would do, since it is symmetric. The question is about the whole matrix.",
    },
    { answer: 4e10, hint: "In bytes that is right. How many gigabytes, of 10⁹ bytes, are they?" },
  ],
  hint: "A number for each pair of parameters, four bytes each; a gigabyte has 10⁹ bytes.",
  because:
    "And a small network has 100,000 parameters. Solving with the matrix takes 3 · 10¹⁴ multiplications.",
});
