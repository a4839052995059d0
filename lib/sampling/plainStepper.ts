import { tf } from "../backend/tensorflow";
import type { CharRnnLayers, Logits, Stepper } from "./stepper";

/** A {@link Stepper} in plain operations, for WebAssembly; it reads the model's weights as they are. */
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
    return tf.tidy(() => {
      const { input, recurrent, dense } = this.layers;
      let x = input.apply(tf.tensor2d(ids, [1, this.N], "int32")) as tf.Tensor;
      recurrent.forEach((layer, i) => {
        const { sequence, final } = layer.advance(x, this.states[i]);
        tf.dispose(this.states[i]);
        this.states[i] = final.map((state) => tf.keep(state));
        x = sequence;
      });
      const logits = dense.apply(tf.squeeze(x, [0])) as tf.Tensor;
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
