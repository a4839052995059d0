import { type Objective, type Step, zeros } from "./rule";

/** Options of `adam`. */
export interface AdamRuleOptions {
  /** η, default 0.001. */
  learningRate?: number;
  /** β1, how much of the gradient's running mean is kept, default 0.9. */
  beta1?: number;
  /** β2, how much of its squares' running mean is kept, default 0.999. */
  beta2?: number;
  /** ε, outside the root as in the paper, tfjs and PyTorch; default 1e-8. */
  epsilon?: number;
}

/** What `adam` remembers. */
export interface AdamState {
  /** m, the running mean of gradients: a velocity. */
  mean: number[];
  /** v, the running mean of their squares. */
  squares: number[];
  /** t, how many steps were made. */
  steps: number;
}

/**
 * Adam (Kingma & Ba 2014, algorithm 1): RMSProp with momentum, both means corrected for their start
 * at zero.
 *
 *     m ← β1 m + (1 - β1) g       m̂ = m / (1 - β1ᵗ)
 *     v ← β2 v + (1 - β2) g²      v̂ = v / (1 - β2ᵗ)
 *     w ← w - η m̂ / (√v̂ + ε)
 */
export function adam(
  w: readonly number[],
  loss: Objective,
  { mean = zeros(w), squares = zeros(w), steps = 0 }: Partial<AdamState> = {},
  { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamRuleOptions = {},
): Step<AdamState> {
  const g = loss.gradient(w);
  const t = steps + 1;
  const m = mean.map((mi, i) => beta1 * mi + (1 - beta1) * g[i]);
  const v = squares.map((vi, i) => beta2 * vi + (1 - beta2) * g[i] ** 2);
  const corrected = m.map(
    (mi, i) => mi / (1 - beta1 ** t) / (Math.sqrt(v[i] / (1 - beta2 ** t)) + epsilon),
  );
  return {
    parameters: w.map((wi, i) => wi - learningRate * corrected[i]),
    state: { mean: m, squares: v, steps: t },
  };
}

/** Options of `adamW`. */
export interface AdamWRuleOptions extends AdamRuleOptions {
  /** λ, which share of every parameter is taken off a step, in units of η; default 0.01. */
  weightDecay?: number;
}

/**
 * AdamW (Loshchilov & Hutter 2019): before each step of Adam every parameter loses the same share,
 *
 *     w ← (1 - η λ) w,
 *
 * beside the gradient instead of in it, where Adam would divide it by the gradient's size.
 */
export function adamW(
  w: readonly number[],
  loss: Objective,
  state: Partial<AdamState> = {},
  { weightDecay = 0.01, ...options }: AdamWRuleOptions = {},
): Step<AdamState> {
  const { learningRate = 0.001 } = options;
  const step = adam(w, loss, state, options);
  return {
    parameters: step.parameters.map((wi, i) => wi - learningRate * weightDecay * w[i]),
    state: step.state,
  };
}
