import { engine } from "../engine/choice";
import type { DescribedLayer, LayerDescription, Rows } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import {
  checkIndices,
  type LayerArgs,
  positiveInteger,
  requireKnown,
  type Shape,
} from "./layerInput";

export interface OneHotOptions extends LayerArgs {
  /** V, the number of different indices. */
  depth: number;
}

/** One-hot vectors: int32 [N, T] in, float32 [N, T, V] out, 1 at the index and 0 elsewhere. */
export class OneHot extends tf.layers.Layer implements DescribedLayer {
  static readonly className = "KareninaOneHot";
  readonly depth: number;

  constructor(options: OneHotOptions) {
    super({ ...options, dtype: options.dtype ?? "int32" });
    this.depth = positiveInteger("depth", options.depth);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return [...(inputShape as Shape), this.depth];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const indices = checkIndices(this.name, [inputs].flat()[0], this.depth);
      return engine().oneHot(indices, this.depth);
    });
  }

  checkInput(rows: Rows): void {
    requireKnown(this.name, rows, this.depth);
  }

  describe(): LayerDescription {
    return { kind: "oneHot", depth: this.depth };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), depth: this.depth };
  }
}
tf.serialization.registerClass(OneHot);

/** A {@link OneHot} layer. */
export function oneHot(options: OneHotOptions): OneHot {
  return new OneHot(options);
}
