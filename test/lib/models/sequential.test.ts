import assert from "node:assert/strict";
import { before, test } from "node:test";
import { charRnn, mlp, ready, sequenceClassifier, tf } from "karenina";

before(() => ready());

const models = {
  mlp: () => mlp({ inputSize: 4, hiddenSizes: [3], outputSize: 2 }),
  "mlp with a penalty": () => mlp({ inputSize: 4, hiddenSizes: [3], outputSize: 2, l2: 0.1 }),
  charRnn: () => charRnn({ vocabularySize: 5, batchSize: 4, hiddenSize: 3 }),
  sequenceClassifier: () => sequenceClassifier({ inputSize: 4, hiddenSize: 3 }),
};

const ways = {
  predict: (model: tf.Sequential, x: tf.Tensor) => model.predict(x),
  "predict of a list": (model: tf.Sequential, x: tf.Tensor) => model.predict([x]),
  predictOnBatch: (model: tf.Sequential, x: tf.Tensor) => model.predictOnBatch(x),
  apply: (model: tf.Sequential, x: tf.Tensor) => model.apply(x),
};

const wrong: [keyof typeof models, number[], RegExp][] = [
  ["mlp", [2, 3], /expects an input of the shape \[.*, 4\], but was given \[2,3\].* has 3\.$/],
  ["mlp", [4], /\[.*, 4\], but was given \[4\]\. That has 1 dimension: .*tf\.reshape/],
  ["mlp", [0, 4], /of the shape \[0,4\], which holds nothing/],
  ["mlp with a penalty", [2, 3], /\[.*, 4\], but was given \[2,3\]/],
  ["charRnn", [4, 3, 2], /\[batch, time\], but was given \[4,3,2\]\. That has 3 dimensions/],
  ["sequenceClassifier", [2, 3, 5], /\[batch, time, 4\], but was given \[2,3,5\]/],
  ["sequenceClassifier", [3, 4], /\[batch, time, 4\], but was given \[3,4\]/],
];

for (const [name, shape, message] of wrong) {
  test(`${name} refuses [${shape}] by its first layer's name, in every way that it can be called`, () => {
    tf.tidy(() => {
      const model = models[name]();
      const layer = model.layers.find((each) => each.getClassName() !== "InputLayer")!.name;
      for (const [way, call] of Object.entries(ways)) {
        assert.throws(
          () => call(model, tf.ones(shape)),
          (error: Error) => error.message.startsWith(`${layer} `) && message.test(error.message),
          way,
        );
      }
    });
  });
}

test("what is no tensor is refused, and a model may stand within another", () => {
  const model = models.mlp();
  const rows = [[1, 2, 3, 4]] as unknown as tf.Tensor;
  assert.throws(() => model.predict(rows), /was given object as its input, but reads a tensor \[/);
  const output = model.apply(tf.input({ shape: [4] })) as tf.SymbolicTensor;
  assert.deepEqual(output.shape, [null, 2]);
});

test("the number of rows is free, and apply takes more dimensions before the features", () => {
  tf.tidy(() => {
    const output = models.charRnn().predict(tf.ones([1, 7], "int32")) as tf.Tensor;
    assert.deepEqual(output.shape, [1, 7, 5]);
    const stack = models.mlp().apply(tf.ones([2, 3, 4])) as tf.Tensor;
    assert.deepEqual(stack.shape, [2, 3, 2]);
  });
});

test("it is stored as a model of TensorFlow.js, which predicts the same", async () => {
  const model = models.mlp();
  const config = model.toJSON(null, false);
  const loaded = await tf.models.modelFromJSON(
    config as Parameters<typeof tf.models.modelFromJSON>[0],
  );
  loaded.setWeights(model.getWeights());
  tf.tidy(() => {
    const x = tf.randomNormal([3, 4], 0, 1, "float32", 1);
    const values = (one: tf.LayersModel) => [...(one.predict(x) as tf.Tensor).dataSync()];
    assert.deepEqual(values(loaded), values(model));
  });
});
