import assert from "node:assert/strict";
import { before, test } from "node:test";
import "../../../lib/engine/native/register";
import { random, setSeed } from "../../../lib/engine/random";
import { ready, tf } from "../../../lib/engine/tensorflow";
import * as layers from "../../../lib/layers";
import { relativeError } from "./oracle";

before(() => ready());

const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));
const make = {
  lstm: layers.lstm,
  gru: (options: layers.GruOptions) => layers.gru({ ...options, resetAfter: true }),
  simpleRNN: layers.simpleRNN,
};
const gatesOf = { lstm: 4, gru: 3, simpleRNN: 1 };
const [N, T, D, H] = [2, 3, 4, 5];

function draw(...shape: number[]): layers.NumericArray {
  const size = shape.reduce((a, b) => a * b);
  return { shape, values: Float32Array.from({ length: size }, () => 2 * random() - 1) };
}

/** The formulas of PyTorch's documentation for nn.LSTM, nn.GRU and nn.RNN, row by row. */
function pytorch(
  kind: keyof typeof gatesOf,
  p: Required<layers.PyTorchParameters>,
  x: Float32Array,
) {
  const result: number[] = [];
  for (let n = 0; n < N; n++) {
    let h = new Array<number>(H).fill(0);
    let c = new Array<number>(H).fill(0);
    for (let t = 0; t < T; t++) {
      const row = x.subarray((n * T + t) * D, (n * T + t + 1) * D);
      const dot = (
        matrix: layers.NumericArray,
        bias: layers.NumericArray,
        r: number,
        v: ArrayLike<number>,
      ) =>
        Array.from(v).reduce(
          (s, value, k) => s + value * matrix.values[r * v.length + k],
          bias.values[r],
        );
      const input = (gate: number, u: number) => dot(p.weight_ih, p.bias_ih, gate * H + u, row);
      const state = (gate: number, u: number) => dot(p.weight_hh, p.bias_hh, gate * H + u, h);
      const both = (gate: number, u: number) => input(gate, u) + state(gate, u);
      const units = Array.from({ length: H }, (_, u) => u);
      if (kind === "simpleRNN") {
        h = units.map((u) => Math.tanh(both(0, u)));
      } else if (kind === "gru") {
        h = units.map((u) => {
          const [r, z] = [sigmoid(both(0, u)), sigmoid(both(1, u))];
          return (1 - z) * Math.tanh(input(2, u) + r * state(2, u)) + z * h[u];
        });
      } else {
        const o = units.map((u) => sigmoid(both(3, u)));
        c = units.map(
          (u) => sigmoid(both(1, u)) * c[u] + sigmoid(both(0, u)) * Math.tanh(both(2, u)),
        );
        h = units.map((u) => o[u] * Math.tanh(c[u]));
      }
      result.push(...h);
    }
  }
  return result;
}

for (const kind of ["lstm", "gru", "simpleRNN"] as const) {
  test(`${kind} computes with PyTorch's parameters what PyTorch does`, () => {
    setSeed(kind);
    const G = gatesOf[kind];
    const parameters = {
      weight_ih: draw(G * H, D),
      weight_hh: draw(G * H, H),
      bias_ih: draw(G * H),
      bias_hh: draw(G * H),
    };
    const x = draw(N, T, D);
    tf.tidy(() => {
      const options = { units: H, returnSequences: true };
      const layer = make[kind](options);
      const input = tf.tensor(x.values, x.shape);
      layer.apply(input);
      layers.setPyTorchWeights(layer, parameters);
      const expected = pytorch(kind, parameters, x.values);
      const output = (layer.apply(input) as tf.Tensor).dataSync();
      assert.ok(relativeError(output, expected) <= 1e-5);
      const back = layers.getPyTorchWeights(layer);
      assert.deepEqual(back.weight_ih, parameters.weight_ih);
      assert.deepEqual(back.weight_hh, parameters.weight_hh);
      assert.ok(relativeError(pytorch(kind, back, x.values), expected) <= 1e-5);
    });
  });
}

test("what means something else in PyTorch, or does not fit, is refused", () => {
  const parameters = { weight_ih: draw(3 * H, D), weight_hh: draw(3 * H, H) };
  const gru = layers.gru({ units: H });
  assert.throws(() => layers.setPyTorchWeights(gru, parameters), /resetAfter: true/);
  assert.throws(() => layers.getPyTorchWeights(gru), /resetAfter: true/);
  const other = layers.gru({ units: H, resetAfter: true });
  other.apply(tf.zeros([1, 1, D + 1]));
  assert.throws(
    () => layers.setPyTorchWeights(other, parameters),
    /weight_ih that becomes \[5,15\].*\[4,15\]/,
  );
});
