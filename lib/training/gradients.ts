import { isNative } from "../engine/native/operations";
import type { RecordableLayer } from "../engine/native/recordedPart";
import { type BatchSizes, RecordedStep } from "../engine/native/recordedStep";
import { tf } from "../engine/tensorflow";
import type { Signal } from "../layers/recording";
import { sparseSoftmaxCrossEntropy } from "../losses";
import { recordedLossOf, type TargetKind } from "../losses/lossKind";
import type { Weights } from "./batchWeights";
import { globalNorm } from "./clipping";
import { scalarOf } from "./lossValue";
import type { Loss } from "./options";

/** What a batch says about a model's weights. */
export interface Gradients {
  /** The batch's mean loss. */
  loss: number;
  /** One for each trainable variable, for the caller to dispose of. */
  gradients: tf.Tensor[];
  /** The Euclidean norm of all gradients together. */
  norm: number;
}

/** Computes the loss and its gradients for a batch, in training mode; stateful layers move on. */
export interface GradientFunction {
  (x: tf.Tensor, y: tf.Tensor, weights?: Weights): Gradients;
  /** Frees what was recorded. */
  dispose?(): void;
}

/** Recording takes as long as some steps do; batches of more different sizes are taped. */
const MOST_RECORDINGS = 8;
/** The longest sequence that is recorded: its steps become nodes of a graph each. */
const LONGEST = 200;

/**
 * The fastest way to a model's gradients. Where the loss is one of this library's and the model a plain
 * sequence of this library's layers, a whole step is recorded as one graph of TensorFlow; otherwise
 * tfjs's tape takes down each operation.
 */
export function gradientFunction(
  model: tf.LayersModel,
  variables: tf.Variable[],
  loss: Loss = sparseSoftmaxCrossEntropy,
): GradientFunction {
  const taped = tapedGradients(model, variables, loss);
  const recordedLoss = recordedLossOf(loss);
  const layers = recordedLoss && recordableLayers(model);
  if (!layers) return taped;
  const recorded = new Map<string, RecordedStep>();
  const compute = (x: tf.Tensor, y: tf.Tensor, weights?: Weights) => {
    const sizes = sizesOf(model, x, y, recordedLoss.targets);
    if (!sizes) return taped(x, y, weights);
    const key = `${sizes.xType} ${sizes.x} ${sizes.y} ${weights !== undefined}`;
    let step = recorded.get(key);
    if (!step) {
      if (recorded.size >= MOST_RECORDINGS) return taped(x, y, weights);
      const weighted = weights !== undefined;
      step = new RecordedStep(layers, variables, { ...sizes, weighted }, recordedLoss);
      recorded.set(key, step);
    }
    layers[0].checkInput?.(x);
    return step.run(x, y, weights);
  };
  const dispose = () => {
    for (const step of recorded.values()) step.dispose();
    recorded.clear();
  };
  return Object.assign(compute, { dispose });
}

/** Gradients by tfjs's tape: works for every model and loss. */
export function tapedGradients(
  model: tf.LayersModel,
  variables: tf.Variable[],
  lossOf: Loss,
): GradientFunction {
  return (x, y, weights) => {
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
    if (!computed) throw error;
    throw new Error(
      "The loss could be computed, but not its gradient by the model's weights. It must be made of the " +
        "model's output by operations that have a slope: not tf.argMax, a comparison or tf.round, nor " +
        `numbers that dataSync() gave. (${(error as Error).message})`,
      { cause: error },
    );
  }
}

/** The layers of a model that can be recorded from the first to the last; undefined of any other. */
function recordableLayers(model: tf.LayersModel): RecordableLayer[] | undefined {
  if (!isNative || model.getClassName() !== "Sequential") return undefined;
  const layers = model.layers.filter((layer) => layer.getClassName() !== "InputLayer");
  const trainable = layers.flatMap((layer) => layer.trainableWeights).length;
  const all = layers.flatMap((layer) => layer.weights).length;
  if (trainable === 0 || trainable !== all) return undefined;
  if (!layers.every((layer) => "record" in layer)) return undefined;
  const recordable = layers as RecordableLayer[];
  let kind: Signal["kind"] = model.inputs[0].dtype === "int32" ? "indices" : "values";
  for (const layer of recordable) {
    if (!layer.recordable(kind)) return undefined;
    kind = layer.outputKind ?? "values";
  }
  return kind === "values" ? recordable : undefined;
}

/** The sizes of a batch, where they are such that the step can be recorded. */
function sizesOf(
  model: tf.LayersModel,
  x: tf.Tensor,
  y: tf.Tensor,
  targets: TargetKind,
): Omit<BatchSizes, "weighted"> | undefined {
  const [input, output] = [model.inputs[0], model.outputs[0]];
  if (x.dtype !== input.dtype || x.rank !== input.shape.length) return undefined;
  const xType = x.dtype === "int32" ? "int32" : "float32";
  const T = x.rank === (xType === "int32" ? 1 : 2) ? 1 : x.shape[1]!;
  const leading = x.shape.slice(0, output.shape.length - 1);
  const ofClasses = targets === "classes";
  const outputs = output.shape.at(-1)!;
  const wanted = ofClasses ? leading : [...leading, outputs];
  const fits = y.dtype === (ofClasses ? "int32" : "float32") && y.shape.join() === wanted.join();
  if (!fits || T > LONGEST) return undefined;
  return { x: x.shape, xType, y: y.shape, outputs, rows: leading };
}
