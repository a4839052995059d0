import { engine } from "../../engine/choice";
import type { Slots, UpdateRule } from "../../engine/engine";
import type { tf } from "../../engine/tensorflow";

/** What an optimizer remembers between steps, for a checkpoint. */
export interface OptimizerState {
  /** Steps made. */
  step: number;
  /** Running averages and the like by name, one array for each variable, in the variables' order. */
  slots: Record<string, Float32Array[]>;
}

/** Makes variables follow the gradient downhill. */
export interface Optimizer {
  /** Kind and options, enough to build it again by `optimizerFromConfig`. */
  readonly config: OptimizerConfig;
  /** The step size; a schedule may set it before any step. */
  learningRate: number;
  /**
   * One step. All calls take the same variables in the same order.
   *
   * @param gradients one for each variable, of its shape; none of them is disposed of
   * @throws Error if there are not as many gradients as variables, or shapes differ
   */
  applyGradients(variables: tf.Variable[], gradients: tf.Tensor[]): void;
  /**
   * The next step, for an engine that can make it along with the gradients: the slots, the numbers of the
   * formula, and what to call once the step has been made. An optimizer without it gets gradients always.
   */
  plan?(variables: tf.Variable[]): PlannedStep;
  /** A copy of what it remembers. Before the first step there are no slots yet. */
  state(): OptimizerState;
  /** Continues from a state exactly: all further steps are the same bit for bit. */
  restore(state: OptimizerState): void;
  /** Frees the slots' memory; the variables live on. */
  dispose(): void;
}

/** A step of an optimizer that somebody else makes. */
export interface PlannedStep {
  slots: Slots;
  scalars: number[];
  made(): void;
}

export type OptimizerConfig = { kind: string; learningRate: number } & Record<
  string,
  number | boolean | string
>;

/** An optimizer that follows an {@link UpdateRule}, whose formula is the engine's. */
export class RuleOptimizer implements Optimizer {
  readonly config: OptimizerConfig;
  learningRate: number;
  private readonly rule: UpdateRule;
  private step = 0;
  private variables: tf.Variable[] = [];
  private slots?: Slots;
  /** Slots of a restored state, until the first step shows which variables they belong to. */
  private restored?: Record<string, Float32Array[]>;

  constructor(rule: UpdateRule, options: { learningRate: number }) {
    this.config = { kind: rule.kind, ...options };
    this.learningRate = options.learningRate;
    this.rule = rule;
  }

  applyGradients(variables: tf.Variable[], gradients: tf.Tensor[]): void {
    this.check(variables, gradients);
    this.slots ??= this.allocate(variables);
    this.step += 1;
    this.slots.update(this.rule.scalars(this.step, this.learningRate), gradients);
  }

  plan(variables: tf.Variable[]): PlannedStep {
    this.checkVariables(variables);
    this.slots ??= this.allocate(variables);
    const made = () => {
      this.step += 1;
    };
    const scalars = this.rule.scalars(this.step + 1, this.learningRate);
    return { slots: this.slots, scalars, made };
  }

  state(): OptimizerState {
    const names = Object.keys(this.rule.slots);
    const values = this.step > 0 ? this.slots?.values() : undefined;
    const slots = values
      ? Object.fromEntries(names.map((name, i) => [name, values[i]]))
      : copyOf(this.restored ?? {});
    return { step: this.step, slots };
  }

  restore(state: OptimizerState): void {
    const wanted = Object.keys(this.rule.slots);
    const given = Object.keys(state.slots);
    if (state.step > 0 && wanted.some((name) => !given.includes(name))) {
      throw new Error(
        `The state to restore has the slots [${given}], but the optimizer ${this.rule.kind} keeps ` +
          `[${wanted}]. Restore it with the kind of optimizer that it was saved from.`,
      );
    }
    this.dispose();
    this.step = state.step;
    this.restored = state.step > 0 ? copyOf(state.slots) : undefined;
  }

  dispose(): void {
    this.slots?.dispose();
    this.slots = undefined;
    this.variables = [];
    this.restored = undefined;
    this.step = 0;
  }

  private allocate(variables: tf.Variable[]): Slots {
    this.variables = [...variables];
    const initial = Object.entries(this.rule.slots).map(([name, value]) =>
      variables.map((variable, i) => {
        const restored = this.restored?.[name]?.[i];
        if (this.restored && restored?.length !== variable.size) {
          throw new Error(
            `The restored slot ${name} of the optimizer has ${restored?.length ?? 0} numbers for the ` +
              `variable ${variable.name}, which has ${variable.size}: it belongs to another model.`,
          );
        }
        return restored ?? new Float32Array(variable.size).fill(value);
      }),
    );
    this.restored = undefined;
    return engine().slots(this.rule, variables, initial);
  }

  private check(variables: tf.Variable[], gradients: tf.Tensor[]): void {
    if (gradients.length !== variables.length) {
      throw new Error(
        `There are ${gradients.length} gradients for ${variables.length} variables; every variable ` +
          "needs one. Freeze a layer by `trainable = false` rather than leaving its gradients out.",
      );
    }
    this.checkVariables(variables);
    variables.forEach((variable, i) => {
      if (variable.shape.join() !== gradients[i].shape.join()) {
        throw new Error(
          `The gradient of ${variable.name} has the shape [${gradients[i].shape}], but the variable ` +
            `has [${variable.shape}].`,
        );
      }
    });
  }

  private checkVariables(variables: tf.Variable[]): void {
    const known = this.variables;
    if (known.length > 0 && variables.some((v, i) => v !== known[i])) {
      throw new Error(
        "This optimizer has been stepping other variables. It remembers something about each; make " +
          "a new optimizer for another model or another choice of trainable layers.",
      );
    }
  }
}

function copyOf(slots: Record<string, Float32Array[]>): Record<string, Float32Array[]> {
  return Object.fromEntries(
    Object.entries(slots).map(([name, arrays]) => [name, arrays.map((each) => each.slice())]),
  );
}
