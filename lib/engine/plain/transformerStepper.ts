import type { Logits, Past, Stepper, TransformerLayers } from "../engine";
import { StepWindow } from "../stepWindow";
import { tf } from "../tensorflow";

/**
 * A {@link Stepper} of a transformer in plain operations: each block keeps the keys and values of all steps that
 * it has read (a key-value cache), so that a step computes its own alone. It reads the model's weights as they
 * are. For WebAssembly, and for texts that are read in stretches.
 */
export class PlainTransformerStepper implements Stepper {
  private pasts: (Past | undefined)[];
  private readonly window: StepWindow;

  constructor(
    private readonly layers: TransformerLayers,
    private readonly N: number,
  ) {
    this.pasts = layers.blocks.map(() => undefined);
    this.window = new StepWindow(layers.contextLength);
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
    const { N, window } = this;
    const columns = Array.from({ length: T }, (_, t) => ids.slice(t * N, (t + 1) * N));
    const logits = new Float32Array(T * N * this.layers.symbols);
    for (let from = 0; from < T; ) {
      if (window.isFull) {
        const half = window.takeNewerHalf();
        this.forget();
        if (half.length > 0) {
          this.advance(half);
        }
      }
      const stretch = columns.slice(from, from + window.room);
      logits.set(this.advance(stretch), from * N * this.layers.symbols);
      from += stretch.length;
    }
    return logits;
  }

  /** Steps for which the window has room. */
  private advance(columns: Int32Array[]): Float32Array {
    const { layers, N, window } = this;
    const T = columns.length;
    const from = window.length;
    for (const column of columns) {
      window.add(column);
    }
    return tf.tidy(() => {
      const rows = tf.tensor2d(
        Int32Array.from(columns.flatMap((each) => [...each])),
        [T, N],
        "int32",
      );
      const embedded = layers.input.apply(tf.transpose(rows)) as tf.Tensor;
      let x = layers.positions?.addFrom(embedded, from) ?? embedded;
      layers.blocks.forEach((block, i) => {
        const before = this.pasts[i];
        const { output, past } = block.advance(x, before);
        tf.dispose([before?.keys, before?.values].filter((each) => each !== undefined));
        this.pasts[i] = { keys: tf.keep(past.keys), values: tf.keep(past.values) };
        x = output;
      });
      const normal = layers.norm.apply(x) as tf.Tensor;
      const logits = layers.dense.apply(tf.transpose(normal, [1, 0, 2])) as tf.Tensor;
      return Float32Array.from(logits.dataSync());
    });
  }

  private forget(): void {
    for (const past of this.pasts) {
      tf.dispose(past ? [past.keys, past.values] : []);
    }
    this.pasts = this.layers.blocks.map(() => undefined);
  }

  reset(): void {
    this.forget();
    this.window.clear();
  }

  dispose(): void {
    this.reset();
  }
}
