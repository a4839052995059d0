import {
  compute,
  float,
  type Handle,
  handleOf,
  int,
  intAttribute,
  isNative,
  toTensor,
} from "../engine/native/operations";
import { tf } from "../engine/tensorflow";
import { checkIndices } from "./indices";
import type { LayerArgs, Shape } from "./layerTypes";
import type { LayerRecord, Recordable, Signal } from "./recording";
import { positiveInteger } from "./recurrentOptions";

export interface OneHotOptions extends LayerArgs {
  /** V, the number of different indices. */
  depth: number;
}

const LAST_AXIS = [intAttribute("axis", -1)];

/** Indices, int32 [...], to one-hot vectors, float32 [..., depth]. */
export function oneHotOf(indices: Handle, depth: number): Handle {
  return compute("OneHot", [indices, int(depth), float(1), float(0)], LAST_AXIS);
}

/** One-hot vectors: int32 [N, T] in, float32 [N, T, V] out, 1 at the index and 0 elsewhere. */
export class OneHot extends tf.layers.Layer implements Recordable {
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
      if (!isNative) return tf.cast(tf.oneHot(indices, this.depth), "float32");
      const shape = [...indices.shape, this.depth];
      return toTensor(oneHotOf(handleOf(indices), this.depth), shape);
    });
  }

  readonly outputKind = "oneHot";

  checkInput(x: tf.Tensor): void {
    checkIndices(this.name, x, this.depth);
  }

  recordable(input: Signal["kind"]): boolean {
    return input === "indices";
  }

  record({ handle, leading }: Signal): LayerRecord {
    return {
      output: { kind: "oneHot", handle, leading, depth: this.depth },
      backward: () => ({ weights: [] }),
    };
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
