import assert from "node:assert/strict";
import { before, test } from "node:test";
import { NativeGraph } from "../../../../lib/engine/native/graph";
import {
  compute,
  createFloat,
  type Handle,
  release,
  valuesOf,
  zeros,
} from "../../../../lib/engine/native/operations";
import {
  add,
  concat,
  handleOf,
  matMul,
  slice,
  split,
  tanh,
  toTensor,
  unstack,
} from "../../../../lib/engine/native/tensors";
import { nativeBinding, ready, tf } from "../../../../lib/engine/tensorflow";

before(() => ready());
const skip = nativeBinding() ? false : "there are no graphs on WebAssembly";

/** Some of everything: several outputs, constants, zeros of a width of none, unused inputs. */
function body([a, b, unused]: Handle[]): Handle[] {
  assert.ok(unused !== undefined);
  const product = matMul(a, b);
  const [left, right] = split(product, 2, 1);
  const sum = add(left, tanh(right));
  const nothing = zeros(2, 0);
  const joined = concat([sum, nothing, sum], 1);
  const rows = unstack(joined, 2);
  const first = slice(joined, [0, 1], [2, 2]);
  release(product, left, right, sum);
  return [joined, rows[1], first];
}

test("a recorded function computes what it computes when it is called", { skip }, () => {
  const inputs = [
    handleOf(tf.randomUniform([2, 3])),
    handleOf(tf.randomUniform([3, 4])),
    handleOf(tf.zeros([1])),
  ];
  const expected = body(inputs).map((handle) => Array.from(valuesOf(handle)));
  const graph = new NativeGraph(3, body);
  const read = (handles: Handle[]) => handles.map((handle) => Array.from(valuesOf(handle)));
  assert.deepEqual(read(graph.run(inputs)), expected);
  assert.deepEqual(read(graph.run(inputs, [2, 0])), [expected[2], expected[0]]);
  const other = [createFloat([2, 3], new Float32Array(6)), ...inputs.slice(1)];
  assert.deepEqual(read(graph.run(other, [1])), [[0, 0, 0, 0]]);
});

test("a graph leaves nothing behind but its outputs", { skip }, () => {
  const graph = new NativeGraph(2, ([a, b]) => [matMul(a, b), add(a, b)]);
  const inputs = [0, 1].map(() => createFloat([2, 2], new Float32Array(4)));
  const count = () =>
    (nativeBinding() as unknown as { getNumOfTensors(): number }).getNumOfTensors();
  const before = count();
  release(...graph.run(inputs));
  release(...graph.run(inputs, [1]));
  assert.equal(count(), before);
  const graphs = () =>
    (nativeBinding() as unknown as { getNumOfSavedModels(): number }).getNumOfSavedModels();
  const loaded = graphs();
  graph.dispose();
  assert.equal(graphs(), loaded - 1);
});

test("a function that reads more than its inputs is not recorded", { skip }, () => {
  const outside = createFloat([2, 2], new Float32Array(4));
  assert.throws(() => new NativeGraph(1, ([a]) => [add(a, outside)]), /only read its inputs/);
  // Recording has ended all the same.
  tf.dispose(toTensor(compute("Tanh", [outside]), [2, 2]));
});
