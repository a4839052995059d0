import type { Slots, UpdateLimits, UpdateRule } from "../engine";
import { ruleNumber } from "../kernelNumbers";
import type { tf } from "../tensorflow";
import { tensorAt, type WebModule } from "./module";
import { type Program, runProgram, type StepSettings } from "./program";

/** A variable's numbers in the module's memory, for updates in place. */
class OwnedWeight {
  readonly at: number;
  /** What the variable held after the last step. */
  private given?: object;

  constructor(
    private readonly module: WebModule,
    private readonly variable: tf.Variable,
  ) {
    this.at = module.take(variable.size);
  }

  /** Takes over what others have set the variable to, by setWeights or from a checkpoint. */
  claim(): void {
    if (this.variable.dataId === this.given) {
      return;
    }
    const values = this.variable.dataSync();
    this.module.floats(this.at, values.length).set(values);
    this.given = undefined;
  }

  /** Lets the variable have what the module holds, in a tensor of its own: clones keep what they showed. */
  show(): void {
    const { variable } = this;
    const tensor = tensorAt(this.module, this.at, variable.shape);
    variable.assign(tensor);
    tensor.dispose();
    this.given = variable.dataId;
  }

  dispose(): void {
    this.module.give(this.at);
  }
}

/** Slots and weights in the module's memory, updated in place in the program of a step. */
export class WebSlots implements Slots {
  private readonly weights: OwnedWeight[];
  /** [slot][variable] */
  private readonly slots: number[][];

  constructor(
    private readonly module: WebModule,
    private readonly rule: UpdateRule,
    private readonly variables: tf.Variable[],
    initial: Float32Array[][],
  ) {
    this.weights = variables.map((variable) => new OwnedWeight(module, variable));
    this.slots = initial.map((arrays) =>
      arrays.map((array) => {
        const at = module.take(array.length);
        module.floats(at, array.length).set(array);
        return at;
      }),
    );
  }

  /** The places of the variables' numbers, after what others have set the variables to has been taken over. */
  claim(): number[] {
    return this.weights.map((each) => {
      each.claim();
      return each.at;
    });
  }

  /** Adds the update of all variables to a program, after the gradients' squares. */
  addTo(program: Program, gradients: readonly number[]): void {
    const rule = ruleNumber(this.rule.kind);
    program.together(() => {
      this.variables.forEach(({ size }, i) => {
        const [first = 0, second = 0] = this.slots.map((each) => each[i]);
        program.add("update", rule, size, this.weights[i].at, first, second, gradients[i]);
      });
    });
  }

  /** Lets the variables have what a step has made of them. */
  show(): void {
    for (const each of this.weights) {
      each.show();
    }
  }

  /** A step by gradients that were computed elsewhere, as by the tape. */
  update(scalars: number[], gradients: tf.Tensor[]): void {
    this.claim();
    runProgram(this.module, settingsOf({}, scalars), (program) => {
      const places = gradients.map((gradient) =>
        program.floats(gradient.size, (into) => into.set(gradient.dataSync())),
      );
      // Whoever computed them has looked at their norm.
      program.add("decide");
      this.addTo(program, places);
    });
    this.show();
  }

  values(): Float32Array[][] {
    return this.slots.map((each) =>
      each.map((at, i) => this.module.floats(at, this.variables[i].size).slice()),
    );
  }

  dispose(): void {
    for (const each of this.weights) {
      each.dispose();
    }
    for (const at of this.slots.flat()) {
      this.module.give(at);
    }
  }
}

/** The limits and an optimizer's rule as a step reads them. */
export function settingsOf(
  { clipNorm = 0, clipValue = 0, weightDecay = 0 }: UpdateLimits,
  scalars: readonly number[],
): StepSettings {
  return { limits: [clipNorm, clipValue, weightDecay], scalars };
}
