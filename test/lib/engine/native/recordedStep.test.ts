import "../../training/oneThread";
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { charRnn, layers, random, randomInteger, ready, setSeed, tf } from "karenina";
import { engine } from "../../../../lib/engine/choice";
import { sparseSoftmaxCrossEntropy } from "../../../../lib/losses/losses";
import { numbersOf } from "../../../../lib/training/batch";
import { gradientFunction, tapedGradients } from "../../../../lib/training/gradients";
import { relativeError } from "../../layers/oracle";
import { requireSlopes } from "../slopes";

before(() => ready());
const skip = engine().name === "native" ? false : "nothing is recorded on WebAssembly";

const V = 7;
const variablesOf = (model: tf.LayersModel) =>
  model.trainableWeights.map((weight) => weight.read() as tf.Variable);
const codes = (shape: number[], below = V) =>
  tf.tensor(
    Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => randomInteger(below)),
    shape,
    "int32",
  );
const numbers = (shape: number[]) => tf.randomUniform(shape, -1, 1);

/** A model and a batch for it. N is 32 where the batch is to be cut into parts. */
type Case = (N: number) => { model: tf.LayersModel; x: tf.Tensor; y: tf.Tensor };

const text =
  (options: object, T = 5): Case =>
  (N) => ({
    model: charRnn({ vocabularySize: V, batchSize: N, hiddenSize: 6, ...options }),
    x: codes([N, T]),
    y: codes([N, T]),
  });

const stack =
  (shape: number[], parts: () => tf.layers.Layer[], labels: (N: number) => number[]): Case =>
  (N) => ({
    model: tf.sequential({ layers: parts() }),
    x: numbers([N, ...shape]),
    y: codes(labels(N)),
  });

const cases: Record<string, Case> = {
  "one-hot LSTM": text({}),
  "one-hot LSTM, one step": text({}, 1),
  "embedded LSTM": text({ embeddingSize: 3 }),
  "embedded LSTM with dropout": text({ embeddingSize: 3, dropout: 0.4 }),
  "one-hot GRU": text({ cell: "gru" }),
  "embedded GRU": text({ cell: "gru", embeddingSize: 3, numLayers: 1 }),
  "one-hot tanh": text({ cell: "rnn", numLayers: 3 }),
  "rows to a class": stack(
    [4, 3],
    () => [
      layers.gru({ units: 5, resetAfter: true, returnSequences: true, inputShape: [4, 3] }),
      layers.simpleRNN({ units: 4, useBias: false }),
      layers.dense({ units: V }),
    ],
    (N) => [N],
  ),
  "dense on every step": stack(
    [4, 3],
    () => [
      layers.dense({ units: 5, activation: "relu", inputShape: [4, 3] }),
      layers.lstm({ units: 4, returnSequences: true, useBias: false }),
      layers.dense({ units: 6, activation: "tanh", useBias: false }),
      layers.dense({ units: V }),
    ],
    (N) => [N, 4],
  ),
  "dense alone": stack(
    [9],
    () => [
      layers.dense({ units: 8, activation: "sigmoid", inputShape: [9] }),
      layers.dropout({ rate: 0 }),
      layers.dropout({ rate: 0.3 }),
      layers.dense({ units: V }),
    ],
    (N) => [N],
  ),
};

for (const [name, make] of Object.entries(cases)) {
  for (const N of [1, 3, 32]) {
    test(`${name}, batch of ${N}: a recorded step's gradients are the tape's`, { skip }, () => {
      setSeed(`${name} ${N}`);
      const { model, x, y } = make(N);
      tf.tidy(() => model.setWeights(model.getWeights().map((w) => numbers(w.shape))));
      const variables = variablesOf(model);
      const recorded = gradientFunction(model, variables);
      const taped = tapedGradients(model, variables, sparseSoftmaxCrossEntropy);
      const run = (f: typeof taped) => {
        model.resetStates();
        // One seed drops the same values, recorded or not, in however many parts.
        setSeed(name);
        // Twice: the second batch begins with the state that the first one ended with.
        const [inputs, targets] = [numbersOf(x), numbersOf(y)];
        return [f(inputs, targets), f(inputs, targets)];
      };
      tf.tidy(() => {
        const expected = run(taped);
        run(recorded).forEach(({ loss, norm, gradients }, i) => {
          assert.ok(Math.abs(loss - expected[i].loss) <= 1e-5 * expected[i].loss);
          assert.ok(Math.abs(norm - expected[i].norm) <= 1e-4 * expected[i].norm);
          gradients.forEach((gradient, k) => {
            const error = relativeError(gradient.dataSync(), expected[i].gradients[k].dataSync());
            assert.ok(error <= 1e-4, `${variables[k].name}: ${error}`);
          });
        });
      });
      model.dispose();
      tf.dispose([x, y]);
    });
  }
}

test("with dropout, the gradients are finite differences of the masked loss", { skip }, () => {
  setSeed("dropout");
  const { model, x, y } = text({ dropout: 0.4, embeddingSize: 3 }, 3)(32);
  tf.tidy(() => model.setWeights(model.getWeights().map((w) => numbers(w.shape))));
  const variables = variablesOf(model);
  const step = gradientFunction(model, variables);
  const run = () => {
    setSeed("the same masks");
    model.resetStates();
    return step(numbersOf(x), numbersOf(y));
  };
  const { gradients, loss } = run();
  assert.equal(run().loss, loss);
  requireSlopes(variables, gradients, () => run().loss, 2e-2);
});

test("models and losses that can't be recorded are taped, and learn the same", () => {
  setSeed("taped");
  const { model, x, y } = text({}, 4)(3);
  const variables = variablesOf(model);
  const own = (logits: tf.Tensor, labels: tf.Tensor) => sparseSoftmaxCrossEntropy(logits, labels);
  const results = [gradientFunction(model, variables), gradientFunction(model, variables, own)].map(
    (gradients) => {
      model.resetStates();
      return gradients(numbersOf(x), numbersOf(y));
    },
  );
  assert.ok(Math.abs(results[0].loss - results[1].loss) < 1e-6);
  const branched = tf.sequential({
    layers: [
      layers.lstm({ units: 4, dropout: 0.5, inputShape: [3, 2] }),
      tf.layers.dense({ units: V }),
    ],
  });
  const gradients = gradientFunction(branched, variablesOf(branched))(
    numbersOf(numbers([2, 3, 2])),
    numbersOf(codes([2])),
  );
  assert.ok(gradients.norm > 0);
});

test("a code that the network does not know, and labels that do not fit, are named", () => {
  const { model } = text({}, 4)(2);
  const gradients = gradientFunction(model, variablesOf(model));
  const right = numbersOf(codes([2, 4]));
  const wrong = tf.tensor2d([0, 1, V, 0, 0, 0, 0, 0], [2, 4], "int32");
  assert.throws(() => gradients(numbersOf(wrong), right), /index 7, but knows 7/);
  assert.throws(() => gradients(right, numbersOf(codes([2, 3]))), /labels must be int32.*\[2,4\]/s);
  assert.ok(random() >= 0);
});

test("a recorded step reads a batch as it came, and makes no tensors of it", { skip }, () => {
  const readers = {
    codes: text({}, 4)(32).model,
    numbers: tf.sequential({ layers: [layers.dense({ units: V, inputShape: [4] })] }),
  };
  for (const [kind, model] of Object.entries(readers)) {
    const gradients = gradientFunction(model, variablesOf(model));
    const x = Array.from({ length: 32 }, (_, n) =>
      kind === "codes"
        ? Int32Array.from({ length: 4 }, (_, t) => (n + t) % V)
        : Float32Array.from({ length: 4 }, (_, t) => Math.sin(n * 4 + t)),
    ) as Int32Array[];
    const labels = codes(kind === "codes" ? [32, 4] : [32]);
    const asRows = { ...numbersOf(x), tensor: () => assert.fail("a tensor was made") };
    const y = numbersOf(labels);
    const results = [asRows, numbersOf(numbersOf(x).tensor())].map((inputs) => {
      model.resetStates();
      return gradients(inputs, { ...y, tensor: asRows.tensor });
    });
    assert.ok(results[0].norm > 0);
    assert.equal(results[0].loss, results[1].loss);
    assert.equal(results[0].norm, results[1].norm);
  }
});
