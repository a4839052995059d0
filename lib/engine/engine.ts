import type { tf } from "./tensorflow";

// What the library asks of whatever computes. Three engines answer: plain/ in operations of TensorFlow.js,
// which every backend runs, native/ on the kernels of TensorFlow's C library, and web/ by a WebAssembly module
// of the library's own. Layers, losses and optimizers only describe themselves, so that none of them knows
// which engine runs.

/** The recurrences that a layer can have; of a GRU, by where its reset gate acts. */
export type CellKind = "lstm" | "gru" | "gruResetAfter" | "simpleRnn";

/** The functions that a dense layer can end with. */
export type Activation = "linear" | "relu" | "sigmoid" | "tanh";

/** What a layer computes. */
export type LayerDescription =
  | { kind: "oneHot"; depth: number }
  | { kind: "embedding"; inputDim: number; outputDim: number }
  | { kind: "dropout"; rate: number }
  | { kind: "dense"; units: number; activation: Activation }
  /** Adds a learnt vector for each place; `contextLength` is how many there are. */
  | { kind: "positions"; contextLength: number }
  | { kind: "layerNorm" }
  | ({ kind: "transformerBlock"; dropout: number } & BlockSizes)
  | {
      kind: "recurrent";
      cell: CellKind;
      /** H */
      units: number;
      biasShape: number[];
      useBias: boolean;
      returnSequences: boolean;
      /** Whether it reads forwards, without dropout, and returns nothing but its output. */
      isSimple: boolean;
    };

/** What a transformer's block is made of. */
export interface BlockSizes {
  /** h; each head is D / h wide. */
  heads: number;
  /** How many values stand between the two products of its feed-forward part. */
  hidden: number;
  /** Whether queries and keys are turned by their places. */
  rotary: boolean;
  /** The most steps that it was made for. */
  contextLength: number;
}

/** A layer of this library. */
export interface DescribedLayer extends tf.layers.Layer {
  describe(): LayerDescription;
  /** @throws Error naming the first number of a batch that the layer cannot read */
  checkInput?(rows: Rows): void;
}

/** A layer that may carry a state from one batch to the next: h, and c of an LSTM, each [N, H]. */
export interface StatefulLayer extends DescribedLayer {
  /** The shapes of a state's tensors for N sequences. */
  stateShapes(N: number): number[][];
  /** The carried state, or zeros. @throws Error if it is one for another number of sequences */
  statesForBatch(N: number): tf.Tensor[];
  /** The carried state, empty where it is zeros. The tensors stay the layer's. */
  getStates(): tf.Tensor[];
  setStates(states: tf.Tensor[]): void;
  zeroStates(N: number): tf.Tensor[];
  /** From x [T, N, D] and states to the hidden states [T, N, H] and the states after the last step. */
  advance(x: tf.Tensor, states: tf.Tensor[]): { sequence: tf.Tensor; final: tf.Tensor[] };
}

/** Keys and values of the steps that a transformer's block has read, each [N, h, S, D / h]. */
export interface Past {
  keys: tf.Tensor;
  values: tf.Tensor;
}

/** A transformer's block, which may go on after steps that it has read. */
export interface TransformerBlockLayer extends DescribedLayer {
  /** From x [N, T, D] to the output [N, T, D], and the keys and values of all S + T steps. */
  advance(x: tf.Tensor, past?: Past): { output: tf.Tensor; past: Past };
  /** How much each step looks at each: x [N, T, D] to [N, h, T, T], whose rows sum to 1. */
  attentionOf(x: tf.Tensor): tf.Tensor;
}

/** A layer that adds learnt positions. */
export interface PositionsLayer extends DescribedLayer {
  /** x [N, T, D] plus the vectors of the places `from` ... `from` + T - 1. */
  addFrom(x: tf.Tensor, from: number): tf.Tensor;
}

/** What a layer computes; undefined of one that is not of this library. */
export function descriptionOf(layer: tf.layers.Layer): LayerDescription | undefined {
  // Not by `instanceof`: it fails for a model that was made before the library was loaded again.
  return "describe" in layer ? (layer as DescribedLayer).describe() : undefined;
}

/** Whether a layer is one of this library's recurrent layers, whichever copy of the library made it. */
export function isRecurrent(layer: tf.layers.Layer): layer is StatefulLayer {
  return descriptionOf(layer)?.kind === "recurrent";
}

/** The trainable arrays of a recurrent layer, G gates wide (LSTM 4, GRU 3, tanh 1). */
export interface SequenceWeights {
  /** [D, G H] */
  kernel: tf.Tensor;
  /** [H, G H] */
  recurrentKernel: tf.Tensor;
  /** [G H]; a GRU that resets after the product has [2, G H] */
  bias: tf.Tensor;
}

/** What a recurrence computed for one sequence. */
export interface Forward {
  /** The hidden states h_1 ... h_T: [T, N, H]. */
  sequence: tf.Tensor;
  /** The state after the last step, each [N, H] with memory of its own: h_T, and c_T for an LSTM. */
  final: tf.Tensor[];
  /** Whatever `backward` needs besides the inputs. */
  saved: tf.Tensor[];
}

/** Everything `backward` reads: the inputs of `forward` and its saved tensors. */
export interface Recorded {
  x: tf.Tensor;
  initial: tf.Tensor[];
  weights: SequenceWeights;
  saved: tf.Tensor[];
}

/** Gradients of the loss by what `forward` returned; undefined where that was not used. */
export interface OutputGradients {
  /** [T, N, H]; `backward` disposes of it, because it is as large as the layer's output. */
  sequence?: tf.Tensor;
  final: (tf.Tensor | undefined)[];
}

/** Functions that compute the gradient of each input; call them in this order, each at most once. */
export interface InputGradients {
  x: () => tf.Tensor;
  initial: (() => tf.Tensor)[];
  kernel: () => tf.Tensor;
  recurrentKernel: () => tf.Tensor;
  bias: () => tf.Tensor;
}

/**
 * One recurrent layer's mathematics over a whole sequence, forward and backward. Time comes first
 * here, x [T, N, D], because then one time step is one contiguous block of memory.
 */
export interface Recurrence {
  /** @param isRecorded whether `backward` may follow; else nothing needs to be saved. Default true. */
  forward(
    x: tf.Tensor,
    initial: tf.Tensor[],
    weights: SequenceWeights,
    isRecorded?: boolean,
  ): Forward;
  backward(recorded: Recorded, gradients: OutputGradients): InputGradients;
}

/** A loss of this library: of classes, or of numbers by their difference from the outputs. */
export type LossDescription =
  | { kind: "crossEntropy" }
  | { kind: "squaredError" }
  | { kind: "absoluteError" }
  | { kind: "huber"; delta: number };

/** Rows of numbers side by side. */
export type Rows = readonly ArrayLike<number>[];

/** One side of a batch, as it came: nothing of it is copied before somebody wants it in another form. */
export interface BatchNumbers {
  readonly shape: number[];
  readonly dtype: tf.DataType;
  /** The tensor that it came as, if it did. */
  readonly given?: tf.Tensor;
  /** The N examples, each its numbers in one row. */
  rows(): Rows;
  /** The same as a tensor. Call it within tf.tidy. */
  tensor(): tf.Tensor;
}

/** What each prediction of a batch counts, in one row, and the shape that this stands for. */
export interface LossWeights {
  values: Float32Array;
  /** That of the losses: [N], or [N, T]. */
  shape: number[];
  sum: number;
}

/** What a batch says about a model's weights. */
export interface Gradients {
  /** The batch's mean loss. */
  loss: number;
  /** One for each trainable variable, for the caller to dispose of. */
  gradients: tf.Tensor[];
  /** The Euclidean norm of all gradients together. */
  norm: number;
  /** Whether the update that was asked for has been made along with them; then `gradients` is empty. */
  updated?: boolean;
}

/** What is done to gradients before a step. */
export interface UpdateLimits {
  /** The longest that all of them together may be; longer ones are shortened to that. */
  clipNorm?: number;
  /** The largest that each of their numbers may be. */
  clipValue?: number;
  /** λ: the gradient of λ/2 ‖θ‖² is added after clipping. */
  weightDecay?: number;
}

/** An optimizer's next step, for an engine that can make it along with the gradients. */
export interface UpdateOrder extends UpdateLimits {
  slots: Slots;
  /** Those of the rule. */
  scalars: number[];
}

/** Training steps that are computed as a whole, without a tape. */
export interface StepRecorder {
  /**
   * The step of a batch, which computes in training mode and lets stateful layers move on.
   *
   * @param order the update to make along with it, where the engine can and loss and norm are finite
   * @returns undefined for a batch that has to be taped
   */
  stepFor(
    x: BatchNumbers,
    y: BatchNumbers,
    weights?: LossWeights,
    order?: UpdateOrder,
  ): (() => Gradients) | undefined;
  /** Frees what was recorded. */
  dispose(): void;
}

/** The formulas by which optimizers update variables. */
export type UpdateKind =
  | "sgd"
  | "momentum"
  | "nesterov"
  | "adagrad"
  | "adadelta"
  | "rmsProp"
  | "adam"
  | "adamW";

/** How an optimizer changes variables: a formula, what it keeps, and the numbers in it. */
export interface UpdateRule {
  kind: UpdateKind;
  /** Names of the arrays kept for each variable, of its shape, and what fills them at first. */
  slots: Record<string, number>;
  /** The numbers of one step's formula, in its order; the first step is 1. */
  scalars(step: number, learningRate: number): number[];
}

/** An optimizer's memory, and the steps on it. */
export interface Slots {
  /** One step. @param scalars the rule's; @param gradients one for each variable, of its shape */
  update(scalars: number[], gradients: tf.Tensor[]): void;
  /** Copies of all slots: [slot][variable]. */
  values(): Float32Array[][];
  dispose(): void;
}

/** Logits [N, V] row by row: a Float32Array with a buffer of its own. */
export type Logits = ReturnType<Float32Array["slice"]>;

/** Runs a char-RNN or a transformer one symbol at a time, carrying states of its own. */
export interface Stepper {
  /**
   * Reads one symbol for each of N sequences.
   *
   * @param ids N symbols, each 0 ... V - 1
   * @returns the logits of the next ones, [N, V] row by row
   * @throws Error if there are not N ids, or one is out of range
   */
  step(ids: Int32Array): Logits;
  /** Begins all sequences again, with states of zeros, or with nothing read. */
  reset(): void;
  /** Frees states and weights. */
  dispose(): void;
}

/** The layers of a char-RNN in the order in which a step runs through them. */
export interface CharRnnLayers {
  /** One-hot or embedding. */
  input: DescribedLayer;
  recurrent: (StatefulLayer & { units: number })[];
  dense: tf.layers.Layer;
  /** V */
  symbols: number;
}

/** The layers of a transformer in the order in which a step runs through them. */
export interface TransformerLayers {
  /** Embedding. */
  input: DescribedLayer;
  positions?: PositionsLayer;
  blocks: TransformerBlockLayer[];
  norm: DescribedLayer;
  dense: tf.layers.Layer;
  /** V */
  symbols: number;
  /** C, how many symbols it can look at. */
  contextLength: number;
}

/** The layers of a network that writes symbol by symbol. */
export type SteppedLayers = CharRnnLayers | TransformerLayers;

/** All that differs between what may compute. Its functions are called within tf.tidy. */
export interface Engine {
  readonly name: "plain" | "native" | "web";

  /** A recurrent layer's mathematics; `mask` [N, H] drops parts of h on their way into the gates. */
  recurrence(cell: CellKind, run: { training: boolean; mask?: tf.Tensor }): Recurrence;
  /** y = f(x W + b), differentiable: x [..., D], kernel [D, M], bias [M] to [..., M]. */
  dense(
    x: tf.Tensor,
    weights: { kernel: tf.Tensor; bias?: tf.Tensor },
    run: { activation: Activation; training: boolean },
  ): tf.Tensor;
  /** Indices int32 [...] to float32 [..., depth], 1 at the index and 0 elsewhere. */
  oneHot(indices: tf.Tensor, depth: number): tf.Tensor;
  /** The rows of a table [V, D] at indices int32 [...]: [..., D]. */
  lookUp(table: tf.Tensor, indices: tf.Tensor): tf.Tensor;
  /** The gradient of {@link lookUp}: row v of [V, D] is the sum of the rows [..., D] with index v. */
  sumByIndex(rows: tf.Tensor, indices: tf.Tensor, V: number): tf.Tensor;
  /**
   * 0 with probability `rate`, else 1 / (1 - rate), the rate rounded to 1/65536; from the generator that `setSeed`
   * sets. The same from all engines.
   */
  dropoutMask(shape: number[], rate: number): tf.Tensor;

  /**
   * The mean cross-entropy, differentiable by the logits [..., V]: labels int32 [...].
   *
   * @param shares what each loss counts in the mean, in one row; default all alike
   */
  crossEntropy(logits: tf.Tensor, labels: tf.Tensor, shares?: Float32Array): tf.Scalar;

  /** Whole steps of a model; undefined where each operation has to be taped. */
  recordSteps(
    model: tf.LayersModel,
    variables: tf.Variable[],
    loss: LossDescription,
  ): StepRecorder | undefined;
  /** Tensors times a number, as new ones. */
  scaled(tensors: tf.Tensor[], factor: number): tf.Tensor[];
  /** Tensors with every number limited to -limit ... limit, as new ones. */
  limited(tensors: tf.Tensor[], limit: number): tf.Tensor[];
  /** Each tensor plus `factor` times the other one in its place, as new ones. */
  plusScaled(tensors: tf.Tensor[], others: tf.Tensor[], factor: number): tf.Tensor[];
  sumOfSquares(tensor: tf.Tensor): number;
  /** The memory of an optimizer. @param initial [slot][variable], read once */
  slots(rule: UpdateRule, variables: tf.Variable[], initial: Float32Array[][]): Slots;

  /** A stepper for N sequences, with a copy of the weights where that makes it faster. */
  stepper(layers: SteppedLayers, N: number): Stepper;
}
