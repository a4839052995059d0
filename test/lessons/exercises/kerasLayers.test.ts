import assert from "node:assert/strict";
import { before, test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { yourCode } from "../../../lessons/exercises/notTried";
import { ready, tf } from "../../../lib/engine/tensorflow";
import { proveExercises } from "./prove";

const lesson = exercisesOf.kerasLayers;
before(() => ready());
proveExercises(lesson);

function hintFor<A>(check: { exercise: Parameters<typeof judge<A>>[0] }, answer: A): string {
  const verdict = judge(check.exercise, answer);
  assert.equal(verdict.kind, "wrong");
  return verdict.kind === "wrong" ? verdict.hint : "";
}

test("a recall may be rounded to two digits", () => {
  assert.equal(judge(lesson.recallOfChinstrap.exercise, 0.79).kind, "right");
  assert.equal(judge(lesson.recallOfChinstrap.exercise, 0.8).kind, "wrong");
});

test("a classifier may be a functional model, with any activation", () => {
  const functional = () => {
    const input = tf.input({ shape: [4] });
    const hidden = tf.layers.dense({ units: 8, activation: "sigmoid" }).apply(input);
    const scores = tf.layers.dense({ units: 3 }).apply(hidden);
    const outputs = tf.layers.softmax().apply(scores) as tf.SymbolicTensor;
    return tf.model({ inputs: input, outputs });
  };
  assert.equal(judge(lesson.classifier.exercise, functional).kind, "right");
});

test("a classifier without an input shape gets what tfjs says", () => {
  const shapeless = () => tf.sequential({ layers: [tf.layers.dense({ units: 3 })] });
  assert.match(hintFor(lesson.classifier, shapeless), /must get an `inputShape`/);
});

test("both standard deviations are right", () => {
  const sample = (training: readonly number[], values: readonly number[]) => {
    const n = training.length;
    const mean = training.reduce((sum, value) => sum + value) / n;
    const squares = training.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return values.map((value) => (value - mean) / Math.sqrt(squares / (n - 1)));
  };
  assert.equal(judge(lesson.standardise.exercise, sample).kind, "right");
});

test("a layer may keep its weight and multiply in its own way", () => {
  class Gain extends tf.layers.Layer {
    static readonly className = "Gain";
    private gain!: tf.LayerVariable;
    override build() {
      this.gain = this.addWeight("gain", [1], "float32", tf.initializers.constant({ value: 1 }));
      this.built = true;
    }
    override call(inputs: tf.Tensor | tf.Tensor[]) {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      return tf.tidy(() =>
        tf.sub(tf.mul(x, tf.mul(2, this.gain.read())), tf.mul(x, this.gain.read())),
      );
    }
  }
  assert.equal(judge(lesson.scale.exercise, Gain).kind, "right");
});

test("a layer that is not written yet is not tried", () => {
  class Untouched extends tf.layers.Layer {
    static readonly className = "Untouched";
    override build(): void {
      yourCode();
    }
    override call(): tf.Tensor {
      return yourCode();
    }
  }
  assert.deepEqual(judge(lesson.scale.exercise, Untouched), { kind: "not tried" });
});

test("a layer with a weight of its own making has nothing to learn", () => {
  class Private extends tf.layers.Layer {
    static readonly className = "Private";
    private readonly own = tf.variable(tf.ones([1]));
    override call(inputs: tf.Tensor | tf.Tensor[]) {
      return tf.mul([inputs].flat()[0], this.own);
    }
  }
  assert.match(hintFor(lesson.scale, Private), /nothing to learn.*addWeight/s);
});
