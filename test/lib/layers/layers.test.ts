import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { before, test } from "node:test";
import "../../../lib/engine/native/register";
import {
  randomInteger,
  randomState,
  restoreRandomState,
  setSeed,
} from "../../../lib/engine/random";
import { nativeBinding, ready, tf } from "../../../lib/engine/tensorflow";
import * as layers from "../../../lib/layers";
import { sparseSoftmaxCrossEntropy } from "../../../lib/losses/losses";
import { clipByGlobalNorm } from "../../../lib/training/gradients";
import { adam } from "../../../lib/training/optimizers/rules";
import { relativeError } from "./oracle";

// Every test here holds on both backends; wasm.test.ts runs this file on the other one.
before(() => ready());

const twins = {
  lstm: [
    layers.lstm,
    (o: object) => tf.layers.lstm({ ...o, units: 6, recurrentActivation: "sigmoid" }),
  ],
  gru: [
    layers.gru,
    (o: object) => tf.layers.gru({ ...o, units: 6, recurrentActivation: "sigmoid" }),
  ],
  simpleRNN: [layers.simpleRNN, (o: object) => tf.layers.simpleRNN({ ...o, units: 6 })],
} as const;
type Name = keyof typeof twins;
const names = Object.keys(twins) as Name[];

const grads = (layer: tf.layers.Layer, f: () => tf.Tensor) => {
  const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const { grads } = tf.variableGrads(() => tf.sum(tf.square(f())) as tf.Scalar, variables);
  return variables.map((variable) => grads[variable.name]);
};

for (const name of names) {
  const [make, makeTwin] = twins[name];
  test(`${name}: weights, outputs and gradients are those of tf.layers.${name}`, () => {
    for (const [N, T, D] of [
      [1, 1, 1],
      [3, 5, 2],
      [8, 12, 7],
    ]) {
      for (const options of [
        { returnSequences: true },
        { goBackwards: true },
        { useBias: false, returnSequences: true },
      ]) {
        setSeed(`${name} ${N}`);
        tf.tidy(() => {
          const x = tf.randomUniform([N, T, D], -1, 1);
          const layer = make({ ...options, units: 6 });
          const twin = makeTwin(options);
          layer.apply(x);
          twin.apply(x);
          assert.deepEqual(
            layer.getWeights().map((w) => w.shape),
            twin.getWeights().map((w) => w.shape),
          );
          twin.setWeights(twin.getWeights().map((w) => tf.randomUniform(w.shape, -0.7, 0.7)));
          layer.setWeights(twin.getWeights());
          const [output, expected] = [layer, twin].map((l) => l.apply(x) as tf.Tensor);
          assert.deepEqual(output.shape, expected.shape);
          assert.ok(relativeError(output.dataSync(), expected.dataSync()) <= 1e-5);
          const expectedGradients = grads(twin, () => twin.apply(x) as tf.Tensor);
          grads(layer, () => layer.apply(x) as tf.Tensor).forEach((gradient, i) => {
            const error = relativeError(gradient.dataSync(), expectedGradients[i].dataSync());
            assert.ok(error <= 1e-4, `weight ${i} of [${[N, T, D]}]: ${error}`);
          });
        });
      }
    }
  });

  test(`${name}: a model with it is saved, loaded and the same`, async () => {
    setSeed(name);
    const model = tf.sequential();
    model.add(layers.embedding({ inputDim: 5, outputDim: 3, batchInputShape: [2, null] }));
    model.add(make({ units: 4, stateful: true, returnSequences: true, dropout: 0.1 }));
    model.add(layers.dropout({ rate: 0.25 }));
    model.add(make({ units: 3, goBackwards: true, useBias: false }));
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-layers-"));
    await model.save(`file://${folder}`);
    const loaded = await tf.loadLayersModel(`file://${folder}/model.json`);
    fs.rmSync(folder, { recursive: true });
    const x = tf.tensor2d([1, 2, 3, 0, 4, 1], [2, 3], "int32");
    assert.deepEqual(
      (loaded.predict(x) as tf.Tensor).arraySync(),
      (model.predict(x) as tf.Tensor).arraySync(),
    );
    const [config, expected] = [loaded, model].map((m) => JSON.stringify(m.layers[1].getConfig()));
    assert.deepEqual(
      JSON.parse(config),
      JSON.parse(expected.replace('"scale"', '"seed":null,"scale"')),
    );
    assert.equal(loaded.layers[1].stateful, true);
  });

  test(`${name}: model.fit trains it`, async () => {
    setSeed(`fit ${name}`);
    const model = tf.sequential();
    model.add(make({ units: 8, inputShape: [6, 1] }));
    model.add(tf.layers.dense({ units: 1 }));
    model.compile({ loss: "meanSquaredError", optimizer: tf.train.adam(0.03) });
    const x = tf.randomUniform([32, 6, 1], -1, 1);
    const y = tf.sum(x, 1);
    const { history } = await model.fit(x, y, { epochs: 25, verbose: 0 });
    assert.ok(Number(history.loss[24]) < Number(history.loss[0]) / 4, `${history.loss}`);
  });

  test(`${name}: recurrent dropout's gradients belong to its outputs`, () => {
    tf.tidy(() => {
      const layer = make({ units: 3, recurrentDropout: 0.4, dropout: 0.3, returnSequences: true });
      const x = tf.randomUniform([2, 4, 3], -1, 1);
      setSeed(name);
      layer.apply(x);
      const loss = () => {
        setSeed("one mask");
        return layer.apply(x, { training: true }) as tf.Tensor;
      };
      const [, gradient] = grads(layer, loss).map((g) => g.dataSync());
      const [kernel, recurrent, bias] = layer.getWeights();
      const at = (values: Float32Array) => {
        layer.setWeights([kernel.clone(), tf.tensor(values, recurrent.shape), bias.clone()]);
        return tf.sum(tf.square(loss())).dataSync()[0];
      };
      const values = recurrent.dataSync().slice() as Float32Array;
      const step = 0.01;
      const numerical = Array.from(values, (value, i) => {
        const [above, below] = [value + step, value - step].map((v) => {
          const changed = values.slice();
          changed[i] = v;
          return at(changed);
        });
        return (above - below) / (2 * step);
      });
      assert.ok(relativeError(gradient, numerical) <= 5e-3);
      assert.notDeepEqual(loss().arraySync(), (layer.apply(x) as tf.Tensor).arraySync());
    });
  });
}

test("an encoder's state reaches the decoder through a functional model, with gradients", () => {
  setSeed("encoder");
  tf.tidy(() => {
    const source = tf.input({ shape: [null, 3] });
    const target = tf.input({ shape: [null, 2] });
    const encoder = layers.lstm({ units: 4, returnState: true });
    const [, ...states] = encoder.apply(source) as tf.SymbolicTensor[];
    const decoder = layers.lstm({ units: 4, returnSequences: true });
    const output = decoder.apply(target, { initialState: states }) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [source, target], outputs: output });
    const inputs = [tf.ones([2, 5, 3]), tf.ones([2, 3, 2])];
    assert.deepEqual((model.predict(inputs) as tf.Tensor).shape, [2, 3, 4]);
    const variables = encoder.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const { grads } = tf.variableGrads(
      () => tf.sum(model.apply(inputs) as tf.Tensor) as tf.Scalar,
      variables,
    );
    for (const variable of variables) {
      assert.ok(tf.max(tf.abs(grads[variable.name])).dataSync()[0] > 0);
    }
  });
});

test("masks, wrong input and wrong options are refused in words", () => {
  const model = tf.sequential();
  model.add(tf.layers.embedding({ inputDim: 4, outputDim: 2, maskZero: true, inputLength: 3 }));
  model.add(layers.lstm({ units: 2 }));
  assert.throws(() => model.predict(tf.zeros([1, 3])), /masked steps.*tf\.layers\.lstm/s);
  assert.throws(
    () => layers.lstm({ units: 2 }).apply(tf.zeros([2, 3])),
    /\[batch, time, features\]/,
  );
  assert.throws(() => layers.gru({ units: 0 }), /units is 0/);
  assert.throws(() => layers.gru({ units: 2, dropout: 1 }), /dropout is 1/);
  assert.throws(() => layers.dropout({ rate: 1 }), /rate is 1/);
  assert.throws(() => layers.lstm({ units: 2, kernelInitializer: "magic" }), /"magic"/);
  assert.throws(() => layers.lstm({ units: 2 }).setStates([]), /stateful: true/);
  const layer = layers.lstm({ units: 2, stateful: true });
  layer.apply(tf.zeros([3, 1, 1]));
  assert.throws(() => layer.apply(tf.zeros([2, 1, 1])), /\[2, 2\].*\[3,2\].*resetStates/s);
  assert.throws(() => layer.setStates([tf.zeros([3, 2])]), /2 state tensors/);
});

test("states can be read, set and reset", () => {
  tf.tidy(() => {
    setSeed("states");
    const layer = layers.lstm({ units: 3, stateful: true });
    const x = tf.randomUniform([2, 4, 5]);
    const first = layer.apply(x) as tf.Tensor;
    const states = layer.getStates().map((state) => state.clone());
    assert.deepEqual(
      states.map((state) => state.shape),
      [
        [2, 3],
        [2, 3],
      ],
    );
    const second = (layer.apply(x) as tf.Tensor).arraySync();
    layer.setStates(states);
    assert.deepEqual((layer.apply(x) as tf.Tensor).arraySync(), second);
    assert.equal(states[0].isDisposed, false);
    layer.resetStates();
    assert.deepEqual(layer.getStates(), []);
    assert.deepEqual((layer.apply(x) as tf.Tensor).arraySync(), first.arraySync());
  });
});

test("dense: weights, outputs and gradients are those of tf.layers.dense", () => {
  for (const activation of ["linear", "relu", "sigmoid", "tanh"] as const) {
    for (const [shape, useBias] of [
      [[1, 1], true],
      [[5, 3], false],
      [[2, 4, 3], true],
      // Large enough to run in parts while training.
      [[8, 16, 150], true],
      [[64, 260], false],
    ] as const) {
      setSeed(`dense ${activation}`);
      tf.tidy(() => {
        const x = tf.randomUniform([...shape], -1, 1);
        const options = { units: x.size > 1000 ? 130 : 6, activation, useBias };
        const [layer, twin] = [layers.dense(options), tf.layers.dense(options)];
        for (const each of [layer, twin]) {
          each.apply(x);
        }
        layer.setWeights(layer.getWeights().map((w) => tf.randomUniform(w.shape, -0.2, 0.2)));
        twin.setWeights(layer.getWeights());
        const both = [layer, twin].map((each) => each.apply(x) as tf.Tensor);
        assert.deepEqual(both[0].shape, both[1].shape);
        assert.ok(relativeError(both[0].dataSync(), both[1].dataSync()) <= 1e-5);
        const gradients = [layer, twin].map((each) => [
          ...grads(each, () => each.apply(x, { training: true }) as tf.Tensor),
          tf.grad((x) => tf.sum(tf.square(each.apply(x, { training: true }) as tf.Tensor)))(x),
        ]);
        gradients[0].forEach((gradient, i) => {
          assert.ok(relativeError(gradient.dataSync(), gradients[1][i].dataSync()) <= 1e-4);
        });
      });
    }
  }
  assert.throws(() => layers.dense({ units: 2, activation: "softmax" as "relu" }), /"softmax"/);
});

test("one-hot and embedding layers look indices up, and the gradient adds rows up", () => {
  tf.tidy(() => {
    const ids = tf.tensor2d([2, 0, 2, 1], [2, 2], "int32");
    const oneHot = layers.oneHot({ depth: 3 }).apply(ids) as tf.Tensor;
    assert.deepEqual(oneHot.arraySync(), [
      [
        [0, 0, 1],
        [1, 0, 0],
      ],
      [
        [0, 0, 1],
        [0, 1, 0],
      ],
    ]);
    const embedding = layers.embedding({ inputDim: 4, outputDim: 2 });
    embedding.apply(ids);
    embedding.setWeights([
      tf.tensor2d([
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ]),
    ]);
    const twin = tf.layers.embedding({
      inputDim: 4,
      outputDim: 2,
      weights: embedding.getWeights(),
    });
    assert.deepEqual(
      (embedding.apply(ids) as tf.Tensor).arraySync(),
      (twin.apply(ids) as tf.Tensor).arraySync(),
    );
    const [gradient] = grads(embedding, () => embedding.apply(ids) as tf.Tensor);
    assert.deepEqual(gradient.arraySync(), [
      [2, 4],
      [6, 8],
      [20, 24],
      [0, 0],
    ]);
    const floats = tf.tensor1d([1, 0]);
    assert.deepEqual((embedding.apply(floats) as tf.Tensor).arraySync(), [
      [3, 4],
      [1, 2],
    ]);
    for (const wrong of [[4], [-1]]) {
      const index = tf.tensor1d(wrong, "int32");
      assert.throws(() => embedding.apply(index), new RegExp(`index ${wrong}, but knows 4`));
      assert.throws(() => layers.oneHot({ depth: 3 }).apply(index), /but knows 3/);
    }
  });
});

test("dropout keeps the mean, follows the seed, and resumes from a random state", () => {
  tf.tidy(() => {
    const layer = layers.dropout({ rate: 0.3 });
    const x = tf.ones([201, 301]); // an odd number of elements
    const apply = () => layer.apply(x, { training: true }) as tf.Tensor;
    setSeed(3);
    const first = apply().dataSync();
    const state = randomState();
    const second = apply().dataSync();
    const kept = first.filter((value) => value !== 0);
    assert.ok(Math.abs(kept.length / first.length - 0.7) < 0.01);
    assert.ok(kept.every((value) => Math.abs(value - 1 / 0.7) < 1e-5));
    assert.notDeepEqual(second, first);
    setSeed(3);
    assert.deepEqual(apply().dataSync(), first);
    setSeed(4);
    restoreRandomState(state!);
    assert.deepEqual(apply().dataSync(), second);
    assert.deepEqual((layer.apply(x) as tf.Tensor).dataSync(), x.dataSync());
    setSeed(5);
    const mask = apply().dataSync();
    setSeed(5);
    const gradient = tf.grad((x) => layer.apply(x, { training: true }) as tf.Tensor)(x);
    assert.deepEqual(gradient.dataSync(), mask);
  });
});

test("recurrent weights begin orthogonal, gate by gate, and the forget gate's bias at 1", () => {
  setSeed("orthogonal");
  tf.tidy(() => {
    const layer = layers.lstm({ units: 8 });
    layer.apply(tf.zeros([1, 1, 2]));
    const [, recurrent, bias] = layer.getWeights();
    for (const gate of tf.split(recurrent, 4, 1)) {
      const error = tf.sub(tf.matMul(gate, gate as tf.Tensor2D, true), tf.eye(8));
      assert.ok(tf.max(tf.abs(error)).dataSync()[0] < 1e-6);
    }
    assert.deepEqual(
      Array.from(bias.dataSync()),
      [0, 1, 0, 0].flatMap((v) => new Array(8).fill(v)),
    );
  });
});

test("training leaves no tensor and no handle behind", () => {
  for (const stateful of [true, false]) {
    for (const make of [layers.lstm, layers.gru, layers.simpleRNN]) {
      setSeed("memory");
      const [N, T, V] = [3, 5, 6];
      const model = tf.sequential();
      model.add(layers.embedding({ inputDim: V, outputDim: 4, batchInputShape: [N, null] }));
      model.add(make({ units: 5, returnSequences: true, stateful, dropout: 0.2 }));
      model.add(layers.dropout({ rate: 0.5 }));
      model.add(make({ units: 4, returnSequences: true, stateful, recurrentDropout: 0.2 }));
      model.add(tf.layers.dense({ units: V }));
      const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const optimizer = adam();
      const step = () =>
        tf.tidy(() => {
          const ids = Int32Array.from({ length: N * T }, () => randomInteger(V));
          const x = tf.tensor2d(ids, [N, T], "int32");
          const { grads } = tf.variableGrads(
            () => sparseSoftmaxCrossEntropy(model.apply(x, { training: true }) as tf.Tensor, x),
            variables,
          );
          const gradients = variables.map((variable) => grads[variable.name]);
          optimizer.applyGradients(variables, clipByGlobalNorm(gradients, 0.1).gradients);
        });
      const count = () => [
        tf.memory().numTensors,
        (nativeBinding() as unknown as { getNumOfTensors(): number })?.getNumOfTensors(),
      ];
      const predict = () => tf.tidy(() => void model.predict(tf.zeros([N, T], "int32")));
      step();
      // It makes constants that stay.
      predict();
      step();
      const trained = count();
      predict();
      const predicted = count();
      for (let i = 0; i < 4; i++) {
        step();
      }
      // The engine may lend a copy of the weights to what reads them, until the next step.
      assert.deepEqual(count(), trained);
      predict();
      assert.deepEqual(count(), predicted);
    }
  }
});
