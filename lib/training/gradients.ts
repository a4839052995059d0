import { tf } from "../backend";
import { isNative } from "../backend/nativeOperations";
import type { Signal } from "../layers/recording";
import { sparseSoftmaxCrossEntropy } from "../losses";
import { globalNorm } from "./clipping";
import type { Loss } from "./options";
import type { RecordableLayer } from "./recordedPart";
import { type BatchSizes, RecordedStep } from "./recordedStep";

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
  (x: tf.Tensor, y: tf.Tensor): Gradients;
  /** Frees what was recorded. */
  dispose?(): void;
}

/** Recording takes as long as some steps do; batches of more different sizes are taped. */
const MOST_RECORDINGS = 8;
/** The longest sequence that is recorded: its steps become nodes of a graph each. */
const LONGEST = 200;

/**
 * The fastest way to a model's gradients. Where the loss is the default one and the model a plain
 * sequence of this library's layers, a whole step is recorded as one graph of TensorFlow; otherwise
 * tfjs's tape takes down each operation.
 */
export function gradientFunction(
  model: tf.LayersModel,
  variables: tf.Variable[],
  loss: Loss = sparseSoftmaxCrossEntropy,
): GradientFunction {
  const taped = tapedGradients(model, variables, loss);
  const layers = loss === sparseSoftmaxCrossEntropy ? recordableLayers(model) : undefined;
  if (!layers) return taped;
  const recorded = new Map<string, RecordedStep>();
  const compute = (x: tf.Tensor, y: tf.Tensor) => {
    const sizes = sizesOf(model, x, y);
    if (!sizes) return taped(x, y);
    const key = `${sizes.xType} ${sizes.x} ${sizes.y}`;
    let step = recorded.get(key);
    if (!step) {
      if (recorded.size >= MOST_RECORDINGS) return taped(x, y);
      step = new RecordedStep(layers, variables, sizes);
      recorded.set(key, step);
    }
    layers[0].checkInput?.(x);
    return step.run(x, y);
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
  return (x, y) => {
    const { value, grads } = tf.variableGrads(() => {
      const loss = lossOf(model.apply(x, { training: true }) as tf.Tensor, y);
      // What a layer's kernelRegularizer and its like add.
      const penalties = model.calculateLosses();
      return (penalties.length > 0 ? tf.addN([loss, ...penalties]) : loss) as tf.Scalar;
    }, variables);
    const [loss] = value.dataSync();
    value.dispose();
    const gradients = variables.map((variable) => grads[variable.name]);
    return { loss, gradients, norm: globalNorm(gradients) };
  };
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
function sizesOf(model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor): BatchSizes | undefined {
  const [input, output] = [model.inputs[0], model.outputs[0]];
  if (x.dtype !== input.dtype || x.rank !== input.shape.length) return undefined;
  const xType = x.dtype === "int32" ? "int32" : "float32";
  const T = x.rank === (xType === "int32" ? 1 : 2) ? 1 : x.shape[1]!;
  const leading = x.shape.slice(0, output.shape.length - 1);
  const fits = y.dtype === "int32" && y.shape.join() === leading.join();
  return fits && T <= LONGEST ? { x: x.shape, xType, y: y.shape } : undefined;
}
