import type { CharRnnLayers, Logits, Stepper } from "../engine";
import { tf } from "../tensorflow";

/**
 * A {@link Stepper} in plain operations, for WebAssembly, and for texts that are read in stretches; it
 * reads the model's weights as they are.
 */
export class PlainStepper implements Stepper {
  /** [layer][state] */
  private states: tf.Tensor[][] = [];

  constructor(
    private readonly layers: CharRnnLayers,
    private readonly N: number,
  ) {
    this.reset();
  }

  step(ids: Int32Array): Logits {
    return this.read(ids, 1);
  }

  /**
   * Goes T steps at once.
   *
   * @param ids [T, N], row by row
   * @returns the logits after each of them, [T, N, V] row by row
   */
  read(ids: Int32Array, T: number): Logits {
    return tf.tidy(() => {
      const { input, recurrent, dense } = this.layers;
      let x = input.apply(tf.tensor2d(ids, [T, this.N], "int32")) as tf.Tensor;
      recurrent.forEach((layer, i) => {
        const { sequence, final } = layer.advance(x, this.states[i]);
        tf.dispose(this.states[i]);
        this.states[i] = final.map((state) => tf.keep(state));
        x = sequence;
      });
      const rows = tf.reshape(x, [T * this.N, x.shape[2]!]);
      const logits = dense.apply(rows) as tf.Tensor;
      return Float32Array.from(logits.dataSync());
    });
  }

  reset(): void {
    this.dispose();
    this.states = this.layers.recurrent.map((layer) => layer.zeroStates(this.N).map(tf.keep));
  }

  dispose(): void {
    tf.dispose(this.states);
    this.states = [];
  }
}
