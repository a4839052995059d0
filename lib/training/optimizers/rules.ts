import { warnOnce, withPresentNames } from "../../deprecated";
import type { UpdateRule } from "../../engine/engine";
import { nameOf } from "../../errors";
import { type OptionNames, requireNames } from "../../optionNames";
import {
  given,
  OptionError,
  requireFraction,
  requireNotNegative,
  requireOptions,
} from "../../options";
import { type Optimizer, type OptimizerConfig, RuleOptimizer } from "./optimizer";

/** Options that say how much of something is kept. */
const SHARES = ["momentum", "beta1", "beta2", "rho"];

/**
 * Options with their defaults. A learning rate below 0 would climb, and one that is NaN leaves a model
 * without numbers, neither with a word.
 *
 * @throws OptionError for a name that means nothing, or a number out of range
 */
function completed<Options extends object>(
  kind: string,
  options: Options,
  standard: Required<Options>,
): Required<Options> {
  if (typeof options === "number") {
    throw new OptionError(
      `${kind} was given ${nameOf(options)}, but takes options: ${kind}({ learningRate: ${options} }).`,
    );
  }
  const names = Object.fromEntries(Object.keys(standard).map((name) => [name, true]));
  requireNames<Options>(kind, options, names as OptionNames<Options>, { others: "ignored" });
  const set = given(options as Readonly<Record<string, unknown>>);
  const known = Object.entries(set).filter(([name]) => name in names);
  const all: Record<string, unknown> = { ...standard, ...Object.fromEntries(known) };
  for (const [name, value] of Object.entries(all)) {
    if (name === "nesterov") {
      requireOptions({ nesterov: value }, (is) => typeof is === "boolean", "true or false");
    } else if (SHARES.includes(name)) {
      requireFraction({ [name]: value });
    } else {
      requireNotNegative({ [name]: value });
    }
  }
  return all as Required<Options>;
}

/** Options of `sgd`. */
export interface SgdOptions {
  /** η, default 0.01. */
  learningRate?: number;
  /** μ, the part of the velocity that is kept, from 0 to below 1; default 0: no velocity. */
  momentum?: number;
  /** Nesterov's form of momentum. Default false. */
  nesterov?: boolean;
}

/**
 * Gradient descent, θ ← θ - η ∇. With batches smaller than the data: stochastic (Robbins & Monro 1951).
 *
 * With momentum (Polyak 1964), in the form of PyTorch and TensorFlow: v ← μ v + ∇, θ ← θ - η v.
 *
 * With `nesterov` his accelerated gradient (1983), in the form of Sutskever et al. (2013) that needs
 * the gradient only at θ: v ← μ v + ∇, θ ← θ - η (∇ + μ v).
 *
 * @throws OptionError for an option out of range, and for `nesterov` without momentum
 *
 * @example
 * const optimizer = sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true });
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const standard = { learningRate: 0.01, momentum: 0, nesterov: false };
  const { learningRate, momentum, nesterov } = completed("sgd", options, standard);
  if (momentum === 0) {
    if (nesterov) {
      throw new OptionError(
        "nesterov is true, but momentum 0: Nesterov's method needs a velocity. Write " +
          "sgd({ momentum: 0.9, nesterov: true }).",
      );
    }
    const scalars = (_step: number, rate: number) => [rate];
    return new RuleOptimizer({ kind: "sgd", slots: {}, scalars }, { learningRate });
  }
  const all = { learningRate, momentum };
  return new RuleOptimizer(
    {
      // Checkpoints name the method, not the function: so have they been since there was a function each.
      kind: nesterov ? "nesterov" : "momentum",
      slots: { velocity: 0 },
      scalars: (_step, rate) => [rate, momentum],
    },
    all,
  );
}

/** @deprecated `SgdOptions` */
export type MomentumOptions = Omit<SgdOptions, "nesterov">;

/** @deprecated Write `sgd({ learningRate, momentum: 0.9 })`. */
export function momentum(options: MomentumOptions = {}): Optimizer {
  warnOnce("momentum({ learningRate })", "sgd({ learningRate, momentum: 0.9 })");
  return makers.momentum(options);
}

/** @deprecated Write `sgd({ learningRate, momentum: 0.9, nesterov: true })`. */
export function nesterov(options: MomentumOptions = {}): Optimizer {
  warnOnce("nesterov({ learningRate })", "sgd({ learningRate, momentum: 0.9, nesterov: true })");
  return makers.nesterov(options);
}

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
  const standard = { learningRate: 0.01, initialAccumulator: 0.1, epsilon: 1e-7 };
  const all = completed("adagrad", options, standard);
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
  const all = completed("adadelta", options, { learningRate: 1, rho: 0.95, epsilon: 1e-6 });
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
  /** ρ, how much of the running square is kept (TensorFlow's `decay`, PyTorch's `alpha`), default 0.9. */
  rho?: number;
  /** @deprecated `rho` */
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
  const present = withPresentNames("rmsProp", options, { decay: "rho" });
  const standard = { learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-8 };
  const all = completed<Omit<RmsPropOptions, "decay">>("rmsProp", present, standard);
  return new RuleOptimizer(
    {
      kind: "rmsProp",
      slots: { squares: 0, velocity: 0 },
      scalars: (_step, learningRate) => [
        learningRate,
        Math.fround(all.rho),
        all.momentum,
        all.epsilon,
      ],
    },
    all,
  );
}

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

const ADAM: Required<AdamOptions> = {
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
};

/**
 * Adam (Kingma & Ba 2014, algorithm 1; the same as PyTorch's):
 *
 *     m ← β1 m + (1 - β1) ∇    v ← β2 v + (1 - β2) ∇²
 *     θ ← θ - η m̂ / (√v̂ + ε)    m̂ = m / (1 - β1ᵗ)    v̂ = v / (1 - β2ᵗ)
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const all = completed("adam", options, ADAM);
  return new RuleOptimizer(adamRule("adam", all), all);
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019): before each step of Adam,
 * θ ← (1 - η λ) θ. All variables decay, biases too, as by PyTorch's default.
 */
export function adamW(options: AdamOptions & { weightDecay?: number } = {}): Optimizer {
  const all = completed<AdamOptions & { weightDecay?: number }>("adamW", options, {
    ...ADAM,
    weightDecay: 0.01,
  });
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

const makers: Record<string, (options: object) => Optimizer> = {
  sgd,
  momentum: (options: SgdOptions) => sgd({ momentum: 0.9, ...options }),
  nesterov: (options: SgdOptions) => sgd({ momentum: 0.9, ...options, nesterov: true }),
  adagrad,
  adadelta,
  // Checkpoints of earlier versions have the option's former name.
  rmsProp: ({ decay: rho = 0.9, ...options }: RmsPropOptions) => rmsProp({ rho, ...options }),
  adam,
  adamW,
};

/** Builds an optimizer again from its `config`, without its state. */
export function optimizerFromConfig(config: OptimizerConfig): Optimizer {
  const { kind, ...options } = config ?? {};
  if (Object.hasOwn(makers, kind)) {
    return makers[kind](options);
  }
  throw new Error(
    `There is no optimizer of the kind "${kind}"; there are ${Object.keys(makers).join(", ")}.`,
  );
}
