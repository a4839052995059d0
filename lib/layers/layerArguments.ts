import type { Rows } from "../engine/engine";
import { randomNormal } from "../engine/random";
import { tf } from "../engine/tensorflow";

/** The options that every tf layer takes: name, inputShape, batchInputShape, trainable, ... */
export type LayerArgs = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

/** A tensor's shape as layers see it; null is a dimension that batches may vary. */
export type Shape = (null | number)[];

/**
 * D, the number of features of the input that a layer is built for: of the last dimension.
 *
 * @param layer its name, for errors
 * @param options `expects`: how the error calls the input; with "time" in it, its rank has to be 3, else 2
 *   or more. `remedy`: a sentence that says what to do
 * @throws Error where the rank is another, or the number of features is open
 */
export function featuresOf(
  layer: string,
  inputShape: Shape | Shape[],
  { expects, remedy }: { expects: string; remedy?: string },
): number {
  const shape = inputShape as Shape;
  const D = shape[shape.length - 1];
  const rankFits = expects.includes("time") ? shape.length === 3 : shape.length >= 2;
  if (!rankFits || typeof D !== "number") {
    throw new Error(
      `${layer} expects ${expects} with a known number of features, but its input has the shape ` +
        `[${shape.map((n) => n ?? "any")}].${remedy === undefined ? "" : ` ${remedy}`}`,
    );
  }
  return D;
}

/**
 * A layer's input as float32, which TensorFlow's kernels want.
 *
 * @throws Error as {@link requireInput}, and for what holds no numbers
 */
export function numbersOf(layer: string, x: unknown, expected: (string | number)[]): tf.Tensor {
  requireInput(layer, x, expected);
  if (x.dtype === "float32") {
    return x;
  }
  if (x.dtype === "int32" || x.dtype === "bool") {
    return tf.cast(x, "float32");
  }
  throw new Error(`${layer} reads numbers, but was given a tensor of ${x.dtype}.`);
}

/**
 * Sizes are looked at here, so that what does not fit is named in the same words on every backend.
 *
 * @param layer its name, for errors
 * @param expected names or sizes of the dimensions: `["batch", "time", 4]`; `["...", 4]` leaves it open
 *   how many come before the last
 * @throws Error where it is no tensor, dimensions do not fit, or it holds nothing
 */
export function requireInput(
  layer: string,
  x: unknown,
  expected: (string | number)[],
): asserts x is tf.Tensor {
  if (!(x instanceof tf.Tensor)) {
    throw new Error(
      `${layer} was given ${x === null ? "null" : typeof x} as its input, but reads a tensor ` +
        `[${expected.join(", ")}].`,
    );
  }
  const anyRank = expected[0] === "...";
  const wanted = anyRank ? expected.slice(1) : expected;
  const sizes = anyRank ? x.shape.slice(-wanted.length) : x.shape;
  const rankFits = anyRank ? x.rank > wanted.length : x.rank === wanted.length;
  const fits = rankFits && wanted.every((size, i) => typeof size === "string" || size === sizes[i]);
  if (!fits) {
    throw new Error(
      `${layer} expects an input of the shape [${expected.join(", ")}], but was given [${x.shape}]. ` +
        (rankFits
          ? `Its weights were made for ${wanted.at(-1)} features, and the input has ${x.shape.at(-1)}.`
          : `That has ${x.rank} dimension${x.rank === 1 ? "" : "s"}: bring it into shape with ` +
            "tf.reshape or tf.expandDims."),
    );
  }
  if (x.size === 0) {
    throw new Error(
      `${layer} was given an input of the shape [${x.shape}], which holds nothing. A batch needs at ` +
        "least one example, and a sequence one step.",
    );
  }
}

/**
 * Indices as int32. A model's float32 input of whole numbers is taken too, as model.fit makes it.
 *
 * @throws Error if an index is no whole number within 0 ... count - 1
 */
export function checkIndices(layer: string, indices: tf.Tensor, count: number): tf.Tensor {
  if (!(indices instanceof tf.Tensor)) {
    throw new Error(
      `${layer} was given ${indices === null ? "null" : typeof indices} as its input, but reads a ` +
        "tensor of indices.",
    );
  }
  if (indices.size === 0) {
    throw new Error(
      `${layer} was given an input of the shape [${indices.shape}], which holds nothing. A batch needs ` +
        "at least one example, and a sequence one step.",
    );
  }
  const values = indices.dataSync();
  requireKnown(layer, [values], count);
  if (indices.dtype === "int32") {
    return indices;
  }
  const broken = values.find((index) => !Number.isInteger(index));
  if (broken !== undefined) {
    throw new Error(
      `${layer} was given ${broken} as an index, but indices are whole numbers from 0 to ${count - 1}. ` +
        "Where numbers are to be read and not indices, begin the model with another layer.",
    );
  }
  return tf.cast(indices, "int32");
}

/** @throws Error naming the first index that is not within 0 ... count - 1 */
export function requireKnown(layer: string, rows: Rows, count: number): void {
  for (const row of rows) {
    for (let place = 0; place < row.length; place++) {
      const index = row[place];
      if (index >= 0 && index < count) {
        continue;
      }
      throw new Error(
        `${layer} was given the index ${index}, but knows ${count}: 0 to ${count - 1}. Encode the text ` +
          "with the vocabulary that the model was made for.",
      );
    }
  }
}

/** What fills a weight with its first values. */
export type Initializer = ReturnType<typeof tf.initializers.constant>;

/** An initialiser, or its name such as "glorotUniform", or its serialised form. */
export type InitializerLike = Initializer | string | SerializedInitializer;

interface SerializedInitializer {
  className: string;
  config: tf.serialization.ConfigDict;
}

/**
 * The initialiser for a name or a serialised form.
 *
 * @throws Error if there is none of that name
 */
export function resolveInitializer(wanted: InitializerLike): Initializer {
  if (typeof wanted === "object" && "apply" in wanted) {
    return wanted;
  }
  const { className, config } =
    typeof wanted === "string" ? { className: wanted, config: {} } : wanted;
  const registered =
    tf.serialization.SerializationMap.getMap().classNameMap[
      className[0].toUpperCase() + className.slice(1)
    ];
  if (!registered) {
    throw new Error(
      `There is no initialiser "${className}". Give the name of one in tf.initializers, such as ` +
        '"glorotUniform", "orthogonal" or "zeros", or an initialiser itself.',
    );
  }
  const [type, fromConfig] = registered;
  return fromConfig(type, config) as unknown as Initializer;
}

/** The form of an initialiser that a model's JSON holds. */
export function serializeInitializer(initializer: Initializer): SerializedInitializer {
  return { className: initializer.getClassName(), config: initializer.getConfig() };
}

/**
 * Random orthogonal matrices [H, H] side by side, one for each gate: products with such a matrix keep
 * a vector's length, so that a signal survives many steps (Saxe, McClelland & Ganguli 2014).
 * tf.initializers.orthogonal makes one wide matrix, and takes minutes for the H = 512 of a char-RNN.
 */
export class GateOrthogonal extends tf.serialization.Serializable {
  static readonly className = "GateOrthogonal";

  /** @param shape [H, G H] */
  apply(shape: (number | null)[]): tf.Tensor {
    const [rows, columns] = shape as number[];
    if (!rows || columns % rows !== 0) {
      throw new Error(
        `GateOrthogonal fills recurrent weights [H, G H] for G gates, not [${shape}]: give another ` +
          'initialiser, such as "glorotUniform".',
      );
    }
    const values = new Float32Array(rows * columns);
    for (let gate = 0; gate < columns / rows; gate++) {
      const basis = randomOrthogonal(rows);
      for (let i = 0; i < rows; i++) {
        values.set(basis.subarray(i * rows, (i + 1) * rows), i * columns + gate * rows);
      }
    }
    return tf.tensor2d(values, [rows, columns]);
  }

  getConfig(): tf.serialization.ConfigDict {
    return {};
  }
}
tf.serialization.registerClass(GateOrthogonal);

/** Rows of normal numbers, made orthonormal one after the other (modified Gram-Schmidt). */
function randomOrthogonal(size: number): Float64Array {
  const q = new Float64Array(size * size);
  for (let i = 0; i < q.length; i++) {
    q[i] = randomNormal();
  }
  for (let i = 0; i < size; i++) {
    const row = q.subarray(i * size, (i + 1) * size);
    // Twice, because rounding leaves a first pass slightly oblique.
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = q.subarray(j * size, (j + 1) * size);
        let projection = 0;
        for (let k = 0; k < size; k++) {
          projection += row[k] * other[k];
        }
        for (let k = 0; k < size; k++) {
          row[k] -= projection * other[k];
        }
      }
    }
    let squares = 0;
    for (const value of row) {
      squares += value * value;
    }
    const scale = 1 / Math.sqrt(squares);
    for (let k = 0; k < size; k++) {
      row[k] *= scale;
    }
  }
  return q;
}
