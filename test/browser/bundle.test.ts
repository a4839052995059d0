// A page of a stranger's that was made by a bundler trains a network and lets it write.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { BundledProject } from "../scripts/release/bundle";
import { launchBrowser, newPage } from "./browser";

let project: BundledProject;
let browser: Browser;
before(async () => {
  project = await BundledProject.make();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  project?.remove();
});

test("a network learns and writes in a page, and is the same after it was saved", async () => {
  const script = await project.bundle(`
    import * as tf from "@tensorflow/tfjs";
    import {
      adam, charRnn, loadModel, sample, saveModel, sequenceBatches, setSeed, train, Vocabulary,
    } from "karenina";
    globalThis.learn = async () => {
      await tf.setBackend("cpu");
      setSeed(1);
      const text = "to be or not to be, that is the question. ".repeat(20);
      const vocabulary = Vocabulary.of(text);
      const encoded = vocabulary.encode(text);
      const model = charRnn({
        vocabularySize: vocabulary.size, batchSize: 4, embeddingSize: 8, hiddenSize: 16,
      });
      const history = await train(model, () => sequenceBatches(encoded, { batchSize: 4, steps: 10 }), {
        epochs: 3, optimizer: adam({ learningRate: 0.02 }),
      });
      await saveModel("networks/hamlet", model);
      const weights = (network) => network.getWeights().map((each) => Array.from(each.dataSync()));
      const kept = await loadModel("networks/hamlet");
      return {
        losses: history.map(({ loss }) => loss),
        written: await sample(model, { vocabulary, prime: "to ", length: 10 }),
        weights: weights(model),
        kept: weights(kept),
      };
    };`);
  const page = await newPage(browser);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => faults.push(request.url()));
  await page.setContent("<p>A page</p>");
  await page.addScriptTag({ content: script });
  const { losses, written, weights, kept } = await page.evaluate<{
    losses: number[];
    written: string;
    weights: number[][];
    kept: number[][];
  }>("learn()");
  assert.ok(losses.at(-1)! < 0.8 * losses[0], `from ${losses[0]} to ${losses.at(-1)}`);
  assert.equal([...written].length, 13);
  assert.deepEqual(kept, weights);
  assert.deepEqual(faults, []);
});
