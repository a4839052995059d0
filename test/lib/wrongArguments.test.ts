import assert from "node:assert/strict";
import { test } from "node:test";
import * as karenina from "karenina";
import * as frames from "karenina/frames";

const { tf, Vocabulary } = karenina;
const vocabulary = new Vocabulary(["a", "b"]);
const network = () => karenina.charRnn({ vocabularySize: 2, hiddenSize: 3, numLayers: 1 });
const perceptron = () => karenina.mlp({ inputSize: 2, hiddenSizes: [], outputSize: 2 });
/** Not before a backend is ready. */
const examples = () => ({ x: tf.ones([4, 2]), y: tf.zeros([4], "int32") });

/** What types refuse, and plain JavaScript does not. */
const untyped = (value: unknown) => value as never;
const frame = () => frames.readCsv({ csv: "a,b\n1,2\n3,4\n" });
const trainOn = (batch: object, options = {}) =>
  karenina.train(perceptron(), [untyped({ ...examples(), ...batch })], options);

/** What was called wrongly, and the words of ours that the answer has to have. */
const attempts: Record<string, [call: () => unknown, expected: RegExp]> = {
  "a promise of a table": [
    () => frames.readCsv(untyped(Promise.resolve({ csv: "a\n1" }))),
    /a Promise.*await is missing/s,
  ],
  "no table": [() => frames.readCsv(untyped(undefined)), /given undefined.*loadTable/s],
  "a number as a mark": [
    () => frames.readCsv({ csv: "a\n1" }, untyped({ missing: [-99] })),
    /missing/,
  ],
  "pandas' place of an index": [
    () => frames.readCsv({ csv: "a\n1" }, untyped({ index: 0 })),
    /name of a column/,
  ],
  "pandas' header": [
    () => frames.readCsv({ csv: "a\n1" }, untyped({ header: 0 })),
    /true or false/,
  ],
  "a column that stands in no list": [
    async () => frames.standardScaler(await frame(), untyped("b")),
    /the text "b".*list of names: \["b"\]/s,
  ],
  "nothing to encode": [
    async () => frames.oneHotEncoder(await frame(), untyped(undefined)),
    /undefined/,
  ],
  "a feature that stands in no list": [
    async () => frames.toTensors(await frame(), untyped({ features: "a", targets: ["b"] })),
    /features.*\["a"\]/s,
  ],
  "no keys": [async () => frames.groupBy(await frame(), untyped(null)), /null.*list of names/s],
  "an aggregate by place": [
    async () => frames.groupBy(await frame(), "a").aggregate(untyped(["mean"])),
    /aggregate\(\).*an Array.*by column/s,
  ],
  "an unknown way to drop": [
    async () => frames.dropMissing(await frame(), untyped({ where: "every" })),
    /"every".*"any" or "all"/s,
  ],
  "a fill of null": [
    async () => frames.fillMissing(await frame(), untyped({ a: null })),
    /filled with null/,
  ],
  "a share that is a text": [
    async () => frames.splitFrame(await frame(), untyped({ test: "0.5" })),
    /test is "0.5"/,
  ],
  "a file that is none": [
    async () => frames.writeCsv(await frame(), untyped(7)),
    /number 7.*path/s,
  ],
  "weights that are texts": [
    () => trainOn({ weights: ["1", "1", "1", "1"] }),
    /weight is the text "1" \(number 1 of 4/,
  ],
  "a weight that is missing": [
    () => trainOn({ weights: [1, 1, undefined, 1] }),
    /weight is undefined \(number 3 of 4/,
  ],
  "a tensor of texts as weights": [
    () => trainOn({ weights: tf.tensor(["1", "1", "1", "1"]) }),
    /weights are a Tensor/,
  ],
  "weights by another name": [
    () => trainOn({ sampleWeights: [1, 1, 1, 1] }),
    /"sampleWeights".*\{ x, y, weights \}/s,
  ],
  "class weights that are texts": [
    () => trainOn({}, { classWeights: [1, "2"] }),
    /weight is the text "2"/,
  ],
  "a signal that is none": [
    () => karenina.evaluate(perceptron(), [examples()], untyped({ signal: {} })),
    /AbortSignal/,
  ],
  "codes to score": [
    () => karenina.score(network(), untyped(new Uint8Array(4)), { vocabulary }),
    /a Uint8Array.*vocabulary\.decode/s,
  ],
  "pieces that are codes": [
    () => karenina.score(network(), untyped([0, 1]), { vocabulary }),
    /the number 0.*pieces/s,
  ],
  "symbols as a vocabulary": [
    () => karenina.score(network(), "abab", untyped({ vocabulary: ["a", "b"] })),
    /an Array.*new Vocabulary/s,
  ],
  "no network to score by": [
    () => karenina.score(untyped(7), "abab", { vocabulary }),
    /number 7.*no network/s,
  ],
  "a prime that is a number": [
    () => karenina.sample(network(), untyped({ vocabulary, prime: 7, length: 1 })),
    /number 7 is no text/,
  ],
  "a vocabulary of a text": [() => new Vocabulary(untyped("ab")), /Vocabulary\.of\(text\)/],
  "a promise to encode": [() => vocabulary.encode(untyped(Promise.resolve(""))), /await missing/],
  "one code to decode": [() => vocabulary.decode(untyped(1)), /number 1 cannot be decoded/],
  "a model where the file belongs": [
    () => karenina.saveModel(untyped(perceptron()), untyped("x.safetensors")),
    /file is .*path of a file, and the model comes after it/,
  ],
  "a folder that is none": [() => karenina.listCheckpoints(untyped(7)), /folder is 7/],
  "all of a file as a state_dict": [
    () => karenina.setPyTorchState(perceptron(), untyped({ tensors: new Map(), metadata: {} })),
    /Pass its tensors/,
  ],
  "a state_dict with values too few": [
    () =>
      karenina.setPyTorchState(perceptron(), {
        "0.weight": { shape: [2, 2], values: [1, 2, 3] },
      }),
    /"0\.weight".*\[2,2\].*3 values/,
  ],
  "names that are no list": [
    () =>
      karenina.setPyTorchState(
        perceptron(),
        { weight: { shape: [2, 2], values: [1, 2, 3, 4] } },
        untyped({ names: "0" }),
      ),
    /names is the text "0"/,
  ],
  "hidden sizes that are a number": [
    () => karenina.mlp(untyped({ inputSize: 2, hiddenSizes: 8, outputSize: 2 })),
    /hiddenSizes is 8.*list/,
  ],
  "arrays to shuffle": [
    () => karenina.shuffledBatches(untyped({ ...examples(), x: [[1]] }), 2),
    /x is an Array.*tf\.tensor/s,
  ],
  "a text to cut": [
    () => [...karenina.sequenceBatches(untyped("abab"), { batchSize: 1, steps: 1 })],
    /encode/,
  ],
  "no objective": [
    () => karenina.gridSearch({ a: [1] }, untyped(undefined)),
    /objective is undefined/,
  ],
  "a space of single values": [
    () => karenina.randomSearch(untyped({ a: 1 }), () => 1, { trials: 1 }),
    /a is the number 1.*list of values/s,
  ],
  "a history that has not come yet": [
    () => karenina.historyFigure(untyped(Promise.resolve([]))),
    /a Promise.*await/s,
  ],
  "no predictions": [
    () => karenina.confusionMatrixFigure([0], untyped(undefined)),
    /predicted classes are undefined/,
  ],
  "nothing in a table": [() => karenina.table(untyped(undefined)), /no rows to show in undefined/],
  "no name of a data set": [
    () => karenina.loadTable(untyped(undefined)),
    /undefined is no name of a data set/,
  ],
};

for (const [name, [call, expected]] of Object.entries(attempts)) {
  test(`${name}: the answer says what was given and what is needed`, async () => {
    await karenina.ready();
    const error = await Promise.resolve()
      .then(call)
      .then(
        () => assert.fail("It was taken."),
        (reason: Error) => reason,
      );
    assert.notEqual(error.name, "TypeError", error.message);
    assert.match(error.message, expected);
  });
}
