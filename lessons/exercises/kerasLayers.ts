import { tf } from "karenina";
import { drawReal } from "./draws";
import { exercise } from "./exercise";

type Prelu = (x: number, slope: number) => number;

/** How many parameters a dense layer with 7 inputs and 16 units has. */
export const denseParameters = exercise<number>({
  title: "Parameters of a dense layer",
  answer: 7 * 16 + 16,
  mistakes: [
    { answer: 7 * 16, hint: "Those are the weights. What else does a dense layer learn?" },
    {
      answer: 7 * 16 + 7,
      hint: "The biases are added to the outputs: how many of these are there?",
    },
    { answer: 7 * 16 + 1, hint: "Each of the outputs has a bias of its own." },
    {
      answer: 7 + 16,
      hint: "Every input is connected to every unit, each by a weight of its own: count the pairs.",
    },
  ],
  nudge: "Draw one of the 16 units: what comes into it, and what is added?",
  hint: "Section 1: the matrix has a row for each input and a column for each unit, and then the biases.",
});

/** PReLU: x above zero, slope times x below (He et al. 2015). */
export const prelu = exercise<Prelu>({
  title: "PReLU as a function",
  answer: (x, slope) => (x > 0 ? x : slope * x),
  observe: (prelu) =>
    [
      [3, 0.25],
      [-2, 0.25],
      [-1, 1.5],
      [2, 1.5],
      [-0.5, -0.4],
      [0, 0.3],
    ].map(([x, slope]) => prelu(x, slope)),
  mistakes: [
    {
      answer: (x) => Math.max(0, x),
      hint: "That is plain ReLU: below zero your function forgets the slope.",
    },
    {
      answer: (x, slope) => slope * x,
      hint: "Above zero x stays as it is; the slope is for what lies below.",
    },
    {
      answer: (x, slope) => (x > 0 ? slope * x : x),
      hint: "The two sides have changed places.",
    },
    {
      answer: (x, slope) => (x > 0 ? x : -slope * x),
      hint: "For x = -2 and the slope 0.25 the result is -0.5: x brings its own sign.",
    },
    {
      answer: (x, slope) => Math.max(x, slope * x),
      hint: "Right for slopes up to 1. But a slope is learnt, and may grow: what about x = -1 and 1.5?",
    },
  ],
  nudge: "Draw the function: how many straight pieces has it, and where do they meet?",
  hint: "Two cases: x above zero, and all others.",
});

/** Numbers of either sign in the shape of a weight, all of them different. */
function wavy({ shape, size }: tf.Tensor): tf.Tensor {
  return tf.tensor(
    Float32Array.from({ length: size }, (_, k) => 0.3 * Math.cos(k + 1)),
    shape,
  );
}

/** What a classifier shows from outside. */
function lookAtClassifier(build: () => tf.LayersModel) {
  const model = build();
  // First weights are chance, and by chance a network may hardly bend: these are always the same.
  tf.tidy(() => model.setWeights(model.getWeights().map(wavy)));
  const inputs = model.inputs[0].shape.at(-1);
  // Places on a straight line, not around 0, where sigmoid and tanh are symmetric: without an
  // activation inside, the scores lie on a straight line, too.
  const steps = tf.mul(tf.tensor2d([-1, 1, 3], [3, 1]), tf.ones([1, inputs ?? 1]));
  const probabilities = model.predict(steps) as tf.Tensor;
  const rows = probabilities.arraySync() as number[][];
  const addsUpToOne = rows.every((row) => Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-4);
  const scores = rows.map((row) => {
    const [first, last] = [row[0], row.at(-1)!];
    return addsUpToOne ? Math.log(first / last) : first - last;
  });
  const bend = scores[0] + scores[2] - 2 * scores[1];
  const seen = {
    inputs,
    classes: model.outputs[0].shape.at(-1),
    parameters: model.countParams(),
    addsUpToOne,
    bends: Math.abs(bend) > 1e-4,
  };
  model.dispose();
  return seen;
}

function classifierOf(...layers: [units: number, activation: "relu" | "softmax" | "linear"][]) {
  return (): tf.LayersModel =>
    tf.sequential({
      layers: layers.map(([units, activation], i) =>
        tf.layers.dense({ units, activation, ...(i === 0 ? { inputShape: [4] } : {}) }),
      ),
    });
}

/** A model from 4 numbers over 8 hidden units to the probabilities of 3 classes. */
export const classifier = exercise<() => tf.LayersModel>({
  title: "A classifier",
  answer: classifierOf([8, "relu"], [3, "softmax"]),
  observe: lookAtClassifier,
  mistakes: [
    {
      answer: classifierOf([8, "relu"], [3, "linear"]),
      hint: "The outputs are no probabilities: they do not add up to 1. Which activation makes them so?",
    },
    {
      answer: classifierOf([8, "linear"], [3, "softmax"]),
      hint: "Two dense layers without an activation between them are as good as one (section 2).",
    },
    {
      answer: classifierOf([3, "softmax"]),
      hint: "There is no hidden layer: between the input and the three outputs stand eight units.",
    },
    {
      answer: classifierOf([8, "relu"], [8, "relu"], [3, "softmax"]),
      hint: "One hidden layer too many: 4 inputs, 8 units, 3 outputs.",
    },
    {
      answer: classifierOf([8, "relu"], [1, "linear"]),
      when: (build) => lookAtClassifier(build).classes !== 3,
      hint: "A penguin is one of three species, and each needs a probability of its own.",
    },
    {
      answer: () =>
        tf.sequential({
          layers: [
            tf.layers.dense({ units: 8, activation: "relu", inputShape: [3] }),
            tf.layers.dense({ units: 3, activation: "softmax" }),
          ],
        }),
      when: (build) => lookAtClassifier(build).inputs !== 4,
      hint: "Of each bird four measurements are known: the first layer's `inputShape` is [4].",
    },
    {
      answer: classifierOf([16, "relu"], [3, "softmax"]),
      when: (build) => {
        const { parameters, inputs, bends, addsUpToOne } = lookAtClassifier(build);
        return parameters !== 67 && inputs === 4 && bends && addsUpToOne;
      },
      hint: "The hidden layer has another size: with 8 units the model has 4 · 8 + 8 + 8 · 3 + 3 parameters.",
    },
  ],
  nudge: "How many numbers come in, how many come out, and what is between the two?",
  hint: "Two dense layers in `tf.sequential`, the first with an `inputShape`, each with an activation.",
  because: "It has 4 · 8 + 8 + 8 · 3 + 3 = 67 parameters; the model of section 5 is a wider one.",
});

type Standardise = (training: readonly number[], values: readonly number[]) => number[];

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const spread = (values: readonly number[], spare = 0) =>
  Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - spare),
  );

const standardisedBy =
  (spare: number): Standardise =>
  (training, values) =>
    values.map((value) => (value - mean(training)) / spread(training, spare));

function lookAtStandardise(standardise: Standardise): number[][] {
  const training = [2, 4, 4, 4, 5, 5, 7, 9].map(drawReal);
  return [standardise(training, training), standardise(training, [10, 0, 5])];
}

/** Values in standard deviations of the training part from its mean. */
export const standardise = exercise<Standardise>({
  title: "Standardising",
  answer: standardisedBy(0),
  observe: lookAtStandardise,
  // Some divide the sum of squares by n, some by n - 1.
  alternatives: [standardisedBy(1)],
  mistakes: [
    {
      answer: (_, values) => values.map((value) => (value - mean(values)) / spread(values)),
      hint:
        "Mean and deviation come from `values` itself. They must come from `training`, or the sets " +
        "of data are measured by two rulers.",
    },
    {
      answer: (training, values) => values.map((value) => value - mean(training)),
      hint: "The mean is subtracted, but what is the unit? Divide by the standard deviation.",
    },
    {
      answer: (training, values) =>
        values.map((value) => (value - mean(training)) / spread(training) ** 2),
      hint: "You divide by the variance. The standard deviation is its square root.",
    },
    {
      answer: (training, values) => values.map((value) => value / spread(training)),
      hint: "The deviation is right. Subtract the mean first, so that the training part lies around 0.",
    },
    {
      answer: (training, values) =>
        values.map((value) => value - mean(training) / spread(training)),
      hint: "Only the mean is divided: the difference needs parentheses.",
    },
  ],
  nudge: "Two numbers have to be known before any value is changed. From which list do they come?",
  hint: "For each value: minus the mean of `training`, divided by the standard deviation of `training`.",
});

/** The share of Chinstraps that a model found, read from a confusion matrix. */
export const recallOfChinstrap = exercise<number>({
  title: "Recall",
  answer: 11 / 14,
  // Two digits will do.
  tolerance: 0.01,
  mistakes: [
    {
      answer: 11 / 13,
      hint:
        "That is the share of true Chinstraps among those *called* Chinstrap, the precision. The " +
        "recall asks how many of the true ones were found: along the row.",
    },
    { answer: 63 / 68, hint: "That is the accuracy: all species together." },
    { answer: 3 / 14, hint: "That is the share of Chinstraps that were missed." },
    { answer: 11, hint: "That many were found. Which share is it of all Chinstraps?" },
    {
      answer: (100 * 11) / 14,
      hint: "In per cent, yes. A number between 0 and 1 was asked for.",
    },
    { answer: 11 / 68, hint: "Of all Chinstraps, not of all penguins." },
  ],
  nudge:
    "Which question does the recall ask: about the birds that are Chinstraps, or about those that are called so?",
  hint: "The row of the Chinstraps: those on the diagonal, divided by all of the row.",
  because:
    "Precision and recall can differ much: a model that calls every bird a Chinstrap has a recall of 1.",
});

/** The arguments of a layer's constructor. */
type LayerOptions = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;
type LayerClass = new (options: LayerOptions) => tf.layers.Layer;

type Start = "ones" | "zeros";

/** A layer that multiplies by, or adds, what it learns: the right one and typical wrong ones. */
function scaleLayer(
  options: { start?: Start; each?: boolean; learns?: boolean; adds?: boolean } = {},
): LayerClass {
  const { start = "ones", each = false, learns = true, adds = false } = options;
  return class extends tf.layers.Layer {
    static readonly className = "ScaleExercise";
    private scale: tf.LayerVariable | undefined;
    override build(inputShape: (number | null)[]): void {
      if (!learns) {
        return;
      }
      const shape = [each ? inputShape.at(-1)! : 1];
      const initializer = start === "ones" ? tf.initializers.ones() : tf.initializers.zeros();
      this.scale = this.addWeight("scale", shape, "float32", initializer);
    }
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const [x] = [inputs].flat();
      const scale = this.scale?.read() ?? tf.scalar(1);
      return adds ? tf.add(x, scale) : tf.mul(x, scale);
    }
  };
}

function lookAtScale(Scale: LayerClass) {
  const layer = new Scale({ inputShape: [3] });
  const model = tf.sequential({ layers: [layer] });
  const x = tf.tensor2d([[1, -2, 3]]);
  const atFirst = model.predict(x) as tf.Tensor;
  // One number may have the shape [1], [] or [1, 1].
  const shapes = layer.trainableWeights.map(({ shape }) => shape as number[]);
  const weights = shapes.map((shape) => shape.reduce((a, b) => a * b, 1));
  if (weights.length === 1 && weights[0] === 1) {
    layer.setWeights([tf.fill(shapes[0], drawReal(2.5))]);
  }
  const later = model.predict(x) as tf.Tensor;
  const seen = { atFirst: atFirst.arraySync(), later: later.arraySync(), weights };
  model.dispose();
  return seen;
}

/** A layer that multiplies its input by one number, which it learns, and which is 1 at first. */
export const scale = exercise<LayerClass>({
  title: "A layer of your own",
  answer: scaleLayer(),
  observe: lookAtScale,
  mistakes: [
    {
      answer: scaleLayer({ learns: false }),
      when: (Scale) => lookAtScale(Scale).weights.length === 0,
      hint:
        "The layer has nothing to learn. In `build` ask for a weight by `this.addWeight`, and keep it " +
        "in a field: only such weights are trained and saved.",
    },
    {
      answer: scaleLayer({ each: true }),
      when: (Scale) => lookAtScale(Scale).weights.join() === "3",
      hint: "There is one number for each input. One for all was asked for: its shape is [1].",
    },
    {
      answer: scaleLayer({ start: "zeros" }),
      hint: "The number should be 1 at first. Which of `tf.initializers` makes ones?",
    },
    {
      answer: scaleLayer({ adds: true }),
      hint: "Your layer adds its weight. It should multiply by it.",
    },
  ],
  nudge: "What has to happen once, when the layer is built, and what each time that it is called?",
  hint:
    'In `build`, keep `this.addWeight(name, [1], "float32", initializer)`; in `call`, multiply the ' +
    "input by its `read()`.",
  because: "Its gradient comes for free: `tf.mul` knows its own, and the layer is made of it.",
});
