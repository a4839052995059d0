import assert from "node:assert/strict";
import { test } from "node:test";
import { earlyStopping, mlp, OptionError, ready, reduceOnPlateau, tf, train } from "karenina";

const model = () => mlp({ inputSize: 2, hiddenSizes: [3], outputSize: 2 });
const batches = () => [{ x: tf.ones([4, 2]), y: tf.zeros([4], "int32") }];

test("a callback that remembers its training serves no second one at the same time", async () => {
  await ready();
  for (const make of [
    () => earlyStopping({ validate: () => 1 }),
    () => reduceOnPlateau({ watch: "loss" }),
  ]) {
    const callback = make();
    const [first, second] = await Promise.allSettled([
      train(model(), batches(), { epochs: 2, callbacks: [callback] }),
      train(model(), batches(), { epochs: 2, callbacks: [callback] }),
    ]);
    assert.equal(first.status, "fulfilled");
    assert.ok(second.status === "rejected" && second.reason instanceof OptionError);
    assert.match(second.reason.message, /callbacks\[0\].*still runs.*Make one for each/s);
    // One after the other is as ever, also where the one before broke off.
    await assert.rejects(
      train(model(), [{ x: tf.fill([4, 2], Number.NaN), y: batches()[0].y }], {
        callbacks: [callback],
      }),
      /NaN/,
    );
    const history = await train(model(), batches(), { epochs: 2, callbacks: [callback] });
    assert.equal(history.length, 2);
    await assert.rejects(
      train(model(), batches(), { callbacks: [callback, callback] }),
      /callbacks\[1\].*twice.*callbacks\[0\]/,
    );
  }
});

test("callbacks that remember nothing may be shared", async () => {
  await ready();
  let steps = 0;
  const counting = {
    onStep: () => {
      steps++;
    },
  };
  const callbacks = [counting, counting];
  await Promise.all([
    train(model(), batches(), { epochs: 2, callbacks }),
    train(model(), batches(), { epochs: 2, callbacks }),
  ]);
  assert.equal(steps, 8);
});
