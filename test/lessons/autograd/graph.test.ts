import assert from "node:assert/strict";
import { test } from "node:test";
import { graphOf, Value } from "../../../lessons";

test("every value is a node once, after its inputs, and every use an edge", () => {
  const x = new Value(3, "x");
  const square = x.mul(x);
  square.name = "square";
  const y = square.add(1);
  y.backward();
  assert.deepEqual(graphOf(y), {
    nodes: [
      { id: "0", label: "x", value: 3, gradient: 6 },
      { id: "1", label: "square: ×", value: 9, gradient: 1 },
      { id: "2", label: "1", value: 1, gradient: 1 },
      { id: "3", label: "+", value: 10, gradient: 1 },
    ],
    edges: [
      ["0", "1"],
      ["0", "1"],
      ["1", "3"],
      ["2", "3"],
    ],
  });
});

test("an arrow may say what a gradient is multiplied by on its way back", () => {
  const [w, x] = [new Value(0.5, "w"), new Value(4, "x")];
  const loss = w.mul(x).sub(1).pow(2);
  assert.deepEqual(loss.localDerivatives(), [2]);
  const { nodes, edges } = graphOf(loss, { localDerivatives: true });
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  assert.deepEqual(
    edges.map(([from, to, label]) => `${labels.get(from)} ${labels.get(to)} ${label}`),
    ["w × × 4", "x × × 0.5", "× − × 1", "1 − × -1", "− ^2 × 2"],
  );
});
