import { type Objective, type Step, zeros } from "./rule";

/**
 * Gradient descent (Cauchy 1847); on the loss of a random batch, stochastic gradient descent (Robbins
 * & Monro 1951):
 *
 *     w ← w - η ∇L(w)
 *
 * @param options.learningRate η, default 0.01
 */
export function sgd(
  w: readonly number[],
  loss: Objective,
  _state: object = {},
  { learningRate = 0.01 }: { learningRate?: number } = {},
): Step<object> {
  const g = loss.gradient(w);
  return { parameters: w.map((wi, i) => wi - learningRate * g[i]), state: {} };
}

/** Options of `momentum` and `nesterov`. */
export interface VelocityOptions {
  /** η, default 0.01. */
  learningRate?: number;
  /** γ, the part of the velocity that is kept, from 0 to below 1; default 0.9. */
  momentum?: number;
}

/** What `momentum` and `nesterov` remember. */
export interface VelocityState {
  /** v, the last step. */
  velocity: number[];
}

/**
 * Momentum (Polyak 1964):
 *
 *     v ← γ v - η ∇L(w)
 *     w ← w + v
 *
 * PyTorch and TensorFlow keep -v/η instead, which is the same while η stays the same.
 */
export function momentum(
  w: readonly number[],
  loss: Objective,
  { velocity = zeros(w) }: Partial<VelocityState> = {},
  { learningRate = 0.01, momentum: gamma = 0.9 }: VelocityOptions = {},
): Step<VelocityState> {
  const g = loss.gradient(w);
  const v = velocity.map((vi, i) => gamma * vi - learningRate * g[i]);
  return { parameters: w.map((wi, i) => wi + v[i]), state: { velocity: v } };
}

/**
 * Nesterov's accelerated gradient (1983; in this form Sutskever et al. 2013): the gradient is taken
 * where the velocity alone would lead.
 *
 *     v ← γ v - η ∇L(w + γ v)
 *     w ← w + v
 *
 * The libraries keep w + γ v as their parameters instead of w, so that they need the gradient only
 * where the parameters are: at each step theirs are ours plus γ v.
 */
export function nesterov(
  w: readonly number[],
  loss: Objective,
  { velocity = zeros(w) }: Partial<VelocityState> = {},
  { learningRate = 0.01, momentum: gamma = 0.9 }: VelocityOptions = {},
): Step<VelocityState> {
  const g = loss.gradient(w.map((wi, i) => wi + gamma * velocity[i]));
  const v = velocity.map((vi, i) => gamma * vi - learningRate * g[i]);
  return { parameters: w.map((wi, i) => wi + v[i]), state: { velocity: v } };
}
