import { differentiable } from "../backend/differentiable";
import { tf } from "../backend/tensorflow";
import { dropoutMask } from "./dropoutMask";
import {
  GateOrthogonal,
  type Initializer,
  resolveInitializer,
  serializeInitializer,
} from "./initializers";
import type { Shape } from "./layerTypes";
import type { Recurrence, Weights } from "./recurrence";
import { fraction, positiveInteger, type RecurrentOptions } from "./recurrentOptions";

/**
 * A recurrent layer: input [N, T, D], output [N, T, H] or [N, H]. It holds weights and states; what
 * it computes is a {@link Recurrence}.
 *
 * A state carried between batches belongs to the layer; whatever computes the next one frees it.
 */
export abstract class RecurrentLayer extends tf.layers.Layer {
  readonly units: number;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly useBias: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
  protected readonly kernelInitializer: Initializer;
  protected readonly recurrentInitializer: Initializer;
  protected readonly biasInitializer: Initializer;
  private variables: tf.LayerVariable[] = [];
  private states: tf.Tensor[] = [];

  /** Gates side by side in the weights: 4 of an LSTM, 3 of a GRU, 1 of a tanh layer. */
  protected abstract readonly gates: number;
  /** Tensors [N, H] that make up the state: h, and c of an LSTM. */
  protected abstract readonly stateCount: number;
  /** The mathematics, for training or not, with or without a mask [N, H] on h. */
  protected abstract recurrence(training: boolean, recurrentMask?: tf.Tensor): Recurrence;

  constructor(options: RecurrentOptions) {
    super(options);
    this.units = positiveInteger("units", options.units);
    this.returnSequences = options.returnSequences ?? false;
    this.returnState = options.returnState ?? false;
    this.goBackwards = options.goBackwards ?? false;
    this.useBias = options.useBias ?? true;
    this.dropout = fraction("dropout", options.dropout ?? 0);
    this.recurrentDropout = fraction("recurrentDropout", options.recurrentDropout ?? 0);
    this._stateful = options.stateful ?? false;
    this.kernelInitializer = resolveInitializer(options.kernelInitializer ?? "glorotUniform");
    this.recurrentInitializer = resolveInitializer(
      options.recurrentInitializer ?? (new GateOrthogonal() as unknown as Initializer),
    );
    this.biasInitializer = resolveInitializer(options.biasInitializer ?? "zeros");
  }

  /** Shape of the bias; {@link GRU} with resetAfter has two rows. */
  protected biasShape(): number[] {
    return [this.gates * this.units];
  }

  /** What fills the bias; {@link LSTM} sets its forget gate's part to 1. */
  protected biasFiller(): Initializer {
    return this.biasInitializer;
  }

  override build(inputShape: Shape | Shape[]): void {
    const [shape] = listOfShapes(inputShape);
    const D = shape[2];
    if (shape.length !== 3 || D === null) {
      throw new Error(
        `${this.name} expects sequences [batch, time, features] with a known number of features, ` +
          `but its input has the shape [${shape.map((n) => n ?? "any")}]. Put layers.oneHot or ` +
          "layers.embedding before it where the input is a tensor of indices.",
      );
    }
    const width = this.gates * this.units;
    this.variables = [
      this.addWeight("kernel", [D, width], "float32", this.kernelInitializer),
      this.addWeight("recurrent_kernel", [this.units, width], "float32", this.recurrentInitializer),
    ];
    if (this.useBias) {
      this.variables.push(this.addWeight("bias", this.biasShape(), "float32", this.biasFiller()));
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [[N, T]] = listOfShapes(inputShape);
    const output = this.returnSequences ? [N, T, this.units] : [N, this.units];
    if (!this.returnState) return output;
    return [output, ...new Array<Shape>(this.stateCount).fill([N, this.units])];
  }

  /** @throws Error if there is a mask: no fused kernel skips steps */
  override computeMask(
    _inputs: tf.Tensor | tf.Tensor[],
    mask?: tf.Tensor | tf.Tensor[],
  ): tf.Tensor {
    if ([mask].flat().some((each) => each)) {
      throw new Error(
        `${this.name} cannot skip masked steps. Use sequences of one length (cut the text into ` +
          "batches without padding), or tf.layers.lstm, tf.layers.gru or tf.layers.simpleRNN, " +
          "which read masks and have the same weights.",
      );
    }
    return null as unknown as tf.Tensor;
  }

  /**
   * Runs the layer. The initial state may be given as further inputs, `[x, h]` or `[x, h, c]`, or as
   * `{ initialState: [h, c] }`; gradients then flow into it.
   */
  override apply(
    inputs: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[],
    options: { initialState?: tf.Tensor[] | tf.SymbolicTensor[]; training?: boolean } = {},
  ): tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[] {
    const { initialState, ...rest } = options;
    if (!initialState) return super.apply(inputs, rest);
    return super.apply([...[inputs].flat(), ...initialState] as tf.Tensor[], rest);
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    options: { training?: boolean; mask?: tf.Tensor | tf.Tensor[] },
  ): tf.Tensor | tf.Tensor[] {
    if (options.mask) this.computeMask(inputs, options.mask);
    const [x, ...given] = [inputs].flat();
    if (given.length !== 0) this.checkStates(given, x.shape[0]);
    return tf.tidy(() => {
      const training = options.training ?? false;
      const initial = given.length ? given : this.initialStates(x.shape[0]);
      const outputs = this.run(this.prepareInput(x, training), initial, given.length > 0, training);
      return this.returnState ? outputs : outputs[0];
    });
  }

  /**
   * Runs a sequence without a tape, dropout, or the layer's own states, in its natural layout: time
   * comes first.
   *
   * @param x [T, N, D]
   * @param states where it begins, each [N, H]
   * @returns the hidden states [T, N, H], and the states after the last step
   */
  advance(x: tf.Tensor, states: tf.Tensor[]): { sequence: tf.Tensor; final: tf.Tensor[] } {
    const { sequence, final } = this.recurrence(false).forward(x, states, this.weightTensors());
    return { sequence, final };
  }

  /** States of zeros for N sequences: h or [h, c], each [N, H]. */
  zeroStates(N: number): tf.Tensor[] {
    return Array.from({ length: this.stateCount }, () => tf.zeros([N, this.units]));
  }

  private weightTensors(): Weights {
    const [kernel, recurrentKernel, bias] = this.variables.map((variable) => variable.read());
    return { kernel, recurrentKernel, bias: bias ?? tf.zeros(this.biasShape()) };
  }

  private prepareInput(x: tf.Tensor, training: boolean): tf.Tensor {
    const ordered = this.goBackwards ? tf.reverse(x, 1) : x;
    if (!training || this.dropout === 0) return ordered;
    const [N, , D] = x.shape;
    return tf.mul(ordered, dropoutMask([N, 1, D], this.dropout));
  }

  private run(x: tf.Tensor, initial: tf.Tensor[], initialGiven: boolean, training: boolean) {
    const masks =
      training && this.recurrentDropout > 0
        ? [dropoutMask([x.shape[0], this.units], this.recurrentDropout)]
        : [];
    const weights = this.weightTensors();
    const { kernel, recurrentKernel, bias } = weights;
    const inputs: Record<string, tf.Tensor> = { x };
    if (initialGiven)
      initial.forEach((state, i) => {
        inputs[`initial${i}`] = state;
      });
    Object.assign(inputs, { kernel, recurrentKernel });
    if (this.useBias) inputs.bias = bias;

    return differentiable(
      inputs,
      (save) => {
        const timeMajor = tf.transpose(x, [1, 0, 2]);
        const recurrence = this.recurrence(training, masks[0]);
        const { sequence, final, saved } = recurrence.forward(timeMajor, initial, weights);
        save([timeMajor, ...initial, kernel, recurrentKernel, bias, ...masks, ...saved]);
        if (this.stateful) this.keepStates(final);
        const output = this.returnSequences ? tf.transpose(sequence, [1, 0, 2]) : final[0];
        // An output that is a state as well is cloned: the tape tells tensors apart by identity.
        return this.returnState ? [output, ...final.map((state) => state.clone())] : [output];
      },
      ([output, ...final], [timeMajor, ...rest]) => {
        const states = rest.splice(0, this.stateCount);
        const [savedKernel, savedRecurrent, savedBias] = rest.splice(0, 3);
        const [savedMask] = rest.splice(0, masks.length);
        const ofWeights = { kernel: savedKernel, recurrentKernel: savedRecurrent, bias: savedBias };
        const finals: (tf.Tensor | undefined)[] = this.returnState
          ? final
          : new Array(this.stateCount).fill(undefined);
        if (!this.returnSequences) finals[0] = finals[0] ? tf.add(finals[0], output) : output;
        const sequence = this.returnSequences ? tf.transpose(output, [1, 0, 2]) : undefined;
        const gradients = this.recurrence(training, savedMask).backward(
          { x: timeMajor, initial: states, weights: ofWeights, saved: rest },
          { sequence, final: finals },
        );
        return {
          x: () => tf.transpose(gradients.x(), [1, 0, 2]),
          ...Object.fromEntries(gradients.initial.map((each, i) => [`initial${i}`, each])),
          kernel: gradients.kernel,
          recurrentKernel: gradients.recurrentKernel,
          bias: gradients.bias,
        } as Record<string, () => tf.Tensor>;
      },
    );
  }

  private initialStates(N: number): tf.Tensor[] {
    if (this.states.length === 0) return this.zeroStates(N);
    this.checkStates(this.states, N);
    return this.states;
  }

  private checkStates(states: tf.Tensor[], N: number): void {
    const fit = states.every((s) => s.shape.length === 2 && s.shape[1] === this.units);
    if (states.length !== this.stateCount || !fit || states[0].shape[0] !== N) {
      throw new Error(
        `${this.name} takes ${this.stateCount} state tensors of the shape [${N}, ${this.units}] with ` +
          `this batch of ${N} sequences, but has ${states.length}: ` +
          `${states.map((s) => `[${s.shape}]`).join(", ")}. A stateful layer needs batches of one ` +
          "size; call resetStates() before another size comes.",
      );
    }
  }

  private keepStates(states: tf.Tensor[]): void {
    const before = this.states;
    this.states = states.map((state) => tf.keep(state.clone()));
    tf.dispose(before);
  }

  /**
   * The state that the next batch begins with, h or [h, c], each [N, H]; empty where it begins with
   * zeros. The tensors belong to the layer: read them (`dataSync()`), do not dispose of them.
   */
  getStates(): tf.Tensor[] {
    return [...this.states];
  }

  /** Sets the state that the next batch begins with, by copying it. The caller keeps its tensors. */
  setStates(states: tf.Tensor[]): void {
    if (!this.stateful) {
      throw new Error(`${this.name} carries no state: make it with { stateful: true }.`);
    }
    if (states.length > 0) this.checkStates(states, states[0].shape[0]);
    this.keepStates(states);
  }

  /** Lets the next batch begin with zeros. */
  override resetStates(): void {
    this.setStates([]);
  }

  override dispose(): ReturnType<tf.layers.Layer["dispose"]> {
    const result = super.dispose();
    if (result.refCountAfterDispose === 0) {
      tf.dispose(this.states);
      this.states = [];
    }
    return result;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      units: this.units,
      returnSequences: this.returnSequences,
      returnState: this.returnState,
      stateful: this.stateful,
      goBackwards: this.goBackwards,
      useBias: this.useBias,
      dropout: this.dropout,
      recurrentDropout: this.recurrentDropout,
      kernelInitializer: { ...serializeInitializer(this.kernelInitializer) },
      recurrentInitializer: { ...serializeInitializer(this.recurrentInitializer) },
      biasInitializer: { ...serializeInitializer(this.biasInitializer) },
    };
  }
}

function listOfShapes(shape: Shape | Shape[]): Shape[] {
  return Array.isArray(shape[0]) ? (shape as Shape[]) : [shape as Shape];
}
