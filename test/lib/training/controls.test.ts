// train with controls: a rate that somebody moves, a button that somebody presses.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  adam,
  button,
  constantSchedule,
  OptionError,
  reduceOnPlateau,
  setSeed,
  sgd,
  slider,
  toggle,
  train,
} from "karenina";
import { FrontEnd } from "../display/widgets/frontEnd";
import { batches, batchesPerEpoch, build, weightsOf } from "./smallText";

function withFrontEnd(t: { after(end: () => void): void }): FrontEnd {
  const front = new FrontEnd();
  t.after(() => front.close());
  return front;
}

test("a slider's rate holds from the step after it was moved, and the row says so", async (t) => {
  const front = withFrontEnd(t);
  const rate = slider("rate", { min: 1e-4, max: 1, scale: "log", value: 0.01 });
  const optimizer = adam({ learningRate: 0.5 });
  const history = await train(build(1), batches, {
    epochs: 2,
    optimizer,
    learningRate: rate,
    callbacks: [
      {
        onStep({ step }) {
          if (step === 3) {
            front.change(front.widget("FloatLogSliderModel"), { value: 0.1 });
          }
        },
      },
    ],
  });
  assert.deepEqual(
    history.map(({ learningRate }) => learningRate),
    history.map(({ step }) => (step <= 3 ? 0.01 : 0.1)),
  );
  assert.equal(optimizer.learningRate, 0.5, "the optimizer has its own rate back");
  assert.deepEqual(front.texts, ["rate: 0.01", "rate: 0.1"], "the notebook keeps the last one");
});

test("a slider that nobody moves trains as the optimizer's own rate does", async () => {
  const weights = [];
  for (const learningRate of [undefined, { value: 0.05 }]) {
    const model = build(4);
    setSeed(4);
    const optimizer = sgd({ learningRate: learningRate ? 1 : 0.05 });
    await train(model, batches, { optimizer, learningRate, maxSteps: 5 });
    weights.push(weightsOf(model));
  }
  assert.deepEqual(weights[0], weights[1]);
});

test("a click makes the step that runs the last one; clicks before do not count", async (t) => {
  const front = withFrontEnd(t);
  const enough = button("Enough");
  front.click(front.widget("ButtonModel"));
  const stopAfter = (last: number) => ({
    onStepStart(step: number) {
      if (step === last) {
        front.click(front.widget("ButtonModel"));
      }
    },
  });
  const options = { epochs: 10, stopWhen: enough };
  const history = await train(build(1), batches, { ...options, callbacks: [stopAfter(4)] });
  assert.equal(history.length, 4);
  const again = await train(build(1), batches, { ...options, callbacks: [stopAfter(2)] });
  assert.equal(again.length, 2);
});

test("a toggle ends it as long as it is on", async (t) => {
  withFrontEnd(t);
  const done = toggle("done");
  assert.equal((await train(build(1), batches, { stopWhen: done })).length, batchesPerEpoch);
  done.value = true;
  assert.equal((await train(build(1), batches, { stopWhen: done })).length, 1);
});

test("controls that cannot be are refused", async () => {
  const refused: [object, RegExp][] = [
    [{ learningRate: 0.1 }, /A rate that stays is the optimizer's: optimizer: adam/],
    [{ learningRate: "0.1" }, /learningRate is "0.1", but must be a control with a number/],
    [{ learningRate: toggle("a") }, /must be a control with a number/],
    [
      { learningRate: { value: 0.1 }, schedule: constantSchedule(0.1) },
      /Both learningRate and schedule are set/,
    ],
    [{ stopWhen: true }, /stopWhen is .*true, but must be a control that stops/],
    [{ stopWhen: { value: 1 } }, /must be a control that stops/],
  ];
  for (const [options, message] of refused) {
    await assert.rejects(
      train(build(1), batches, options),
      (error) => error instanceof OptionError && message.test(error.message),
    );
  }
  const callbacks = [reduceOnPlateau()];
  await assert.rejects(train(build(1), batches, { learningRate: { value: 0.1 }, callbacks }));
  const negative = train(build(1), batches, { learningRate: { value: -1 } });
  await assert.rejects(negative, /gave -1 for step 0/);
});
