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
  nudge: "Where does one step take you from w, if the rate is η? When is that no nearer to 0?",
  hint: "The limit is 2 divided by the curvature, the second derivative of 5w².",
  because: "At 0.2 each step goes from w to -w: as far up the other wall as it came down.",
});

/** The largest learning rate that converges with momentum γ = 0.9 where the curvature is 4. */
export const stableWithMomentum = exercise<number>({
  title: "The largest rate with momentum",
  answer: 0.95,
  mistakes: [
    {
      answer: 0.5,
      hint: "That is the limit without momentum, 2 / λ. What does γ put in place of 2?",
    },
    { answer: 3.8, hint: "That is 2 (1 + γ). The curvature is missing." },
    {
      answer: 0.05,
      hint: "1 - γ is by how much momentum lengthens a steady run. The limit has 1 + γ.",
    },
    {
      answer: 5,
      hint: "Not 2 / (λ (1 - γ)): across a valley, where signs change, a velocity brakes.",
    },
  ],
  nudge: "What was the limit without momentum, and does a velocity across the valley help or hurt?",
  hint: "With momentum the limit is 2 (1 + γ) / λ.",
  because:
    "Nearly twice the limit of plain gradient descent: across the valley the velocity brakes.",
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
  nudge: "Write the condition as an equation in t. What undoes an exponential?",
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
      hint: "That is the number of entries, in billions. Each takes four bytes.",
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
  nudge: "How many rows and how many columns has that matrix?",
  hint: "A number for each pair of parameters, four bytes each; a gigabyte has 10⁹ bytes.",
  because:
    "And a small network has 100,000 parameters. Solving with the matrix takes 3 · 10¹⁴ multiplications.",
});
