// Feeds what does not fit to everything that takes a tensor, and prints what each of them says, as JSON.
// wrongInput.test.ts runs it once for each backend.
import {
  accuracy,
  adam,
  charRnn,
  clipByGlobalNorm,
  clipByValue,
  createStepper,
  evaluate,
  huber,
  layers,
  meanAbsoluteError,
  meanSquaredError,
  mlp,
  readActivations,
  ready,
  sequenceClassifier,
  sparseSoftmaxCrossEntropy,
  tf,
  train,
} from "karenina";

/** What types refuse, and plain JavaScript does not. */
const untyped = (value: unknown) => value as never;
const whole = (shape: number[], value = 0) => tf.fill(shape, value, "int32");
const numbers = (shape: number[], value = 0.5) => tf.fill(shape, value);
const texts = (shape: number[]) => {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(new Array(size).fill("a"), shape, "string");
};

const models = {
  mlp: () => mlp({ inputSize: 4, hiddenSizes: [8], outputSize: 3 }),
  "tfjs's own layers": () =>
    tf.sequential({
      layers: [
        tf.layers.dense({ units: 8, inputShape: [4], activation: "relu" }),
        tf.layers.dense({ units: 3 }),
      ],
    }),
  "one-hot LSTM": () => charRnn({ vocabularySize: 5, batchSize: 4, hiddenSize: 6, numLayers: 1 }),
  "embedded GRU": () =>
    charRnn({
      vocabularySize: 5,
      batchSize: 4,
      hiddenSize: 6,
      numLayers: 1,
      embeddingSize: 3,
      cell: "gru" as const,
    }),
  classifier: () =>
    sequenceClassifier({ inputSize: 3, hiddenSize: 4, numLayers: 2, outputSize: 3, cell: "lstm" }),
};

/** Batches that do not fit, by model. In all of them the batch is large enough to be cut into parts. */
const batches = (): Record<string, Record<string, unknown>> => ({
  mlp: {
    "3 features of 4": { x: numbers([64, 3]), y: whole([64]) },
    "a vector": { x: numbers([64]), y: whole([64]) },
    "a cube": { x: numbers([64, 4, 4]), y: whole([64]) },
    texts: { x: texts([64, 4]), y: whole([64]) },
    "no rows": { x: numbers([0, 4]), y: whole([0]) },
    "63 labels of 64": { x: numbers([64, 4]), y: whole([63]) },
    "label 3 of 3": { x: numbers([64, 4]), y: whole([64], 3) },
    "label -1": { x: numbers([64, 4]), y: whole([64], -1) },
    "one-hot labels": { x: numbers([64, 4]), y: numbers([64, 3]) },
    "a column of labels": { x: numbers([64, 4]), y: whole([64, 1]) },
    "one label": { x: numbers([64, 4]), y: tf.scalar(1, "int32") },
    "labels that are broken": { x: numbers([64, 4]), y: numbers([64], 0.5) },
    "rows of two kinds": { x: [new Int32Array(4), new Float32Array(4)], y: whole([2]) },
    "nested rows": { x: [[[1, 2, 3, 4]]], y: whole([1]) },
    "one row": { x: new Float32Array(4), y: whole([1]) },
    "no x": { xs: numbers([64, 4]), ys: whole([64]) },
    "a number": 7,
  },
  "tfjs's own layers": {
    "3 features of 4": { x: numbers([64, 3]), y: whole([64]) },
    "label 5 of 3": { x: numbers([64, 4]), y: whole([64], 5) },
    "3 labels of 64": { x: numbers([64, 4]), y: whole([3]) },
  },
  "one-hot LSTM": {
    "code 5 of 5": { x: whole([32, 6], 5), y: whole([32, 6]) },
    "label 9 of 5": { x: whole([32, 6]), y: whole([32, 6], 9) },
    "labels for 5 steps of 6": { x: whole([32, 6]), y: whole([32, 5]) },
    "no time": { x: whole([32]), y: whole([32]) },
    "features besides": { x: whole([32, 6, 2]), y: whole([32, 6]) },
    "code 1.5": { x: numbers([32, 6], 1.5), y: whole([32, 6]) },
    "code NaN": { x: numbers([32, 6], Number.NaN), y: whole([32, 6]) },
    "no steps": { x: whole([32, 0]), y: whole([32, 0]) },
  },
  "embedded GRU": {
    "code 5 of 5": { x: whole([32, 6], 5), y: whole([32, 6]) },
    "label -2": { x: whole([32, 6]), y: whole([32, 6], -2) },
    "code 0.25": { x: numbers([32, 6], 0.25), y: whole([32, 6]) },
  },
  classifier: {
    "2 features of 3": { x: numbers([32, 5, 2]), y: whole([32]) },
    "no time": { x: numbers([32, 3]), y: whole([32]) },
    "label 3 of 3": { x: numbers([32, 5, 3]), y: whole([32], 3) },
    "a label a step": { x: numbers([32, 5, 3]), y: whole([32, 5]) },
    "no steps": { x: numbers([32, 0, 3]), y: whole([32]) },
  },
});

type Attempts = Record<string, () => unknown>;

function entryPoints(): Attempts {
  const attempts: Attempts = {};
  const own = (output: tf.Tensor, y: tf.Tensor) => sparseSoftmaxCrossEntropy(output, y);
  for (const [kind, wrong] of Object.entries(batches())) {
    const model = models[kind as keyof typeof models];
    for (const [name, batch] of Object.entries(wrong)) {
      const given = [untyped(batch)];
      attempts[`train, ${kind}: ${name}`] = () => train(model(), given);
      attempts[`train by the tape, ${kind}: ${name}`] = () => train(model(), given, { loss: own });
      attempts[`evaluate, ${kind}: ${name}`] = () => evaluate(model(), given);
      attempts[`accuracy, ${kind}: ${name}`] = () => accuracy(model(), given);
    }
  }
  const line = () => mlp({ inputSize: 4, hiddenSizes: [], outputSize: 1 });
  for (const [name, loss] of Object.entries({
    meanSquaredError,
    meanAbsoluteError,
    huber: huber(),
  })) {
    const batch = { x: numbers([64, 4]), y: numbers([64]) };
    attempts[`train, ${name}: [N] against [N, 1]`] = () => train(line(), [batch], { loss });
    attempts[`evaluate, ${name}: [N] against [N, 1]`] = () => evaluate(line(), [batch], { loss });
    for (const [output, targets] of [
      [[64, 1], [64]],
      [[64], [64, 1]],
      [
        [64, 1],
        [63, 1],
      ],
      [
        [64, 2],
        [64, 1],
      ],
      [
        [0, 1],
        [0, 1],
      ],
    ]) {
      attempts[`${name} [${output}] against [${targets}]`] = () =>
        loss(numbers(output), numbers(targets));
    }
    attempts[`${name} of texts`] = () => loss(numbers([2]), texts([2]));
    attempts[`${name} of numbers`] = () => loss(untyped(1), untyped(1));
    attempts[`${name}, 3 weights of 4`] = () =>
      loss(numbers([4, 1]), numbers([4, 1]), numbers([3]));
  }
  return { ...attempts, ...ofCrossEntropy(), ...ofLayers(), ...ofTheRest() };
}

function ofCrossEntropy(): Attempts {
  const of = (logits: unknown, labels: unknown) => () =>
    sparseSoftmaxCrossEntropy(untyped(logits), untyped(labels));
  return {
    "cross-entropy, label 3 of 3": of(numbers([6, 3]), whole([6], 3)),
    "cross-entropy of nothing": of(numbers([0, 3]), whole([0])),
    "cross-entropy of a number": of(tf.scalar(1), tf.scalar(1, "int32")),
    "cross-entropy, a column of labels": of(numbers([6, 3]), whole([6, 1])),
    "cross-entropy of arrays": of([[1, 2]], [0]),
    "cross-entropy of texts": of(texts([2, 3]), whole([2])),
    "cross-entropy, labels of bool": of(numbers([2, 3]), tf.ones([2], "bool")),
    "cross-entropy, 3 weights of 6": () =>
      sparseSoftmaxCrossEntropy(numbers([6, 3]), whole([6]), numbers([3])),
  };
}

function ofLayers(): Attempts {
  const attempts: Attempts = {};
  const recurrent = {
    lstm: () => layers.lstm({ units: 3 }),
    gru: () => layers.gru({ units: 3 }),
    "gru that resets after": () => layers.gru({ units: 3, resetAfter: true }),
    simpleRNN: () => layers.simpleRNN({ units: 3, dropout: 0.5, recurrentDropout: 0.5 }),
  };
  /** A layer that was made for 4 features. */
  const built = <Layer extends tf.layers.Layer>(layer: Layer) => {
    layer.apply(numbers([2, 5, 4]));
    return layer;
  };
  for (const [name, make] of Object.entries({
    ...recurrent,
    dense: () => layers.dense({ units: 3 }),
  })) {
    for (const shape of [[2, 5, 3], [4], [0, 5, 4], [2, 0, 4], []]) {
      attempts[`${name} of [${shape}]`] = () =>
        built<tf.layers.Layer>(make()).apply(numbers(shape));
    }
    attempts[`${name} of texts`] = () => built<tf.layers.Layer>(make()).apply(texts([2, 5, 4]));
    attempts[`${name} made for a vector`] = () => make().apply(numbers([4]));
  }
  for (const [name, make] of Object.entries(recurrent)) {
    const layer = () => built(make());
    const states = (...initialState: tf.Tensor[]) => ({ initialState });
    attempts[`${name} of [2, 4]`] = () => layer().apply(numbers([2, 4]));
    attempts[`${name} of [2, 2, 2, 4]`] = () => layer().apply(numbers([2, 2, 2, 4]));
    attempts[`${name}, a state of 9`] = () =>
      layer().apply(numbers([2, 5, 4]), states(numbers([2, 9]), numbers([2, 9])));
    attempts[`${name}, a state of 3 rows`] = () =>
      layer().apply(numbers([2, 5, 4]), states(numbers([3, 3]), numbers([3, 3])));
    attempts[`${name}, states of 2 and 3 rows`] = () =>
      layer().apply(numbers([2, 5, 4]), states(numbers([2, 3]), numbers([3, 3])));
    attempts[`${name} advanced by 3 features`] = () => {
      const one = layer();
      one.advance(numbers([5, 2, 3]), one.zeroStates(2));
    };
    attempts[`${name} advanced from 3 rows`] = () => {
      const one = layer();
      one.advance(numbers([5, 2, 4]), one.zeroStates(3));
    };
  }
  const stateful = () => layers.lstm({ units: 3, stateful: true, batchInputShape: [2, null, 4] });
  attempts["states of 3 and 4 units"] = () =>
    stateful().setStates([numbers([2, 3]), numbers([2, 4])]);
  attempts["states that are numbers"] = () => stateful().setStates([untyped(1), untyped(2)]);
  for (const [name, make] of Object.entries({
    oneHot: () => layers.oneHot({ depth: 4 }),
    embedding: () => layers.embedding({ inputDim: 4, outputDim: 2 }),
  })) {
    for (const x of [whole([2, 3], 4), whole([2, 3], -1), numbers([2, 3], 1.5), whole([0, 3])]) {
      const shown = x.size > 0 ? x.dataSync()[0] : "nothing";
      attempts[`${name} of ${shown}`] = () => (make() as tf.layers.Layer).apply(x);
    }
    attempts[`${name} of texts`] = () => (make() as tf.layers.Layer).apply(texts([2, 3]));
  }
  attempts["a model of 4 features called with 3"] = () => models.mlp().apply(numbers([64, 3]));
  attempts["a char-RNN asked for code 9 of 5"] = () =>
    models["one-hot LSTM"]().predict(whole([4, 6], 9));
  return attempts;
}

function ofTheRest(): Attempts {
  const text = models["one-hot LSTM"];
  const twoSizes = [4, 8].map((rows) => ({ x: whole([rows, 6]), y: whole([rows, 6]) }));
  const fixed = () =>
    tf.sequential({
      layers: [layers.lstm({ units: 3, inputShape: [5, 2] }), layers.dense({ units: 2 })],
    });
  return {
    "train, a stateful model's batches of 4 and 8": () => train(text(), twoSizes),
    "evaluate, a stateful model's batches of 4 and 8": () => evaluate(text(), twoSizes),
    "train, 6 steps of 5": () => train(fixed(), [{ x: numbers([16, 6, 2]), y: whole([16]) }]),
    "a stepper's symbol 9 of 5": () => createStepper(text()).step(Int32Array.of(9)),
    "a stepper's symbol 1.5": () => createStepper(text()).step(untyped([1.5])),
    "a stepper's two symbols for one": () => createStepper(text()).step(Int32Array.of(1, 2)),
    "a stepper without symbols": () => createStepper(text()).step(untyped(undefined)),
    "a stepper of a perceptron": () => createStepper(models.mlp()),
    "a stepper of nothing": () => createStepper(tf.sequential()),
    "activations at symbol 7 of 5": () => readActivations(text(), Int32Array.of(7)),
    "a gradient of another shape": () =>
      adam().applyGradients([tf.variable(numbers([2]), true, "w")], [numbers([3])]),
    "clipping of whole numbers": () => clipByValue([whole([3])], 1),
    "clipping of nothing": () => clipByGlobalNorm([untyped(null)], 1),
  };
}

async function main() {
  await ready();
  const answers: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(entryPoints())) {
    try {
      await attempt();
      answers[name] = "taken";
    } catch (error) {
      answers[name] = `${(error as Error).name}: ${(error as Error).message}`;
    }
  }
  console.log(JSON.stringify(answers));
}

void main();
