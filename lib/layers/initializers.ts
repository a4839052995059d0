import { randomNormal } from "../engine/random";
import { tf } from "../engine/tensorflow";

/** What fills a weight with its first values. */
export type Initializer = ReturnType<typeof tf.initializers.constant>;

/** An initialiser, or its name such as "glorotUniform", or its serialised form. */
export type InitializerLike = Initializer | string | SerializedInitializer;

export interface SerializedInitializer {
  className: string;
  config: tf.serialization.ConfigDict;
}

/**
 * The initialiser for a name or a serialised form.
 *
 * @throws Error if there is none of that name
 */
export function resolveInitializer(wanted: InitializerLike): Initializer {
  if (typeof wanted === "object" && "apply" in wanted) return wanted;
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
  for (let i = 0; i < q.length; i++) q[i] = randomNormal();
  for (let i = 0; i < size; i++) {
    const row = q.subarray(i * size, (i + 1) * size);
    // Twice, because rounding leaves a first pass slightly oblique.
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = q.subarray(j * size, (j + 1) * size);
        let projection = 0;
        for (let k = 0; k < size; k++) projection += row[k] * other[k];
        for (let k = 0; k < size; k++) row[k] -= projection * other[k];
      }
    }
    let squares = 0;
    for (const value of row) squares += value * value;
    const scale = 1 / Math.sqrt(squares);
    for (let k = 0; k < size; k++) row[k] *= scale;
  }
  return q;
}
