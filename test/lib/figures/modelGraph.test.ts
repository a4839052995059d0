import assert from "node:assert/strict";
import { before, test } from "node:test";
import { computationGraphFigure } from "karenina";
import { ready, tf } from "../../../lib/engine/tensorflow";
import { modelGraph } from "../../../lib/figures/modelGraph";

before(() => ready());

const layer = (units: number) => tf.layers.dense({ units });

test("a sequential model is a chain from its input", () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 3, inputShape: [4], name: "first" }), tf.layers.reLU()],
  });
  const { nodes, edges } = modelGraph(model);
  assert.deepEqual(
    nodes.map(({ label }) => label),
    ["input [4]", "Dense [3]", "ReLU [3]"],
  );
  assert.deepEqual(edges, [
    ["input", "first"],
    ["first", model.layers[1].name],
  ]);
});

test("a functional model has its branches, and a skip connection goes round a layer", () => {
  const measurements = tf.input({ shape: [4], name: "measurements" });
  const island = tf.input({ shape: [3], name: "island" });
  const both = tf.layers.concatenate().apply([measurements, island]);
  const hidden = layer(8).apply(both) as tf.SymbolicTensor;
  const around = tf.layers.add().apply([hidden, layer(8).apply(hidden) as tf.SymbolicTensor]);
  const model = tf.model({
    inputs: [measurements, island],
    outputs: around as tf.SymbolicTensor,
  });
  const { nodes, edges } = modelGraph(model);
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  assert.deepEqual(edges.map(([from, to]) => `${labels.get(from)} > ${labels.get(to)}`).sort(), [
    "Concatenate [7] > Dense [8]",
    "Dense [8] > Add [8]",
    "Dense [8] > Add [8]",
    "Dense [8] > Dense [8]",
    "island [3] > Concatenate [7]",
    "measurements [4] > Concatenate [7]",
  ]);
  assert.match(computationGraphFigure({ nodes, edges }).summary ?? "", /6/);
});

test("a layer with two outputs is labelled with the first one's shape", () => {
  const input = tf.input({ shape: [5, 2], name: "steps" });
  const [sequence] = tf.layers
    .lstm({ units: 3, returnState: true })
    .apply(input) as tf.SymbolicTensor[];
  const { nodes } = modelGraph(tf.model({ inputs: input, outputs: sequence }));
  assert.deepEqual(
    nodes.map(({ label }) => label),
    ["steps [5, 2]", "LSTM [3]"],
  );
});

test("a model without layers is refused", () => {
  assert.throws(() => modelGraph(tf.sequential()), /has no layers to draw/);
});
