import assert from "node:assert/strict";
import { test } from "node:test";
import { layers, ready, tf } from "karenina";
import { onWasm } from "./onWasm";

const flat = () => tf.tensor1d([Number.NaN, 1, -1, 7]);
const table = () => tf.tensor2d([Number.NaN, 1, 1, Number.NaN, 2, 3], [3, 2]);
/** As the last of four too: vectors of four numbers and what is left over take different ways. */
const long = () => tf.tensor1d([1, -2, 3, Number.NaN, 5, 8, Number.NaN]);
const picture = () => tf.tensor4d([Number.NaN, 1, 2, 3, 4, 5, 6, 7, 8], [1, 3, 3, 1]);
const filter = () => tf.ones([2, 2, 1, 1]) as tf.Tensor4D;
const infinite = () => tf.tensor2d([[Number.POSITIVE_INFINITY, 1, 2]]);
const weights = () => tf.tensor2d([0, 1, 2, -3, 4, 5], [3, 2]);

type Activation = "linear" | "relu" | "relu6" | "elu" | "sigmoid";
const activations: Activation[] = ["linear", "relu", "relu6", "elu", "sigmoid"];

/** By name, what native TensorFlow answers with NaN in some places; the CPU backend is the oracle. */
const calls: Record<string, () => tf.Tensor> = {
  relu: () => tf.relu(flat()),
  relu6: () => tf.relu6(flat()),
  "relu6 of seven": () => tf.relu6(long()),
  clipByValue: () => tf.clipByValue(long(), 0, 2),
  "minimum, first": () => tf.minimum(flat(), 0),
  "minimum, second": () => tf.minimum(0, long()),
  "maximum, first": () => tf.maximum(flat(), 0),
  "maximum, second": () => tf.maximum(0, long()),
  "maximum of rows": () => tf.maximum(tf.tensor1d([2, 2]), table()),
  "min of rows": () => tf.min(table(), 1),
  "max of columns": () => tf.max(table(), 0),
  "max of all": () => tf.max(long()),
  "min of all": () => tf.min(long()),
  avgPool: () => tf.avgPool(picture(), 2, 1, "valid"),
  "conv2d of single pixels": () =>
    tf.conv2d(picture(), tf.ones([1, 1, 1, 1]) as tf.Tensor4D, 1, "valid"),
  "depthwiseConv2d of single pixels": () =>
    tf.depthwiseConv2d(picture(), tf.ones([1, 1, 1, 1]) as tf.Tensor4D, 1, "valid"),
  conv2dTranspose: () => tf.conv2dTranspose(picture(), filter(), [1, 4, 4, 1], 1, "valid"),
};
for (const activation of activations) {
  calls[`matMul, ${activation}`] = () =>
    tf.fused.matMul({ a: table(), b: tf.ones([2, 3]), bias: tf.tensor1d([1, 2, 3]), activation });
  calls[`matMul of Infinity and 0, ${activation}`] = () =>
    tf.fused.matMul({ a: infinite(), b: weights(), activation });
  const at = () =>
    ({ x: picture(), filter: filter(), strides: 1, pad: "valid", activation }) as const;
  calls[`conv2d, ${activation}`] = () => tf.fused.conv2d(at());
  calls[`depthwiseConv2d, ${activation}`] = () => tf.fused.depthwiseConv2d(at());
}

if (onWasm(__filename)) {
  for (const [name, call] of Object.entries(calls)) {
    test(`WebAssembly hands NaN on: ${name}`, async () => {
      const [expected, answer] = await onBoth(call);
      assert.ok(expected.some(Number.isNaN), "the CPU backend answers without NaN");
      assertNear(answer, expected);
    });
  }

  test("what native TensorFlow passes over, WebAssembly passes over too", async () => {
    const [expected, answer] = await onBoth(() => tf.maxPool(picture(), 2, 1, "valid"));
    assert.deepEqual(answer, expected);
  });

  test("a dense layer with relu hands NaN on, so that its loss tells of it", async () => {
    await ready();
    tf.setBackend("wasm");
    tf.tidy(() => {
      const layer = layers.dense({ units: 2, activation: "relu", inputShape: [2] });
      const output = layer.apply(table()) as tf.Tensor;
      assert.deepEqual([...output.dataSync()].map(Number.isNaN), [
        true,
        true,
        true,
        true,
        false,
        false,
      ]);
    });
  });

  test("finite numbers are computed by WebAssembly, and nothing is left behind", async () => {
    await ready();
    tf.setBackend("wasm");
    const before = tf.memory().numTensors;
    const x = tf.tensor1d([-1, 3, 9]);
    assert.deepEqual([...tf.tidy(() => tf.relu6(x)).dataSync()], [0, 3, 6]);
    tf.tidy(() => tf.relu6(long()).dataSync());
    assert.equal(tf.memory().numTensors, before + 2);
  });
}

async function onBoth(call: () => tf.Tensor): Promise<[number[], number[]]> {
  await ready();
  const [expected, answer] = ["cpu", "wasm"].map((backend) => {
    tf.setBackend(backend);
    return tf.tidy(() => [...call().dataSync()]);
  });
  return [expected, answer];
}

function assertNear(answer: number[], expected: number[]): void {
  const isNear = (a: number, b: number) =>
    Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-5 * Math.max(1, Math.abs(b));
  assert.ok(
    answer.length === expected.length && answer.every((a, i) => isNear(a, expected[i])),
    `[${answer}] in place of [${expected}]`,
  );
}
