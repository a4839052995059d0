import { tf } from "karenina";

/** Calls of tf's operations on inputs of a type: what a WebAssembly kernel must answer as the CPU's does. */
export type KernelCall = (dtype: tf.DataType) => tf.Tensor | tf.Tensor[];

/** Repeatable elements, among them 0, and for numbers negative ones; `salt` makes another tensor. */
export function elements(shape: number[], dtype: tf.DataType, salt = 0): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const at = (i: number) => {
    if (dtype === "bool") {
      return Number((i * 7 + salt) % 3 === 0);
    }
    if (dtype === "int32") {
      return ((i * 7 + 3 + salt * 5) % 11) - 4;
    }
    return (((i * 37 + 11 + salt * 13) % 97) - 48) / 17;
  };
  return tf.tensor(
    Array.from({ length: size }, (_, i) => at(i)),
    shape,
    dtype,
  );
}

type Named = Record<string, (...inputs: unknown[]) => tf.Tensor>;
const named = tf as unknown as Named;
const ids = (values: number[]) => tf.tensor1d(values, "int32");

const UNARY =
  "abs neg square sqrt exp log log1p expm1 tanh sigmoid relu relu6 elu selu softplus sign round " +
  "floor ceil rsqrt reciprocal sin cos tan asin acos atan sinh cosh asinh acosh atanh erf leakyRelu " +
  "step logicalNot isNaN isInf isFinite logSigmoid softmax logSoftmax";
const BINARY =
  "add sub mul div mod pow maximum minimum equal notEqual greater greaterEqual less lessEqual " +
  "logicalAnd logicalOr logicalXor squaredDifference atan2 divNoNan prelu";
const REDUCTIONS = "sum mean prod max min any all argMax argMin logSumExp";

/** By name, one call for each operation and form of its inputs. */
export function kernelCalls(): Record<string, KernelCall> {
  const calls: Record<string, KernelCall> = {};
  for (const name of UNARY.split(" ")) {
    calls[name] = (d) => named[name](elements([3, 5], d));
  }
  for (const name of BINARY.split(" ")) {
    const shapes = { alike: [3, 5], row: [5], column: [3, 1] };
    for (const [form, shape] of Object.entries(shapes)) {
      calls[`${name}, ${form}`] = (d) => named[name](elements([3, 5], d), elements(shape, d, 1));
    }
  }
  for (const name of REDUCTIONS.split(" ")) {
    for (const axis of [0, 1, 2]) {
      calls[`${name}, axis ${axis}`] = (d) => named[name](elements([2, 3, 4], d), axis);
    }
  }
  for (const to of ["float32", "int32", "bool"] as const) {
    calls[`cast to ${to}`] = (d) => tf.cast(elements([3, 5], d), to);
    calls[`oneHot of ${to}`] = () => tf.oneHot(ids([1, 0, 2]), 4, 1, 0, to);
  }
  calls["oneHot of fractions"] = () => tf.oneHot(ids([1, 0, 9]), 4, 0.7, 0.1, "float32");
  return { ...calls, ...moves(), ...products() };
}

/** What moves elements, or picks some. */
function moves(): Record<string, KernelCall> {
  const x: KernelCall = (d) => elements([3, 4], d);
  const one = (d: tf.DataType, salt = 0) => elements([3, 4], d, salt);
  return {
    cumsum: (d) => tf.cumsum(one(d), 1, true, true),
    transpose: (d) => tf.transpose(elements([2, 3, 4], d), [2, 0, 1]),
    reverse: (d) => tf.reverse(elements([2, 3, 4], d), [0, 2]),
    slice: (d) => tf.slice(elements([4, 3, 5], d), [1, 1, 2], [2, 2, 3]),
    stridedSlice: (d) => tf.stridedSlice(elements([4, 6], d), [0, 0], [4, 6], [2, 3]),
    concat: (d) => tf.concat([one(d), elements([3, 2], d, 1)], 1),
    stack: (d) => tf.stack([one(d), one(d, 1)], 1),
    split: (d) => tf.split(one(d), 2, 1),
    tile: (d) => tf.tile(one(d), [2, 3]),
    pad: (d) =>
      tf.pad(
        one(d),
        [
          [1, 2],
          [0, 1],
        ],
        1,
      ),
    broadcastTo: (d) => tf.broadcastTo(elements([3, 1], d), [2, 3, 4]),
    gather: (d) => tf.gather(one(d), ids([2, 0, 1, 2]), 1),
    gatherND: (d) =>
      tf.gatherND(
        one(d),
        tf.tensor2d(
          [
            [2, 0],
            [1, 3],
          ],
          [2, 2],
          "int32",
        ),
      ),
    scatterND: (d) =>
      tf.scatterND(tf.tensor2d([[3], [1]], [2, 1], "int32"), elements([2, 4], d), [5, 4]),
    where: (d) => tf.where(elements([3, 4], "bool"), one(d), one(d, 2)),
    topk: (d) => Object.values(tf.topk(one(d), 2)),
    clip: (d) => tf.clipByValue(one(d), -1, 1),
    segments: (d) => tf.unsortedSegmentSum(one(d), ids([1, 0, 1]), 2),
    "segments, of cubes, some empty, rows of none": (d) =>
      tf.unsortedSegmentSum(elements([6, 2, 3], d), ids([4, -1, 1, 4, 5, 1]), 5),
    "gradient of gather": (d) =>
      tf.grad((table) => tf.gather(table, ids([2, 0, 2, 2])))(
        elements([4, 3], "float32"),
        elements([4, 3], d).toFloat(),
      ),
    bandPart: (d) => tf.linalg.bandPart(x(d) as tf.Tensor, 1, 1),
  };
}

/** Products of matrices, and sums over many tensors. */
function products(): Record<string, KernelCall> {
  const calls: Record<string, KernelCall> = {
    addN: (d) => tf.addN([elements([3, 5], d), elements([3, 5], d, 1), elements([3, 5], d, 2)]),
    einsum: (d) => tf.einsum("ij,jk->ik", elements([3, 4], d), elements([4, 2], d)),
    batchNorm: (d) =>
      tf.batchNorm(
        elements([3, 5], d),
        elements([5], d),
        tf.add(tf.abs(elements([5], "float32")), 1),
      ),
  };
  for (const first of [false, true]) {
    for (const second of [false, true]) {
      calls[`matMul, transposed ${first} ${second}`] = (d) =>
        tf.matMul(
          elements(first ? [2, 4, 3] : [2, 3, 4], d),
          elements(second ? [2, 5, 4] : [2, 4, 5], d, 1),
          first,
          second,
        );
    }
  }
  return calls;
}
