import assert from "node:assert/strict";
import { before, test } from "node:test";
import { adam, charRnn, random, ready, setSeed, tf, train } from "karenina";

before(() => ready());

/**
 * Units, rows and steps of a batch. KARENINA_TWIN=512,100,100 is the lesson's large network, which
 * takes two minutes and 5 GB.
 */
const [H, N, T] = (process.env.KARENINA_TWIN ?? "24,8,12").split(",").map(Number);
const V = H >= 512 ? 140 : 20;
const STEPS = 20;
/** The large network's own. A higher rate lets it diverge, and small differences with it. */
const learningRate = H >= 512 ? 0.001 : 0.005;

/** The same network of tfjs's own layers, with the same weights. */
function plainTwin(model: tf.LayersModel): tf.Sequential {
  const lstm = (first: object) =>
    tf.layers.lstm({
      units: H,
      returnSequences: true,
      stateful: true,
      recurrentActivation: "sigmoid",
      // Its default, orthogonal, takes minutes for large matrices; these values are not used.
      recurrentInitializer: "zeros",
      kernelInitializer: "zeros",
      ...first,
    });
  const twin = tf.sequential({
    layers: [
      lstm({ batchInputShape: [N, T, V] }),
      lstm({}),
      tf.layers.dense({ units: V, kernelInitializer: "zeros" }),
    ],
  });
  twin.setWeights(model.getWeights());
  return twin;
}

/** A text in which each symbol has a few likely successors. */
function madeUpText(): Int32Array {
  const successors = Int32Array.from({ length: V * 3 }, () => Math.floor(random() * V));
  const text = new Int32Array(N * T * STEPS + 1);
  for (let i = 1; i < text.length; i++) {
    text[i] = successors[text[i - 1] * 3 + Math.floor(random() ** 2 * 3)];
  }
  return text;
}

/** The text as stateful batches: row n of a batch goes on where row n of the batch before ended. */
function* batches(text: Int32Array, oneHot: boolean) {
  const row = (step: number, shift: number) =>
    Array.from({ length: N }, (_, n) => {
      const begin = n * T * STEPS + step * T + shift;
      return Array.from(text.subarray(begin, begin + T));
    });
  for (let step = 0; step < STEPS; step++) {
    const codes = tf.tensor2d(row(step, 0), [N, T], "int32");
    const y = tf.tensor2d(row(step, 1), [N, T], "int32");
    const x = oneHot ? tf.tidy(() => tf.cast(tf.oneHot(codes, V), "float32")) : codes;
    yield { x, y };
    tf.dispose([codes, x, y]);
  }
}

test(`2 x ${H}: over ${STEPS} steps from one seed, losses are those of tfjs's own layers`, async () => {
  setSeed("twins");
  const model = charRnn({ vocabularySize: V, batchSize: N, hiddenSize: H });
  const twin = plainTwin(model);
  const text = madeUpText();
  const run = (network: tf.LayersModel, oneHot: boolean) =>
    train(network, () => batches(text, oneHot), {
      optimizer: adam({ learningRate }),
      clipNorm: 5,
    });
  const ours = await run(model, false);
  const theirs = await run(twin, true);
  assert.equal(ours.length, STEPS);
  const differences = ours.map(({ loss }, i) => Math.abs(loss - theirs[i].loss));
  if (process.env.KARENINA_TWIN) {
    console.log(`largest difference ${Math.max(...differences)}`, [ours, theirs].map(lossesOf));
  }
  assert.ok(Math.max(...differences) <= 1e-3, `differences ${differences}`);
  assert.ok(ours[STEPS - 1].loss < ours[0].loss - 0.01, "they must have learnt something");
});

function lossesOf(rows: readonly { loss: number }[]): string {
  return rows.map(({ loss }) => loss.toFixed(5)).join(" ");
}
