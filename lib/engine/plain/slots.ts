import type { Slots, UpdateRule } from "../../training/optimizers/updateRule";
import { tf } from "../tensorflow";

/** Slots in tensors, for WebAssembly. */
export class PlainSlots implements Slots {
  private readonly variables: tf.Variable[];
  /** [variable][slot] */
  private readonly slots: tf.Tensor[][];

  constructor(
    private readonly rule: UpdateRule,
    variables: tf.Variable[],
    initial: Float32Array[][],
  ) {
    this.variables = [...variables];
    this.slots = variables.map((variable, i) =>
      // Copied, because a tensor keeps the array that it was made from.
      initial.map((arrays) => tf.keep(tf.tensor(arrays[i].slice(), variable.shape))),
    );
  }

  update(scalars: number[], gradients: tf.Tensor[]): void {
    tf.tidy(() => {
      this.variables.forEach((variable, i) => {
        const [value, ...slots] = this.rule.plain(variable, this.slots[i], gradients[i], scalars);
        variable.assign(value);
        tf.dispose(this.slots[i]);
        this.slots[i] = slots.map((slot) => tf.keep(slot));
      });
    });
  }

  values(): Float32Array[][] {
    return Object.keys(this.rule.slots).map((_, slot) =>
      this.slots.map((each) => (each[slot].dataSync() as Float32Array).slice()),
    );
  }

  dispose(): void {
    tf.dispose(this.slots);
  }
}
