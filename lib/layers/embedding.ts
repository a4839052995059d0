import { differentiable } from "../engine/differentiable";
import { reshape } from "../engine/native/matrices";
import { compute, handleOf, int, isNative, toTensor } from "../engine/native/operations";
import { tf } from "../engine/tensorflow";
import { checkIndices } from "./indices";
import {
  type Initializer,
  type InitializerLike,
  resolveInitializer,
  serializeInitializer,
} from "./initializers";
import type { LayerArgs, Shape } from "./layerTypes";
import type { LayerRecord, Recordable, RecordingInputs, Signal } from "./recording";
import { positiveInteger } from "./recurrentOptions";

export interface EmbeddingOptions extends LayerArgs {
  /** V, the number of different indices. */
  inputDim: number;
  /** D, the length of the vector for each. */
  outputDim: number;
  /** Default "randomUniform", within ±0.05, as of tf.layers.embedding. */
  embeddingsInitializer?: InitializerLike;
}

/**
 * A trainable vector for every index: int32 [N, T] or [N] in, [N, T, D] or [N, D] out. The weights
 * are those of tf.layers.embedding, [V, D]. The gradient adds up each index's rows, and is never a
 * one-hot product.
 */
export class Embedding extends tf.layers.Layer implements Recordable {
  static readonly className = "KareninaEmbedding";
  readonly inputDim: number;
  readonly outputDim: number;
  private readonly embeddingsInitializer: Initializer;
  private embeddings?: tf.LayerVariable;

  constructor(options: EmbeddingOptions) {
    super({ ...options, dtype: options.dtype ?? "int32" });
    this.inputDim = positiveInteger("inputDim", options.inputDim);
    this.outputDim = positiveInteger("outputDim", options.outputDim);
    this.embeddingsInitializer = resolveInitializer(
      options.embeddingsInitializer ?? "randomUniform",
    );
  }

  override build(): void {
    this.embeddings = this.addWeight(
      "embeddings",
      [this.inputDim, this.outputDim],
      "float32",
      this.embeddingsInitializer,
    );
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return [...(inputShape as Shape), this.outputDim];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => this.lookUp(checkIndices(this.name, [inputs].flat()[0], this.inputDim)));
  }

  private lookUp(indices: tf.Tensor): tf.Tensor {
    const table = (this.embeddings as tf.LayerVariable).read();
    const shape = [...indices.shape, this.outputDim];
    const [rows] = differentiable(
      { table },
      (save) => {
        save([indices]);
        if (!isNative) return [tf.gather(table, indices)];
        return [toTensor(compute("GatherV2", [handleOf(table), handleOf(indices), int(0)]), shape)];
      },
      ([gradient], [indices]) => ({
        table: () => sumByIndex(gradient, indices, this.inputDim, this.outputDim),
      }),
    );
    return rows;
  }

  checkInput(x: tf.Tensor): void {
    checkIndices(this.name, x, this.inputDim);
  }

  recordable(input: Signal["kind"]): boolean {
    return input === "indices";
  }

  record({ handle, leading }: Signal, { weights: [table] }: RecordingInputs): LayerRecord {
    const [V, D] = [this.inputDim, this.outputDim];
    const rows = leading.reduce((product, n) => product * n, 1);
    return {
      output: {
        ...{ kind: "values", leading, D },
        handle: reshape(compute("GatherV2", [table, handle, int(0)]), ...leading, D),
      },
      backward: (gradient) => ({
        weights: [compute("UnsortedSegmentSum", [reshape(gradient, rows, D), handle, int(V)])],
      }),
    };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      inputDim: this.inputDim,
      outputDim: this.outputDim,
      embeddingsInitializer: { ...serializeInitializer(this.embeddingsInitializer) },
    };
  }
}
tf.serialization.registerClass(Embedding);

/** [..., D] and indices [...] to [V, D]: row v is the sum of the rows whose index is v. */
function sumByIndex(rows: tf.Tensor, indices: tf.Tensor, V: number, D: number): tf.Tensor {
  if (isNative) {
    return toTensor(compute("UnsortedSegmentSum", [handleOf(rows), handleOf(indices), int(V)]), [
      V,
      D,
    ]);
  }
  // A one-hot product: WebAssembly has no segment sum, but a fast matMul.
  const flat = tf.reshape(rows, [indices.size, D]) as tf.Tensor2D;
  const oneHot = tf.cast(
    tf.oneHot(tf.reshape(indices, [indices.size]) as tf.Tensor1D, V),
    "float32",
  );
  return tf.matMul(tf.transpose(oneHot), flat);
}

/** An {@link Embedding} layer. */
export function embedding(options: EmbeddingOptions): Embedding {
  return new Embedding(options);
}
