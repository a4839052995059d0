import { engine } from "../engine/choice";
import type {
  BatchNumbers,
  DescribedLayer,
  Gradients,
  LossWeights,
  UpdateOrder,
} from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { nameOf } from "../errors";
import { sparseSoftmaxCrossEntropy } from "../losses/losses";
import { checkLabelRows, lossDescriptionOf, requireSomeWeight } from "../losses/lossInputs";
import { type Loss, scalarOf } from "./loss";

/** The Euclidean norm of all gradients taken together as one vector. */
export function globalNorm(gradients: tf.Tensor[]): number {
  requireGradients(gradients);
  let squares = 0;
  for (const gradient of gradients) {
    squares += engine().sumOfSquares(gradient);
  }
  return Math.sqrt(squares);
}

/**
 * Shortens gradients that are longer together than `maxNorm` to that length, keeping their direction
 * (Pascanu, Mikolov & Bengio 2013). Shorter ones are returned as they are.
 *
 * @returns the gradients to use, which are the given ones unless they were clipped (then new tensors,
 *   for the caller to dispose of), and their norm before clipping
 */
export function clipByGlobalNorm(
  gradients: tf.Tensor[],
  maxNorm: number,
): { gradients: tf.Tensor[]; norm: number } {
  checkPositive("maxNorm", maxNorm);
  const norm = globalNorm(gradients);
  if (!(norm > maxNorm)) {
    return { gradients, norm };
  }
  const scale = maxNorm / norm;
  return { gradients: engine().scaled(gradients, scale), norm };
}

/** Limits every number of the gradients to -limit ... limit; returns new tensors. */
export function clipByValue(gradients: tf.Tensor[], limit: number): tf.Tensor[] {
  checkPositive("limit", limit);
  requireGradients(gradients);
  return engine().limited(gradients, limit);
}

/** @throws Error where one is no tensor of float32, which TensorFlow would refuse in its own words */
function requireGradients(gradients: tf.Tensor[]): void {
  if (!Array.isArray(gradients)) {
    throw new Error(`The gradients are ${nameOf(gradients)}, but must be a list of tensors.`);
  }
  for (const [place, gradient] of gradients.entries()) {
    if (gradient instanceof tf.Tensor && gradient.dtype === "float32") {
      continue;
    }
    const given =
      gradient instanceof tf.Tensor ? `a tensor of ${gradient.dtype}` : String(gradient);
    throw new Error(`gradients[${place}] is ${given}, but must be a tensor of float32.`);
  }
}

function checkPositive(name: string, value: number): void {
  if (value > 0) {
    return;
  }
  throw new Error(`${name} is ${value}, but must be above 0; leave clipping out to switch it off.`);
}

/**
 * Computes the loss and its gradients for a batch, in training mode; stateful layers move on. With an order
 * it may update the weights by them, too, unless loss or norm is not finite: then it says so.
 */
export interface GradientFunction {
  (x: BatchNumbers, y: BatchNumbers, weights?: LossWeights, order?: UpdateOrder): Gradients;
  /** Frees what was recorded. */
  dispose?(): void;
}

/**
 * The fastest way to a model's gradients. Where the loss is one of this library's and the engine can, a
 * whole step is recorded at once; otherwise tfjs's tape takes down each operation.
 */
export function gradientFunction(
  model: tf.LayersModel,
  variables: tf.Variable[],
  loss: Loss = sparseSoftmaxCrossEntropy,
): GradientFunction {
  const taped = tapedGradients(model, variables, loss);
  const description = lossDescriptionOf(loss);
  const recorder = description && engine().recordSteps(model, variables, description);
  if (!recorder) {
    return taped;
  }
  const first = model.layers.find((layer) => "describe" in layer) as DescribedLayer;
  const compute: GradientFunction = (x, y, weights, order) => {
    const step = recorder.stepFor(x, y, weights, order);
    if (!step) {
      return taped(x, y, weights);
    }
    // What the tape's operations would refuse.
    if (first.checkInput) {
      first.checkInput(x.rows());
    }
    if (description.kind === "crossEntropy") {
      checkLabelRows(y.rows(), model.outputs[0].shape.at(-1)!);
    }
    if (weights) {
      requireSomeWeight(weights.values.length, weights.sum);
    }
    return step();
  };
  return Object.assign(compute, { dispose: () => recorder.dispose() });
}

/** Gradients by tfjs's tape: works for every model and loss. */
export function tapedGradients(
  model: tf.LayersModel,
  variables: tf.Variable[],
  lossOf: Loss,
): GradientFunction {
  return (inputs, targets, weights) => {
    const [x, y] = [inputs.tensor(), targets.tensor()];
    const { value, grads } = variableGrads(variables, () => {
      const output = model.apply(x, { training: true }) as tf.Tensor;
      const loss = scalarOf(
        weights ? lossOf(output, y, tf.tensor(weights.values, weights.shape)) : lossOf(output, y),
      );
      // What a layer's kernelRegularizer and its like add.
      const penalties = model.calculateLosses();
      return (penalties.length > 0 ? tf.addN([loss, ...penalties]) : loss) as tf.Scalar;
    });
    const [loss] = value.dataSync();
    value.dispose();
    // A weight that the loss does not depend on has no gradient, which means that it is zero.
    const gradients = variables.map((variable) => grads[variable.name] ?? tf.zeros(variable.shape));
    return { loss, gradients, norm: globalNorm(gradients) };
  };
}

/** tf.variableGrads, which says nothing that helps where a loss has no gradient. */
function variableGrads(variables: tf.Variable[], lossOf: () => tf.Scalar) {
  let computed = false;
  try {
    return tf.variableGrads(() => {
      const loss = lossOf();
      computed = true;
      return loss;
    }, variables);
  } catch (error) {
    if (!computed) {
      throw error;
    }
    throw new Error(
      "The loss could be computed, but not its gradient by the model's weights. It must be made of the " +
        "model's output by operations that have a slope: not tf.argMax, a comparison or tf.round, nor " +
        `numbers that dataSync() gave. (${(error as Error).message})`,
      { cause: error },
    );
  }
}
