import assert from "node:assert/strict";
import { before, mock, test } from "node:test";
import {
  charRnn,
  countBatches,
  countSequenceBatches,
  draw,
  getBatches,
  keepTopK,
  keepTopN,
  layers,
  momentum,
  nesterov,
  type Optimizer,
  optimizerFromConfig,
  pickTopN,
  ready,
  rmsProp,
  sample,
  sequenceBatches,
  setSeed,
  sgd,
  tf,
  train,
  Vocabulary,
} from "karenina";

before(() => ready());

/** What is warned of while something runs. */
function warnings(run: () => void): string[] {
  const warn = mock.method(console, "warn", () => {});
  run();
  warn.mock.restore();
  return warn.mock.calls.map(({ arguments: [text] }) => String(text));
}

/** As {@link warnings}, of what takes its time. */
async function warningsOf(run: () => Promise<void>): Promise<string[]> {
  const warn = mock.method(console, "warn", () => {});
  await run();
  warn.mock.restore();
  return warn.mock.calls.map(({ arguments: [text] }) => String(text));
}

test("old names do what the new ones do, and say so once", () => {
  const codes = Int32Array.from({ length: 61 }, (_, i) => i % 7);
  const sizes = { batchSize: 2, steps: 5 };
  const first = warnings(() => {
    assert.deepEqual([...getBatches(codes, 2, 5)], [...sequenceBatches(codes, sizes)]);
    assert.equal(countBatches(codes, 2, 5), countSequenceBatches(codes, sizes));
  });
  assert.equal(first.length, 2);
  assert.match(first[0] as string, /getBatches.*deprecated.*sequenceBatches\(codes, \{ batchSize/);
  assert.deepEqual(
    warnings(() => void [...getBatches(codes, 2, 5)]),
    [],
  );
});

test("charRnn takes keepProb for 1 - dropout", () => {
  const rates = (options: object) =>
    charRnn({ vocabularySize: 3, ...options })
      .layers.filter((layer) => /dropout/i.test(layer.name))
      .map((layer) => layer.getConfig().rate);
  assert.equal(warnings(() => assert.deepEqual(rates({ keepProb: 0.75 }), [0.25, 0.25])).length, 1);
  assert.deepEqual(rates({ dropout: 0.25 }), [0.25, 0.25]);
});

test("momentum and nesterov are sgd with a velocity, rmsProp's decay is rho", () => {
  const rate = { learningRate: 0.1 };
  const pairs: [RegExp, () => Optimizer, Optimizer][] = [
    [
      /sgd\(\{ learningRate, momentum: 0.9 \}\)/,
      () => momentum(rate),
      sgd({ ...rate, momentum: 0.9 }),
    ],
    [
      /sgd\(\{ learningRate, momentum: 0.9, nesterov: true \}\)/,
      () => nesterov({ ...rate, momentum: 0.5 }),
      sgd({ ...rate, momentum: 0.5, nesterov: true }),
    ],
    [
      /rmsProp\(\{ rho \}\)/,
      () => rmsProp({ ...rate, decay: 0.8 }),
      rmsProp({ ...rate, rho: 0.8 }),
    ],
  ];
  for (const [message, former, present] of pairs) {
    const said = warnings(() => assert.deepEqual(former().config, present.config));
    assert.equal(said.length, 1);
    assert.match(said[0] as string, message);
    assert.deepEqual(
      warnings(() => void former()),
      [],
    );
  }
});

test("an optimizer of an earlier version's checkpoint is made again without a word", () => {
  const made = (kind: string, options: object) =>
    optimizerFromConfig({ kind, learningRate: 0.1, ...options }).config;
  const said = warnings(() => {
    assert.deepEqual(made("momentum", {}), { kind: "momentum", learningRate: 0.1, momentum: 0.9 });
    assert.deepEqual(made("nesterov", { momentum: 0.5 }), {
      kind: "nesterov",
      learningRate: 0.1,
      momentum: 0.5,
    });
    assert.equal(made("rmsProp", { decay: 0.8, epsilon: 1e-6 }).rho, 0.8);
    assert.equal(made("rmsProp", { rho: 0.7 }).rho, 0.7);
  });
  assert.deepEqual(said, []);
});

test("draw, keepTopN and pickTopN do what sampleFrom, keepTopK and pickTopK do", () => {
  const p = [0.5, 0.3, 0.2];
  const said = warnings(() => {
    assert.equal(draw([0, 1, 0]), 1);
    assert.deepEqual(keepTopN(p, 2), keepTopK(p, 2));
    assert.equal(pickTopN(p, 1), 0);
    assert.equal(pickTopN(p, 1), 0);
  });
  assert.equal(said.length, 3);
  assert.match(said.join(), /sampleFrom\(p.*keepTopK\(p.*pickTopK\(p/);
});

test("sample takes topN for topK", async () => {
  const vocabulary = new Vocabulary(["a", "b", "c", " "]);
  const model = charRnn({ vocabularySize: 4, hiddenSize: 3 });
  const written = (options: object) => {
    setSeed(1);
    return sample(model, { vocabulary, length: 20, ...options });
  };
  const expected = await written({ topK: 2 });
  const said = await warningsOf(async () => {
    assert.equal(await written({ topN: 2 }), expected);
    assert.equal(await written({ topN: 1, topK: 2 }), expected);
  });
  assert.equal(said.length, 1);
  assert.match(said[0] as string, /sample\(\{ topN \}\).*sample\(\{ topK \}\)/);
  model.dispose();
});

test("train takes l2 for weightDecay", async () => {
  const trained = async (options: object) => {
    setSeed(1);
    const model = tf.sequential({ layers: [layers.dense({ units: 2, inputShape: [1] })] });
    await train(model, [{ x: tf.ones([4, 1]), y: tf.zeros([4], "int32") }], {
      maxSteps: 1,
      optimizer: sgd({ learningRate: 0.5 }),
      ...options,
    });
    return Array.from(model.getWeights()[0].dataSync());
  };
  const expected = await trained({ weightDecay: 0.3 });
  assert.notDeepEqual(await trained({}), expected);
  const said = await warningsOf(async () => assert.deepEqual(await trained({ l2: 0.3 }), expected));
  assert.equal(said.length, 1);
  assert.match(said[0] as string, /train\(\{ l2 \}\).*train\(\{ weightDecay \}\)/);
});
