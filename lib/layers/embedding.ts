import { engine } from "../engine/choice";
import type { DescribedLayer, LayerDescription, Rows } from "../engine/engine";
import { differentiable, tf } from "../engine/tensorflow";
import { requireWhole } from "../options";
import {
  checkIndices,
  type Initializer,
  type InitializerLike,
  type LayerArgs,
  requireKnown,
  resolveInitializer,
  type Shape,
  serializeInitializer,
} from "./layerArguments";

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
export class Embedding extends tf.layers.Layer implements DescribedLayer {
  static readonly className = "KareninaEmbedding";
  readonly inputDim: number;
  readonly outputDim: number;
  private readonly embeddingsInitializer: Initializer;
  private embeddings?: tf.LayerVariable;

  constructor(options: EmbeddingOptions) {
    super({ ...options, dtype: options.dtype ?? "int32" });
    this.inputDim = options.inputDim;
    this.outputDim = options.outputDim;
    requireWhole({ inputDim: this.inputDim, outputDim: this.outputDim });
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
    const [rows] = differentiable(
      { table },
      (save) => {
        save([indices]);
        return [engine().lookUp(table, indices)];
      },
      ([gradient], [indices]) => ({
        table: () => engine().sumByIndex(gradient, indices, this.inputDim),
      }),
    );
    return rows;
  }

  checkInput(rows: Rows): void {
    requireKnown(this.name, rows, this.inputDim);
  }

  describe(): LayerDescription {
    return { kind: "embedding", inputDim: this.inputDim, outputDim: this.outputDim };
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

/** An {@link Embedding} layer. */
export function embedding(options: EmbeddingOptions): Embedding {
  return new Embedding(options);
}

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
    this.depth = options.depth;
    requireWhole({ depth: this.depth });
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
