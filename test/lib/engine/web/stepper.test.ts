import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  type CharRnnOptions,
  charRnn,
  randomInteger,
  ready,
  setSeed,
  tf,
  transformer,
} from "karenina";
import { sizesOfAll } from "../../../../lib/engine/attention";
import type { CharRnnLayers, TransformerLayers } from "../../../../lib/engine/engine";
import { PlainStepper } from "../../../../lib/engine/plain/engine";
import { PlainTransformerStepper } from "../../../../lib/engine/plain/transformerStepper";
import { isKnownStack, WebStepper } from "../../../../lib/engine/web/stepper";
import { WebTransformerStepper } from "../../../../lib/engine/web/transformerStepper";
import { steppedLayers } from "../../../../lib/sampling/steppedLayers";
import { relativeError } from "../../layers/oracle";
import { module } from "./onModule";

before(() => ready());

const V = 11;

const CELLS: Record<string, Pick<CharRnnOptions, "cell" | "resetAfter">> = {
  lstm: { cell: "lstm" },
  rnn: { cell: "rnn" },
  gru: { cell: "gru" },
  "gru, reset after the product": { cell: "gru", resetAfter: true },
};

for (const [name, ofCell] of Object.entries(CELLS)) {
  for (const embeddingSize of [0, 3]) {
    test(`${name}, embedding ${embeddingSize}: a step's logits are those of the plain stepper`, () => {
      // Few sequences go another way than many.
      for (const N of [1, 3, 12]) {
        setSeed(`${name} ${N}`);
        const used = module.bytesInUse - module.workingSpace.bytes;
        const model = charRnn({
          vocabularySize: V,
          batchSize: N,
          hiddenSize: 9,
          embeddingSize,
          ...ofCell,
        });
        tf.tidy(() => model.setWeights(model.getWeights().map((w) => tf.randomNormal(w.shape))));
        const layers = steppedLayers(model) as CharRnnLayers;
        const [own, plain] = [new WebStepper(module, layers, N), new PlainStepper(layers, N)];
        for (let round = 0; round < 2; round++) {
          for (let t = 0; t < 5; t++) {
            const ids = Int32Array.from({ length: N }, () => randomInteger(V));
            const [logits, expected] = [own.step(ids), plain.step(ids)];
            const error = relativeError(logits, expected);
            assert.ok(error < 5e-6, `step ${t} of ${N}: ${error}`);
          }
          own.reset();
          plain.reset();
        }
        for (const each of [own, plain, model]) {
          each.dispose();
        }
        own.dispose();
        assert.ok(module.bytesInUse - module.workingSpace.bytes <= used + 64, "all was given back");
      }
    });
  }
}

for (const positions of ["learnt", "rotary", "none"] as const) {
  test(`transformer, ${positions} positions: logits are those of the plain stepper, beyond the context, too`, () => {
    for (const N of [1, 12]) {
      setSeed(`${positions} ${N}`);
      const used = module.bytesInUse - module.workingSpace.bytes;
      const model = transformer({
        vocabularySize: V,
        contextLength: 5,
        width: 24,
        numHeads: 2,
        numLayers: 2,
        positions,
      });
      tf.tidy(() =>
        model.setWeights(model.getWeights().map((w) => tf.randomNormal(w.shape, 0, 0.4))),
      );
      const layers = steppedLayers(model) as TransformerLayers;
      const sizes = sizesOfAll(layers.blocks);
      assert.ok(sizes);
      const own = new WebTransformerStepper(module, layers, sizes, N);
      const plain = new PlainTransformerStepper(layers, N);
      for (let round = 0; round < 2; round++) {
        for (let t = 0; t < 13; t++) {
          const ids = Int32Array.from({ length: N }, () => randomInteger(V));
          const error = relativeError(own.step(ids), plain.step(ids));
          assert.ok(error < 2e-5, `step ${t} of ${N}: ${error}`);
        }
        own.reset();
        plain.reset();
      }
      for (const each of [own, plain, model]) {
        each.dispose();
      }
      assert.ok(module.bytesInUse - module.workingSpace.bytes <= used + 64, "all was given back");
    }
  });
}

test("a network with too many symbols goes on with the plain stepper", () => {
  const few = charRnn({ vocabularySize: V, hiddenSize: 4, cell: "gru" });
  assert.equal(isKnownStack(steppedLayers(few)), true);
  const many = charRnn({ vocabularySize: 5000, hiddenSize: 2, embeddingSize: 2 });
  assert.equal(isKnownStack(steppedLayers(many)), false);
});
