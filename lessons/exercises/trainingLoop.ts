import { tf } from "karenina";
import { drawReal } from "./draws";
import { exercise } from "./exercise";

type BatchLoss = (model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor) => tf.Scalar;
type Step = (model: tf.LayersModel, optimizer: tf.Optimizer, x: tf.Tensor, y: tf.Tensor) => number;
/** Trains on one batch and returns its loss. */
type OnBatch = (x: tf.Tensor, y: tf.Tensor) => number;
type Epoch = (onBatch: OnBatch, x: tf.Tensor, y: tf.Tensor, batchSize: number) => number;

/** A classifier of two inputs and three classes, the same each time. */
function smallClassifier(): tf.LayersModel {
  const layer = tf.layers.dense({ units: 3, activation: "softmax", inputShape: [2] });
  const model = tf.sequential({ layers: [layer] });
  layer.setWeights([
    tf.tensor2d([
      [0.5, -0.3, 0.1],
      [-0.2, 0.4, 0.9],
    ]),
    tf.tensor1d([0.1, 0, -0.1]),
  ]);
  return model;
}

const fewInputs = () => tf.tensor2d([1, 2, -1, 0.5, 0.3, -2, 2, 1].map(drawReal), [4, 2]);
const fewTargets = () => tf.tensor2d([1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0], [4, 3]);

const logOfRight = (model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor) =>
  tf.sum(tf.mul(y, tf.log(model.apply(x) as tf.Tensor)), 1);

const crossEntropy: BatchLoss = (model, x, y) =>
  tf.tidy(() => tf.neg(tf.mean(logOfRight(model, x, y))).asScalar());

/** The cross-entropy of a batch, of which a gradient can be taken. */
export const batchLoss = exercise<BatchLoss>({
  title: "The loss of a batch",
  answer: crossEntropy,
  observe: (loss) => {
    const model = smallClassifier();
    const [x, y] = [fewInputs(), fewTargets()];
    const { value, grads } = tf.variableGrads(() => loss(model, x, y));
    const seen = [value.dataSync()[0], ...Object.values(grads).map((grad) => grad.arraySync())];
    model.dispose();
    return seen;
  },
  mistakes: [
    {
      answer: (model, x, y) => tf.mean(logOfRight(model, x, y)).asScalar(),
      hint: "The sign: the logarithm of a probability is negative, and a loss should fall as the probability grows.",
    },
    {
      answer: (model, x, y) =>
        tf.neg(tf.mean(tf.mul(y, tf.log(model.apply(x) as tf.Tensor)))).asScalar(),
      hint: "A third of it: `tf.mean` over everything counts the zeros of the other species, too. Sum over the species (axis 1) first, then take the mean over the birds.",
    },
    {
      answer: (model, x, y) => tf.neg(tf.sum(logOfRight(model, x, y))).asScalar(),
      hint: "That is the sum over the birds. With the mean, the size of a batch does not change the size of a step.",
    },
    {
      answer: (model, x, y) =>
        tf.mean(tf.square(tf.sub(y, model.apply(x) as tf.Tensor))).asScalar(),
      hint: "That is the mean squared error. The cross-entropy takes the logarithm of the probability of the right species.",
    },
    {
      answer: (model, x, y) =>
        tf.losses.softmaxCrossEntropy(y, model.apply(x) as tf.Tensor).asScalar(),
      hint: "`softmaxCrossEntropy` takes logits and applies a softmax to them. The model has applied one already: take the logarithm of its probabilities.",
    },
  ],
  nudge: "For one bird: which of its three probabilities counts?",
  hint: "Minus the mean over the birds of ln p, where p is picked out by y: `tf.sum(tf.mul(y, tf.log(p)), 1)`.",
});

const stepBy =
  (move: (optimizer: tf.Optimizer, grads: tf.NamedTensorMap) => void): Step =>
  (model, optimizer, x, y) => {
    const { value, grads } = tf.variableGrads(() => crossEntropy(model, x, y));
    move(optimizer, grads);
    const loss = value.dataSync()[0];
    tf.dispose([value, grads]);
    return loss;
  };

/** One step of training: the loss before it, and weights that have moved. */
export const trainingStep = exercise<Step>({
  title: "A step of training",
  answer: stepBy((optimizer, grads) => optimizer.applyGradients(grads)),
  observe: (step) => {
    const model = smallClassifier();
    const optimizer = tf.train.sgd(0.5);
    const [x, y] = [fewInputs(), fewTargets()];
    const losses = [step(model, optimizer, x, y), step(model, optimizer, x, y)];
    const weights = model.getWeights().map((weight) => weight.arraySync());
    model.dispose();
    // Its learning rate is a tensor.
    optimizer.dispose();
    return [losses, ...weights];
  },
  mistakes: [
    {
      answer: stepBy(() => {}),
      hint: "The loss is right, but the weights stay where they are: who applies the gradients?",
    },
    {
      answer: stepBy((optimizer, grads) => {
        optimizer.applyGradients(grads);
        optimizer.applyGradients(grads);
      }),
      hint: "The weights move twice as far: the gradients are applied once a step.",
    },
    {
      answer: (model, optimizer, x, y) => {
        stepBy((own, grads) => own.applyGradients(grads))(model, optimizer, x, y);
        return crossEntropy(model, x, y).dataSync()[0];
      },
      hint: "That is the loss after the step. Return the one from before it: `variableGrads` gives it along with the gradients, for nothing.",
    },
  ],
  nudge: "Three things happen in a step. Which of them are missing in yours?",
  hint: "`const { value, grads } = tf.variableGrads(() => ...)`, then `optimizer.applyGradients(grads)`, then return the number in `value`.",
});

/** Hands out the batches of some rows one by one: begin, and number of rows. */
function batchesOf(rows: number, batchSize: number): [begin: number, size: number][] {
  return Array.from({ length: Math.ceil(rows / batchSize) }, (_, i) => [
    i * batchSize,
    Math.min(batchSize, rows - i * batchSize),
  ]);
}

const epochOver =
  (batches: typeof batchesOf, weightOf: (size: number) => number): Epoch =>
  (onBatch, x, y, batchSize) => {
    let [sum, weight] = [0, 0];
    for (const [begin, size] of batches(x.shape[0], batchSize)) {
      const [part, targets] = [tf.slice(x, begin, size), tf.slice(y, begin, size)];
      sum += onBatch(part, targets) * weightOf(size);
      weight += weightOf(size);
      tf.dispose([part, targets]);
    }
    return sum / weight;
  };

/** Every row once, batch by batch, and the mean loss over the rows. */
export const trainingEpoch = exercise<Epoch>({
  title: "An epoch of training",
  answer: epochOver(batchesOf, (size) => size),
  observe: (epoch) => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6, 7].map(drawReal), [7, 1]);
    const y = tf.tensor2d([10, 20, 30, 40, 50, 60, 70], [7, 1]);
    const seen: number[] = [];
    const onBatch = (part: tf.Tensor, targets: tf.Tensor): number => {
      seen.push(...part.dataSync(), ...targets.dataSync());
      return part.dataSync()[0];
    };
    return { loss: epoch(onBatch, x, y, 3), order: seen };
  },
  mistakes: [
    {
      answer: epochOver(
        (rows, batchSize) => batchesOf(rows - (rows % batchSize), batchSize),
        (size) => size,
      ),
      hint: "The last rows are never seen: 7 rows in batches of 3 make two whole batches and one with a single row.",
    },
    {
      answer: epochOver(batchesOf, () => 1),
      hint: "Each batch counts alike in yours, the last one, too, which is smaller. Weigh a batch's loss by its number of rows.",
    },
    {
      answer: (onBatch, x, y, batchSize) =>
        epochOver(batchesOf, (size) => size)(onBatch, x, y, batchSize) * x.shape[0],
      hint: "That is the sum of the rows' losses. For the mean divide by their number, `x.shape[0]`.",
    },
    {
      answer: (onBatch, x, y) => onBatch(x, y),
      hint: "That is all rows in a single batch: one step an epoch. Cut them into pieces of `batchSize`.",
    },
  ],
  nudge: "How many batches do 7 rows make, 3 at a time, and how large is the last one?",
  hint: "Go from `begin = 0` in steps of `batchSize`; `tf.slice(x, begin, size)` takes `size` rows, fewer at the end.",
});
