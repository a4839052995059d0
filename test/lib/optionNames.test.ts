import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import * as karenina from "karenina";
import * as frames from "karenina/frames";

const { tf, Vocabulary, KareninaError } = karenina;

/** What types refuse, and a cell that only runs does not. */
const untyped = (value: unknown) => value as never;

type Call = (options: never) => unknown;

const row = { step: 1, epoch: 1, loss: 1 };
const vocabulary = new Vocabulary(["a", "b"]);
const codes = Int32Array.from({ length: 40 }, (_, i) => i % 2);
const text = () => karenina.charRnn({ vocabularySize: 2, hiddenSize: 3, numLayers: 1 });
const batches = () => [{ x: tf.ones([2, 4]), y: tf.zeros([2], "int32") }];
const perceptron = () => karenina.mlp({ inputSize: 4, hiddenSizes: [], outputSize: 3 });

let frame: Awaited<ReturnType<typeof frames.readCsv>>;
const csv = { csv: "a,b\n1,2\n3,4\n5,6\n7,8\n" };

/** Functions with a good option's name, that name misspelt, and what they need beside. */
const calls: Record<string, [typo: string, meant: string, needed: object, call: Call]> = {
  readCsv: ["seperator", "separator", {}, (options) => frames.readCsv(csv, options)],
  "readCsv as in pandas": ["index_col", "index", {}, (options) => frames.readCsv(csv, options)],
  toCsv: ["sep", "separator", {}, (options) => frames.toCsv(frame, options)],
  groupBy: ["missing_keys", "missingKeys", {}, (options) => frames.groupBy(frame, "a", options)],
  splitFrame: ["val", "validation", {}, (options) => frames.splitFrame(frame, options)],
  dropMissing: ["column", "columns", {}, (options) => frames.dropMissing(frame, options)],
  fillMissing: ["form", "from", {}, (options) => frames.fillMissing(frame, {}, options)],
  toTensors: [
    "target",
    "targets",
    { features: ["a"] },
    (options) => frames.toTensors(frame, options),
  ],
  train: ["epoch", "epochs", {}, (options) => karenina.train(perceptron(), batches(), options)],
  evaluate: [
    "classWeight",
    "classWeights",
    {},
    (o) => karenina.evaluate(perceptron(), batches(), o),
  ],
  earlyStopping: ["patiance", "patience", { validate: () => 1 }, karenina.earlyStopping],
  reduceOnPlateau: ["monitor", "watch", {}, karenina.reduceOnPlateau],
  validate: ["evry", "every", {}, (options) => karenina.validate(batches, options)],
  checkpoints: ["evry", "every", {}, (options) => karenina.checkpoints("never-made", options)],
  updateRatios: ["evry", "every", {}, karenina.updateRatios],
  writeSamples: ["temp", "temperature", { vocabulary }, karenina.writeSamples],
  adam: ["lr", "learningRate", {}, karenina.adam],
  adamW: ["weight_decay", "weightDecay", {}, karenina.adamW],
  sgd: ["learning_rate", "learningRate", {}, karenina.sgd],
  rmsProp: ["eps", "epsilon", {}, karenina.rmsProp],
  linearSchedule: ["step", "steps", { initial: 1 }, karenina.linearSchedule],
  cosineSchedule: ["warmup", "warmUp", { initial: 1, steps: 9 }, karenina.cosineSchedule],
  mlp: ["hidden", "hiddenSizes", { inputSize: 4, outputSize: 3 }, karenina.mlp],
  charRnn: ["layers", "numLayers", { vocabularySize: 2 }, karenina.charRnn],
  transformer: ["heads", "numHeads", { vocabularySize: 2 }, karenina.transformer],
  sequenceClassifier: ["num_layers", "numLayers", {}, karenina.sequenceClassifier],
  sequenceBatches: [
    "batchsize",
    "batchSize",
    { steps: 3 },
    (options) => [...karenina.sequenceBatches(codes, options)],
  ],
  sample: ["temprature", "temperature", { vocabulary }, (o) => karenina.sample(text(), o)],
  beamSearch: ["beam", "beamWidth", { vocabulary }, (o) => karenina.beamSearch(text(), o)],
  score: ["unkown", "unknown", { vocabulary }, (o) => karenina.score(text(), "abab", o)],
  ngramModel: [
    "smooth",
    "smoothing",
    { n: 2, vocabularySize: 2 },
    (o) => karenina.ngramModel(codes, o),
  ],
  randomSearch: ["trial", "trials", {}, (o) => karenina.randomSearch({ a: [1] }, () => 1, o)],
  lineFigure: ["xtitle", "xTitle", {}, (options) => karenina.lineFigure([1, 2], [1, 2], options)],
  histogramFigure: ["bin", "bins", {}, (options) => karenina.histogramFigure([1, 2], options)],
  historyFigure: ["smooth", "smoothing", {}, (options) => karenina.historyFigure([row], options)],
  live: ["sample_every", "sampleEvery", {}, karenina.live],
  table: ["maxrows", "maxRows", {}, (options) => karenina.table([row], options)],
};

/** What a call throws, at once or later. */
async function errorOf(call: Call, options: unknown): Promise<Error> {
  try {
    await call(untyped(options));
  } catch (error) {
    return error as Error;
  }
  return assert.fail(`It took ${JSON.stringify(options)}.`);
}

describe("an option whose name means nothing", () => {
  before(async () => {
    await karenina.ready();
    frame = await frames.readCsv(csv);
  });

  for (const [name, [typo, meant, needed, call]] of Object.entries(calls)) {
    test(`is refused by ${name}, which names the one that was meant`, async () => {
      const error = await errorOf(call, { ...needed, [typo]: 1 });
      assert.ok(error instanceof KareninaError, String(error));
      assert.ok(error.message.includes(`no option "${typo}"`), error.message);
      assert.match(error.message, new RegExp(`\\b${meant}\\b`));
    });

    test(`nor does ${name} take options that are none`, async () => {
      for (const none of [null, 7, "text"]) {
        const error = await errorOf(call, none);
        assert.ok(error instanceof KareninaError, String(error));
        assert.match(error.message, /null|number 7|text "text"/);
      }
    });
  }

  test("is left alone by models and optimizers where it resembles none: configurations of a search go in whole", () => {
    const configuration = { learningRate: 0.1, hiddenSizes: [4], steps: 20, epochs: 3 };
    const model = karenina.mlp({ inputSize: 2, outputSize: 1, ...configuration });
    assert.deepEqual(
      model.layers.map((layer) => layer.outputShape.at(-1)),
      [4, 1],
    );
    const { config } = karenina.sgd(untyped({ ...configuration, momentum: undefined }));
    assert.deepEqual(config, { kind: "sgd", learningRate: 0.1 });
  });
});

test("numbers of optimizers are looked at: none climbs, and none makes NaN of weights", async () => {
  const { adam, adamW, adagrad, adadelta, rmsProp, sgd } = karenina;
  for (const make of [adam, adamW, adagrad, adadelta, rmsProp, sgd]) {
    for (const learningRate of [Number.NaN, -0.1, Number.POSITIVE_INFINITY, "0.1", null]) {
      const error = await errorOf(make, { learningRate });
      assert.match(error.message, /^learningRate is .*but must be a number from 0 up/);
    }
    const standard = make().learningRate;
    assert.equal(make(untyped({ learningRate: undefined })).learningRate, standard);
  }
  for (const [make, options] of [
    [adam, { beta1: 1 }],
    [adam, { beta2: -0.1 }],
    [adam, { epsilon: Number.NaN }],
    [sgd, { momentum: 1.5 }],
    [sgd, { momentum: 0.9, nesterov: "yes" }],
    [rmsProp, { rho: Number.NaN }],
    [adamW, { weightDecay: -1 }],
  ] as [Call, object][]) {
    const error = await errorOf(make, options);
    assert.match(
      error.message,
      new RegExp(`^(${Object.keys(options).join("|")}) is .*but must be`),
    );
  }
});
