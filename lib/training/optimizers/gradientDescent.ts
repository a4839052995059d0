import { type Optimizer, RuleOptimizer } from "./optimizer";

/**
 * Gradient descent, θ ← θ - η ∇. With batches smaller than the data: stochastic (Robbins & Monro 1951).
 */
export function sgd(options: { learningRate?: number } = {}): Optimizer {
  const all = { learningRate: 0.01, ...options };
  return new RuleOptimizer(
    {
      kind: "sgd",
      slots: {},
      scalars: (_step, learningRate) => [learningRate],
    },
    all,
  );
}

export interface MomentumOptions {
  /** η, default 0.01. */
  learningRate?: number;
  /** μ, the part of the velocity that is kept, default 0.9. */
  momentum?: number;
}

/**
 * Gradient descent with momentum (Polyak 1964), in the form of PyTorch and TensorFlow:
 * v ← μ v + ∇, θ ← θ - η v.
 */
export function momentum(options: MomentumOptions = {}): Optimizer {
  return withVelocity("momentum", options);
}

/**
 * Nesterov's accelerated gradient (1983), in the form of Sutskever et al. (2013) that needs the
 * gradient only at θ: v ← μ v + ∇, θ ← θ - η (∇ + μ v).
 */
export function nesterov(options: MomentumOptions = {}): Optimizer {
  return withVelocity("nesterov", options);
}

function withVelocity(kind: "momentum" | "nesterov", options: MomentumOptions): Optimizer {
  const all = { learningRate: 0.01, momentum: 0.9, ...options };
  return new RuleOptimizer(
    {
      kind,
      slots: { velocity: 0 },
      scalars: (_step, learningRate) => [learningRate, all.momentum],
    },
    all,
  );
}
