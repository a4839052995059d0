import assert from "node:assert/strict";
import { test } from "node:test";
import { ready, tf } from "karenina";
import { type KernelCall, kernelCalls } from "./kernelCalls";
import { onWasm } from "./onWasm";

// The oracle is tfjs's own backend in plain JavaScript, which the WebAssembly process has beside it.
if (onWasm(__filename)) {
  for (const dtype of ["float32", "int32", "bool"] as const) {
    test(`WebAssembly answers as the CPU backend does, for inputs of ${dtype}`, async () => {
      await ready();
      const different = [];
      let compared = 0;
      for (const [name, call] of Object.entries(kernelCalls())) {
        const [expected, answer] = ["cpu", "wasm"].map((backend) => answerOn(backend, call, dtype));
        if (!same(expected, answer)) {
          different.push({ name, expected, answer });
        }
        if (typeof expected !== "string") {
          compared++;
        }
      }
      assert.deepEqual(different, []);
      assert.ok(compared > 120, `only ${compared} calls were answered`);
    });
  }

  test("what goes over to the CPU backend leaves no tensors behind", async () => {
    await ready();
    tf.setBackend("wasm");
    const indices = tf.tensor1d([1, 0], "int32");
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) {
      tf.dispose(tf.oneHot(indices, 3, 1, 0, "float32"));
    }
    assert.equal(tf.memory().numTensors, before);
  });
}

/** What came, or why tfjs refused: some types, such as booleans to sqrt, on every backend. */
type Answer = { dtype: string; shape: number[]; values: number[] }[] | string;

function answerOn(backend: string, call: KernelCall, dtype: tf.DataType): Answer {
  tf.setBackend(backend);
  tf.engine().startScope();
  try {
    return [call(dtype)].flat().map((tensor) => ({
      dtype: tensor.dtype,
      shape: tensor.shape,
      values: [...tensor.dataSync()],
    }));
  } catch (error) {
    return (error as Error).message;
  } finally {
    tf.engine().endScope();
  }
}

function same(a: Answer, b: Answer): boolean {
  if (typeof a === "string" || typeof b === "string") {
    return a === b;
  }
  const near = (x: number, y: number) =>
    Object.is(x, y) || x === y || Math.abs(x - y) <= 1e-5 * Math.max(1, Math.abs(x));
  return a.every(
    (one, i) =>
      one.dtype === b[i].dtype &&
      one.shape.join() === b[i].shape.join() &&
      one.values.every((x, k) => near(x, b[i].values[k])),
  );
}
