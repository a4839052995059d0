import assert from "node:assert/strict";
import { test } from "node:test";
import { displayTo, type MimeBundle } from "../../../lib/display/display";
import { live } from "../../../lib/display/live";
import type { TrainingCallback } from "../../../lib/training/callbacks/callback";
import { trainingRows } from "../figures/trainingRows";

test("it follows a training by itself: curve, bar, samples, and a picture at the end", async () => {
  const shown: { bundle: MimeBundle; update: boolean | undefined }[] = [];
  const restore = displayTo({
    kind: "notebook",
    show: (bundle, { update }) => shown.push({ bundle, update }),
  });
  try {
    let now = 0;
    let samples = 0;
    const callback = live({
      title: "Tolstoy",
      total: 50,
      sample: async () => {
        samples += 1;
        return `sample ${samples}`;
      },
      sampleEvery: 20,
      clock: () => now,
    });
    // What `train` takes, so that it can be handed over as it is.
    const asTrainingCallback: TrainingCallback = callback;
    assert.ok(asTrainingCallback.onStep);
    for (const row of trainingRows(50)) {
      now += 100;
      await callback.onStep(row);
    }
    callback.onTrainEnd();
  } finally {
    restore();
  }
  assert.equal(shown.filter(({ update }) => !update).length, 1);
  assert.match(String(shown[3].bundle["text/html"]), /<progress value="\d+" max="50"/);
  const last = String(shown[shown.length - 1].bundle["text/plain"]);
  assert.match(last, /^Tolstoy: 50 of 50 · loss .*\nTolstoy: 50 rows; loss starts .*\nsample 2$/s);
});

test("steps that are none are refused before the training begins", () => {
  assert.throws(() => live({ total: 0 }), /total is 0, but must be a whole number/);
  assert.throws(() => live({ sampleEvery: 2.5 }), /sampleEvery is 2\.5/);
});
