import assert from "node:assert/strict";
import { before, test } from "node:test";
import "../../../lib/engine/native/register";
import { random, setSeed } from "../../../lib/engine/random";
import { ready, tf } from "../../../lib/engine/tensorflow";
import * as layers from "../../../lib/layers";
import {
  GATES,
  type Kind,
  numericalGradient,
  type Problem,
  relativeError,
  run,
  STATES,
} from "./oracle";

// Every test here holds on both backends; wasm.test.ts runs this file on the other one.
before(() => ready());

const kinds: Kind[] = ["lstm", "gru", "gruResetAfter", "simpleRNN"];
const shapes = [
  { N: 1, T: 1, D: 1, H: 1 },
  { N: 1, T: 6, D: 3, H: 4 },
  { N: 5, T: 1, D: 2, H: 3 },
  { N: 3, T: 4, D: 5, H: 2 },
  { N: 4, T: 7, D: 3, H: 16 },
  { N: 32, T: 3, D: 2, H: 3 },
];

type Options = Partial<layers.RecurrentOptions>;

function make(kind: Kind, options: Options & { units: number }) {
  if (kind === "lstm") {
    return layers.lstm(options);
  }
  if (kind === "simpleRNN") {
    return layers.simpleRNN(options);
  }
  return layers.gru({ ...options, resetAfter: kind === "gruResetAfter" });
}

const uniform = (size: number, scale: number) =>
  Float64Array.from({ length: size }, () => Math.fround((random() * 2 - 1) * scale));

function makeProblem(kind: Kind, { N, T, D, H }: (typeof shapes)[0], initial = true): Problem {
  const G = GATES[kind];
  const state = () => (initial ? uniform(N * H, 0.7) : new Float64Array(N * H));
  return {
    kind,
    N,
    T,
    D,
    H,
    x: uniform(N * T * D, 1),
    initial: Array.from({ length: STATES[kind] }, state),
    kernel: uniform(D * G * H, 0.8),
    recurrentKernel: uniform(H * G * H, 0.8),
    bias: uniform((kind === "gruResetAfter" ? 2 : 1) * G * H, 0.5),
  };
}

/** Tensors of a problem: x, the initial states, and the weights in the order of getWeights(). */
function tensorsOf(problem: Problem): { x: tf.Tensor; initial: tf.Tensor[]; weights: tf.Tensor[] } {
  const { kind, N, T, D, H } = problem;
  const width = GATES[kind] * H;
  return {
    x: tf.tensor(Float32Array.from(problem.x), [N, T, D]),
    initial: problem.initial.map((s) => tf.tensor(Float32Array.from(s), [N, H])),
    weights: [
      tf.tensor(Float32Array.from(problem.kernel), [D, width]),
      tf.tensor(Float32Array.from(problem.recurrentKernel), [H, width]),
      tf.tensor(Float32Array.from(problem.bias), kind === "gruResetAfter" ? [2, width] : [width]),
    ],
  };
}

function build<Layer extends tf.layers.Layer>(layer: Layer, problem: Problem): Layer {
  const { x, weights } = tensorsOf(problem);
  layer.apply(x);
  layer.setWeights(weights);
  return layer;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

for (const kind of kinds) {
  test(`${kind}: outputs and states are those of a gate-by-gate loop`, () => {
    setSeed(`forward ${kind}`);
    for (const shape of shapes) {
      tf.tidy(() => {
        const problem = makeProblem(kind, shape);
        const expected = run(problem);
        const layer = build(
          make(kind, { units: shape.H, returnSequences: true, returnState: true }),
          problem,
        );
        const { x, initial } = tensorsOf(problem);
        const [sequence, ...final] = layer.apply(x, { initialState: initial }) as tf.Tensor[];
        assert.deepEqual(sequence.shape, [shape.N, shape.T, shape.H]);
        assert.ok(relativeError(sequence.dataSync(), expected.sequence) <= 1e-5);
        assert.equal(final.length, STATES[kind]);
        final.forEach((state, i) => {
          assert.ok(relativeError(state.dataSync(), expected.final[i]) <= 1e-5);
        });
      });
    }
  });

  // Training runs the native recurrences as graphs, the batch in parts where it is large enough.
  for (const [returnSequences, training] of [
    [true, false],
    [true, true],
    [false, true],
  ]) {
    test(`${kind}: gradients are those of finite differences, ${JSON.stringify({ returnSequences, training })}`, () => {
      setSeed(`gradients ${kind}`);
      for (const shape of shapes) {
        tf.tidy(() => {
          const { N, T, H } = shape;
          const problem = makeProblem(kind, shape);
          const layer = build(
            make(kind, { units: H, returnSequences, returnState: true }),
            problem,
          );
          const towards = uniform(returnSequences ? N * T * H : N * H, 1);
          const towardsFinal = problem.initial.map(() => uniform(N * H, 1));

          const { x, initial } = tensorsOf(problem);
          const variables = layer.trainableWeights.map((w) => w.read() as tf.Variable);
          const loss = (...[x, ...initial]: tf.Tensor[]) => {
            const [output, ...final] = layer.apply(x, {
              initialState: initial,
              training,
            }) as tf.Tensor[];
            const target = tf.tensor(Float32Array.from(towards), output.shape);
            return final.reduce(
              (sum, state, i) =>
                tf.add(
                  sum,
                  tf.sum(tf.mul(state, tf.tensor(Float32Array.from(towardsFinal[i]), [N, H]))),
                ),
              tf.sum(tf.mul(output, target)),
            ) as tf.Scalar;
          };
          const byInputs = tf.grads(loss)([x, ...initial]);
          const byWeights = tf.variableGrads(() => loss(x, ...initial), variables).grads;

          const value = () => {
            const { sequence, final } = run(problem);
            const output = returnSequences ? sequence : final[0];
            return final.reduce(
              (sum, state, i) => sum + dot(state, towardsFinal[i]),
              dot(output, towards),
            );
          };
          const pairs: [string, tf.Tensor, Float64Array][] = [
            ["x", byInputs[0], problem.x],
            ...problem.initial.map(
              (s, i) => [`state ${i}`, byInputs[i + 1], s] as [string, tf.Tensor, Float64Array],
            ),
            ["kernel", byWeights[variables[0].name], problem.kernel],
            ["recurrent kernel", byWeights[variables[1].name], problem.recurrentKernel],
            ["bias", byWeights[variables[2].name], problem.bias],
          ];
          for (const [name, gradient, values] of pairs) {
            const error = relativeError(gradient.dataSync(), numericalGradient(values, value));
            assert.ok(error <= 1e-4, `${name} of ${JSON.stringify(shape)}: ${error}`);
          }
        });
      }
    });
  }

  test(`${kind}: a stateful layer reads a sequence in parts as it would in one piece`, () => {
    setSeed(`stateful ${kind}`);
    tf.tidy(() => {
      const problem = makeProblem(kind, { N: 3, T: 6, D: 2, H: 4 }, false);
      const options = { units: 4, returnSequences: true };
      const whole = build(make(kind, options), problem).apply(tensorsOf(problem).x) as tf.Tensor;
      const layer = build(make(kind, { ...options, stateful: true }), problem);
      layer.resetStates();
      const { x } = tensorsOf(problem);
      const parts = [
        [0, 2],
        [2, 3],
        [5, 1],
      ].map(([begin, size]) => layer.apply(tf.slice(x, [0, begin, 0], [3, size, 2])) as tf.Tensor);
      const joined = tf.concat(parts, 1).dataSync();
      assert.ok(relativeError(joined, whole.dataSync()) <= 1e-6);
      assert.ok(relativeError(layer.getStates()[0].dataSync(), run(problem).final[0]) <= 1e-5);
    });
  });
}
