import type { UpdateRule } from "../../engine/engine";
import { type Optimizer, RuleOptimizer } from "./optimizer";

export interface AdamOptions {
  /** η, default 0.001. */
  learningRate?: number;
  /** β1, how much of the gradient's running mean m is kept, default 0.9. */
  beta1?: number;
  /** β2, how much of its running square v is kept, default 0.999. */
  beta2?: number;
  /** ε, added to √v̂, default 1e-8. */
  epsilon?: number;
}

/**
 * Adam (Kingma & Ba 2014, algorithm 1; the same as PyTorch's):
 *
 *     m ← β1 m + (1 - β1) ∇    v ← β2 v + (1 - β2) ∇²
 *     θ ← θ - η m̂ / (√v̂ + ε)    m̂ = m / (1 - β1ᵗ)    v̂ = v / (1 - β2ᵗ)
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const all = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...options };
  return new RuleOptimizer(adamRule("adam", all), all);
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019): before each step of Adam,
 * θ ← (1 - η λ) θ. All variables decay, biases too, as by PyTorch's default.
 */
export function adamW(options: AdamOptions & { weightDecay?: number } = {}): Optimizer {
  const all = {
    ...{ learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
    ...options,
  };
  const rule = adamRule("adamW", all);
  const scalars = (step: number, rate: number) => [
    ...rule.scalars(step, rate),
    rate * all.weightDecay,
  ];
  return new RuleOptimizer({ ...rule, scalars }, all);
}

function adamRule(kind: "adam" | "adamW", options: Required<AdamOptions>): UpdateRule {
  // The operations compute in float32: so must the powers below, or they belong to another β.
  const beta1 = Math.fround(options.beta1);
  const beta2 = Math.fround(options.beta2);
  return {
    kind,
    slots: { m: 0, v: 0 },
    /**
     * Both bias corrections are moved into η and ε, in float64:
     * η m̂ / (√v̂ + ε) = η' m / (√v + ε') with k = √(1 - β2ᵗ), η' = η k / (1 - β1ᵗ), ε' = ε k.
     */
    scalars(step, learningRate) {
      const k = Math.sqrt(1 - beta2 ** step);
      return [(learningRate * k) / (1 - beta1 ** step), beta1, beta2, options.epsilon * k];
    },
  };
}
