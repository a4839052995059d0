import type { Slots, UpdateRule } from "../../training/optimizers/updateRule";
import type { tf } from "../tensorflow";
import {
  createScalar,
  giveContents,
  type Handle,
  handleOf,
  release,
  takeContents,
  valuesOf,
} from "./operations";
import { NativeVariable } from "./variable";

interface Entry {
  variable: tf.Variable;
  /** The variable's twin inside TensorFlow, which is what gets updated. */
  twin: NativeVariable;
  /** The contents that the last step gave the variable. */
  given: Handle | undefined;
  slots: NativeVariable[];
  slotResources: Handle[];
}

/**
 * Slots in TensorFlow's own variables, updated in place: one operation a variable instead of ten, and
 * no copies of weights and slots.
 */
export class NativeSlots implements Slots {
  private readonly entries: Entry[];
  private scalarValues: number[] = [];
  private scalarHandles: Handle[] = [];

  constructor(
    private readonly rule: UpdateRule,
    variables: tf.Variable[],
    initial: Float32Array[][],
  ) {
    this.entries = variables.map((variable, i) => {
      const slots = initial.map((arrays) => {
        const slot = new NativeVariable(variable.shape);
        slot.fill(arrays[i]);
        return slot;
      });
      const twin = new NativeVariable(variable.shape);
      return {
        variable,
        twin,
        given: undefined,
        slots,
        slotResources: slots.map((s) => s.resource),
      };
    });
  }

  update(scalars: number[], gradients: tf.Tensor[]): void {
    const handles = this.handlesOf(scalars);
    this.entries.forEach((entry, i) => {
      const { variable, twin } = entry;
      const current = handleOf(variable);
      // Somebody else has set the variable, by setWeights or from a checkpoint.
      if (current !== entry.given) twin.assign(current);
      takeContents(variable);
      try {
        this.rule.native(twin.resource, entry.slotResources, handleOf(gradients[i]), handles);
      } finally {
        entry.given = twin.read();
        giveContents(variable, entry.given);
      }
    });
  }

  values(): Float32Array[][] {
    return Object.keys(this.rule.slots).map((_, slot) =>
      this.entries.map((entry) => {
        const handle = entry.slots[slot].read();
        const values = valuesOf(handle) as Float32Array;
        release(handle);
        return values;
      }),
    );
  }

  dispose(): void {
    release(...this.scalarHandles);
    for (const { twin, slots } of this.entries) {
      twin.dispose();
      for (const slot of slots) slot.dispose();
    }
  }

  /** The numbers as tensors, made anew only where they have changed. */
  private handlesOf(scalars: number[]): Handle[] {
    scalars.forEach((value, i) => {
      if (value === this.scalarValues[i]) return;
      if (this.scalarHandles[i] !== undefined) release(this.scalarHandles[i]);
      this.scalarHandles[i] = createScalar(value);
      this.scalarValues[i] = value;
    });
    return this.scalarHandles;
  }
}
