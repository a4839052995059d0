import { tf } from "../engine/tensorflow";

/**
 * A layer's input as float32, which TensorFlow's kernels want. Sizes are looked at here, so that what
 * does not fit is named in the same words on every backend.
 *
 * @param layer its name, for errors
 * @param expected names or sizes of the dimensions: `["batch", "time", 4]`; `["...", 4]` leaves it open
 *   how many come before the last
 * @throws Error where dimensions do not fit
 */
export function numbersOf(layer: string, x: unknown, expected: (string | number)[]): tf.Tensor {
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
  if (x.dtype === "float32") return x;
  if (x.dtype === "int32" || x.dtype === "bool") return tf.cast(x, "float32");
  throw new Error(`${layer} reads numbers, but was given a tensor of ${x.dtype}.`);
}
