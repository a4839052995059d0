import assert from "node:assert/strict";
import { test } from "node:test";
import { ready, setSeed, tf } from "karenina";
import * as attention from "../../../lessons/exercises/attention";
import { causalAttention as ofLibrary, rotated } from "../../../lib/engine/plain/attention";
import { proveExercises } from "./prove";

proveExercises(attention);

test("the answers compute what the library's transformer computes", async () => {
  await ready();
  setSeed(1);
  tf.tidy(() => {
    const [q, k, v] = [1, 2, 3].map(() => tf.randomNormal([5, 4]));
    const own = attention.causalAttention.exercise.answer(q, k, v);
    const [theirs] = tf.unstack(
      ofLibrary(
        q.expandDims(0).expandDims(0),
        k.expandDims(0).expandDims(0),
        v.expandDims(0).expandDims(0),
      ).squeeze([0]),
    );
    assert.ok(tf.max(tf.abs(tf.sub(own, theirs))).dataSync()[0] < 1e-6);
    // A head of two numbers has one pair, which is turned by the place itself.
    const turned = rotated(tf.tensor4d([0.3, -2], [1, 1, 1, 2]), 7).dataSync();
    const pair = attention.rotatePair.exercise.answer([0.3, -2], 7, 1);
    assert.ok(Math.hypot(turned[0] - pair[0], turned[1] - pair[1]) < 1e-5);
  });
});
