import assert from "node:assert/strict";
import { before, test } from "node:test";
import { exercisesOf } from "../../../lessons/exercises";
import { judge } from "../../../lessons/exercises/judge";
import { yourCode } from "../../../lessons/exercises/notTried";
import { ready, tf } from "../../../lib/engine/tensorflow";
import { proveExercises, tryForms } from "./prove";

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

tryForms("denseParameters", lesson.denseParameters, {
  right: [128, (7 + 1) * 16, 16 * 7 + 16],
  wrong: [
    [112, /Those are the weights/],
    [119, /added to the outputs/],
    [113, /bias of its own/],
    [23, /count the pairs/],
    [(16 + 1) * 7 + 16, /Section 1/],
  ],
});

tryForms("prelu", lesson.prelu, {
  right: [
    (x, slope) => Math.max(0, x) + slope * Math.min(0, x),
    (x, slope) => {
      if (x >= 0) {
        return x;
      }
      return x * slope;
    },
    (x, slope) => x * [slope, 1][Number(x > 0)],
  ],
  wrong: [
    [(x, slope) => (x > 0 ? x : slope), /Two cases/],
    [(x, slope) => (x > 0 ? x : x + slope), /Two cases|slope/],
    [(x) => (x > 0 ? x : 0.25 * x), /Two cases|slope/],
    [(x, slope) => (x > 0 ? x : x / slope), /Two cases|slope/],
    [(x, slope) => Math.abs(x) * slope, /Two cases|slope/],
  ],
});

tryForms("standardise", lesson.standardise, {
  right: [
    (training, values) => {
      const mean = training.reduce((a, b) => a + b, 0) / training.length;
      const meanSquare = training.reduce((a, b) => a + b * b, 0) / training.length;
      return values.map((value) => (value - mean) / Math.sqrt(meanSquare - mean ** 2));
    },
    (training, values) => {
      const { mean, variance } = tf.moments(tf.tensor1d([...training]));
      const own = tf.div(tf.sub(tf.tensor1d([...values]), mean), tf.sqrt(variance));
      return Array.from(own.dataSync());
    },
    (training, values) => {
      const n = training.length;
      let mean = 0;
      for (const value of training) {
        mean += value / n;
      }
      const deviation = Math.hypot(...training.map((value) => value - mean)) / Math.sqrt(n);
      return values.map((value) => value / deviation - mean / deviation);
    },
  ],
  wrong: [
    [(_training, values) => [...values], /minus the mean/],
    [
      (training, values) => {
        const [low, high] = [Math.min(...training), Math.max(...training)];
        return values.map((value) => (value - low) / (high - low));
      },
      /minus the mean/,
    ],
    [
      (training, values) => {
        const sorted = [...training].sort((a, b) => a - b);
        return values.map((value) => value - sorted[Math.floor(sorted.length / 2)]);
      },
      /Divide by the standard deviation/,
    ],
    [(training) => training.map(() => 0), /minus the mean/],
    [
      (training, values) => {
        const mean = training.reduce((a, b) => a + b, 0) / training.length;
        return values.map((value) => (mean - value) / 2);
      },
      /minus the mean/,
    ],
  ],
});

tryForms("recallOfChinstrap", lesson.recallOfChinstrap, {
  right: [11 / 14, 0.786, 1 - 3 / 14],
  wrong: [
    [11 / 13, /precision/],
    [3 / 14, /missed/],
    [78.6, /between 0 and 1/],
    [14 / 68, /row/],
    [0.92, /row|accuracy/],
  ],
});

const twoLayers = (first: object, second: object, units = 8) => {
  return (): tf.LayersModel =>
    tf.sequential({
      layers: [
        tf.layers.dense({ units, inputShape: [4], ...first }),
        tf.layers.dense({ units: 3, ...second }),
      ],
    });
};

tryForms("classifier", lesson.classifier, {
  right: [
    twoLayers({ activation: "tanh" }, { activation: "softmax" }),
    () => {
      const model = tf.sequential();
      model.add(tf.layers.dense({ units: 8, inputShape: [4] }));
      model.add(tf.layers.leakyReLU());
      model.add(tf.layers.dense({ units: 3 }));
      model.add(tf.layers.softmax());
      return model;
    },
    () => {
      const input = tf.input({ shape: [4] });
      const hidden = tf.layers.dense({ units: 8, activation: "elu" }).apply(input);
      const output = tf.layers.dense({ units: 3, activation: "softmax" }).apply(hidden);
      return tf.model({ inputs: input, outputs: output as tf.SymbolicTensor });
    },
  ],
  wrong: [
    [twoLayers({ activation: "relu" }, { activation: "sigmoid" }), /add up to 1/],
    [twoLayers({}, { activation: "softmax" }), /as good as one/],
    [twoLayers({ activation: "relu" }, { activation: "softmax" }, 16), /another size/],
    [
      twoLayers({ activation: "relu", inputShape: [3] }, { activation: "softmax" }),
      /four measurements/,
    ],
    [twoLayers({ activation: "relu" }, { activation: "softmax", units: 4 }), /one of three/],
  ],
});

type Inputs = tf.Tensor | tf.Tensor[];
const first = (inputs: Inputs) => (Array.isArray(inputs) ? inputs[0] : inputs);
abstract class Weighted extends tf.layers.Layer {
  protected weight!: tf.LayerVariable;
}

tryForms("scale", lesson.scale, {
  right: [
    class AsScalar extends Weighted {
      static readonly className = "AsScalar";
      override build() {
        this.weight = this.addWeight("factor", [], "float32", tf.initializers.ones());
      }
      override call(inputs: Inputs) {
        return tf.mul(first(inputs), this.weight.read());
      }
    },
    class OtherWay extends Weighted {
      static readonly className = "OtherWay";
      override build(inputShape: tf.Shape | tf.Shape[]) {
        const start = tf.initializers.constant({ value: 1 });
        this.weight = this.addWeight("scale", [1], "float32", start);
        super.build(inputShape);
      }
      override call(inputs: Inputs) {
        return this.weight.read().mul(first(inputs));
      }
    },
    class ByLogarithms extends Weighted {
      static readonly className = "ByLogarithms";
      override build() {
        this.weight = this.addWeight("w", [1, 1], "float32", tf.initializers.ones());
      }
      override call(inputs: Inputs) {
        return tf.tidy(() => tf.div(first(inputs), tf.div(1, this.weight.read())));
      }
    },
  ],
  wrong: [
    [
      class FromZero extends Weighted {
        static readonly className = "FromZero";
        override build() {
          this.weight = this.addWeight("w", [1], "float32", tf.initializers.zeros());
        }
        override call(inputs: Inputs) {
          return tf.mul(first(inputs), this.weight.read());
        }
      },
      /1/,
    ],
    [
      class Adds extends Weighted {
        static readonly className = "Adds";
        override build() {
          this.weight = this.addWeight("w", [1], "float32", tf.initializers.ones());
        }
        override call(inputs: Inputs) {
          return tf.add(first(inputs), this.weight.read());
        }
      },
      /multipl|times/i,
    ],
    [
      class Fixed extends tf.layers.Layer {
        static readonly className = "Fixed";
        override call(inputs: Inputs) {
          return tf.mul(first(inputs), 1);
        }
      },
      /addWeight/,
    ],
    [
      class Frozen extends Weighted {
        static readonly className = "Frozen";
        override build() {
          const one = tf.initializers.ones();
          this.weight = this.addWeight("w", [1], "float32", one, undefined, false);
        }
        override call(inputs: Inputs) {
          return tf.mul(first(inputs), this.weight.read());
        }
      },
      /learn/,
    ],
    [
      class Many extends Weighted {
        static readonly className = "Many";
        override build(inputShape: tf.Shape | tf.Shape[]) {
          const units = (inputShape as tf.Shape).at(-1)!;
          this.weight = this.addWeight("w", [units], "float32", tf.initializers.ones());
        }
        override call(inputs: Inputs) {
          return tf.mul(first(inputs), this.weight.read());
        }
      },
      /one number/,
    ],
  ],
});
