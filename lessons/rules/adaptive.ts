import { type Objective, type Step, zeros } from "./rule";

/** Options of `adagrad`. */
export interface AdagradRuleOptions {
  /** η, default 0.01. */
  learningRate?: number;
  /** ε, inside the root, default 1e-7. */
  epsilon?: number;
  /** What G begins with: 0 in the paper and by default; tfjs takes 0.1. */
  initialSquares?: number;
  /** False divides by G itself instead of its root, to see that this is much worse. Default true. */
  root?: boolean;
}

/** What `adagrad` and `rmsProp` remember. */
export interface SquaresState {
  /** The squares of past gradients: their sum G, or their running mean s. */
  squares: number[];
}

/**
 * Adagrad (Duchi, Hazan & Singer 2011): where gradients have been large, steps become small.
 *
 *     G ← G + g²
 *     w ← w - η g / √(G + ε)
 *
 * tfjs has ε inside the root too, TensorFlow and PyTorch outside (√G + ε): a difference of no
 * consequence unless G is as small as ε.
 */
export function adagrad(
  w: readonly number[],
  loss: Objective,
  state: Partial<SquaresState> = {},
  options: AdagradRuleOptions = {},
): Step<SquaresState> {
  const { learningRate = 0.01, epsilon = 1e-7, initialSquares = 0, root = true } = options;
  const { squares = w.map(() => initialSquares) } = state;
  const g = loss.gradient(w);
  const G = squares.map((sum, i) => sum + g[i] ** 2);
  const scale = (sum: number) => (root ? Math.sqrt(sum + epsilon) : sum + epsilon);
  return {
    parameters: w.map((wi, i) => wi - (learningRate * g[i]) / scale(G[i])),
    state: { squares: G },
  };
}

/** Options of `adadelta`. */
export interface AdadeltaRuleOptions {
  /** A factor on the steps that the method finds by itself, default 1. */
  learningRate?: number;
  /** ρ, how much of both running means is kept, default 0.95. */
  rho?: number;
  /** ε, default 1e-6. */
  epsilon?: number;
}

/** What `adadelta` remembers. */
export interface AdadeltaState extends SquaresState {
  /** u, the running mean of squared steps. */
  updates: number[];
}

/**
 * Adadelta (Zeiler 2012): steps in the units of the parameters, so that no learning rate is needed.
 *
 *     s ← ρ s + (1 - ρ) g²
 *     Δ = √(u + ε) / √(s + ε) · g
 *     u ← ρ u + (1 - ρ) Δ²
 *     w ← w - η Δ
 *
 * TensorFlow's and PyTorch's are the same. tfjs divides by the s before this gradient, which makes
 * its first steps √(1/ε) = 1000 times as long for gradients of size 1.
 */
export function adadelta(
  w: readonly number[],
  loss: Objective,
  { squares = zeros(w), updates = zeros(w) }: Partial<AdadeltaState> = {},
  { learningRate = 1, rho = 0.95, epsilon = 1e-6 }: AdadeltaRuleOptions = {},
): Step<AdadeltaState> {
  const g = loss.gradient(w);
  const s = squares.map((mean, i) => rho * mean + (1 - rho) * g[i] ** 2);
  const delta = g.map((gi, i) => Math.sqrt((updates[i] + epsilon) / (s[i] + epsilon)) * gi);
  const u = updates.map((mean, i) => rho * mean + (1 - rho) * delta[i] ** 2);
  return {
    parameters: w.map((wi, i) => wi - learningRate * delta[i]),
    state: { squares: s, updates: u },
  };
}

/** Options of `rmsProp`. */
export interface RmsPropRuleOptions {
  /** η, default 0.001. */
  learningRate?: number;
  /** ρ, how much of the running mean is kept, default 0.9. */
  rho?: number;
  /** ε, inside the root as in TensorFlow and tfjs (outside in PyTorch), default 1e-8. */
  epsilon?: number;
}

/**
 * RMSProp (Tieleman & Hinton 2012, lecture 6.5): Adagrad with a running mean instead of a sum, so that
 * steps need not become ever smaller.
 *
 *     s ← ρ s + (1 - ρ) g²
 *     w ← w - η g / √(s + ε)
 */
export function rmsProp(
  w: readonly number[],
  loss: Objective,
  { squares = zeros(w) }: Partial<SquaresState> = {},
  { learningRate = 0.001, rho = 0.9, epsilon = 1e-8 }: RmsPropRuleOptions = {},
): Step<SquaresState> {
  const g = loss.gradient(w);
  const s = squares.map((mean, i) => rho * mean + (1 - rho) * g[i] ** 2);
  return {
    parameters: w.map((wi, i) => wi - (learningRate * g[i]) / Math.sqrt(s[i] + epsilon)),
    state: { squares: s },
  };
}
