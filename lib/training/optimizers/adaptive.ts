import { type Optimizer, RuleOptimizer } from "./optimizer";

export interface AdagradOptions {
  /** η, default 0.01. */
  learningRate?: number;
  /** What the sum of squares begins with, default 0.1. */
  initialAccumulator?: number;
  /** ε, default 1e-7. */
  epsilon?: number;
}

/**
 * Adagrad (Duchi, Hazan & Singer 2011): the more a variable has moved, the smaller its steps.
 * s ← s + ∇², θ ← θ - η ∇ / (√s + ε).
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  const all = { learningRate: 0.01, initialAccumulator: 0.1, epsilon: 1e-7, ...options };
  return new RuleOptimizer(
    {
      kind: "adagrad",
      slots: { squares: all.initialAccumulator },
      scalars: (_step, learningRate) => [learningRate, all.epsilon],
    },
    all,
  );
}

export interface AdadeltaOptions {
  /** A factor on the steps that the method finds by itself, default 1. */
  learningRate?: number;
  /** ρ, how much of both running squares is kept, default 0.95. */
  rho?: number;
  /** ε, default 1e-6. */
  epsilon?: number;
}

/**
 * Adadelta (Zeiler 2012): steps in the units of the variable itself.
 * s ← ρ s + (1 - ρ) ∇², Δ = √(u + ε) / √(s + ε) ∇, u ← ρ u + (1 - ρ) Δ², θ ← θ - η Δ.
 */
export function adadelta(options: AdadeltaOptions = {}): Optimizer {
  const all = { learningRate: 1, rho: 0.95, epsilon: 1e-6, ...options };
  return new RuleOptimizer(
    {
      kind: "adadelta",
      slots: { squares: 0, updates: 0 },
      scalars: (_step, learningRate) => [learningRate, Math.fround(all.rho), all.epsilon],
    },
    all,
  );
}

export interface RmsPropOptions {
  /** η, default 0.001. */
  learningRate?: number;
  /** ρ, how much of the running square is kept (the decay rate), default 0.9. */
  decay?: number;
  /** μ, default 0: no momentum. */
  momentum?: number;
  /** ε, inside the root, default 1e-8. */
  epsilon?: number;
}

/**
 * RMSProp (Tieleman & Hinton 2012, lecture 6.5): the gradient divided by its recent size.
 * s ← ρ s + (1 - ρ) ∇², v ← μ v + η ∇ / √(s + ε), θ ← θ - v.
 */
export function rmsProp(options: RmsPropOptions = {}): Optimizer {
  const all = { learningRate: 0.001, decay: 0.9, momentum: 0, epsilon: 1e-8, ...options };
  return new RuleOptimizer(
    {
      kind: "rmsProp",
      slots: { squares: 0, velocity: 0 },
      scalars: (_step, learningRate) => [
        ...[learningRate, Math.fround(all.decay)],
        ...[all.momentum, all.epsilon],
      ],
    },
    all,
  );
}
