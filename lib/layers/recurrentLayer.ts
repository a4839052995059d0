import { isNative } from "../backend/nativeOperations";
import { tf } from "../backend/tensorflow";
import { CarriedStates } from "./carriedStates";
import { dropoutMask } from "./dropoutMask";
import {
  GateOrthogonal,
  type Initializer,
  resolveInitializer,
  serializeInitializer,
} from "./initializers";
import type { Shape } from "./layerTypes";
import { recordRecurrent } from "./native/record";
import type { NativeRecurrence } from "./native/recurrence";
import { nativeRecurrence } from "./native/run";
import type { LayerRecord, Recordable, RecordingInputs, Signal } from "./recording";
import type { Recurrence, Weights } from "./recurrence";
import { fraction, positiveInteger, type RecurrentOptions } from "./recurrentOptions";
import { runSequence } from "./recurrentTape";

const BRAND = Symbol.for("karenina.RecurrentLayer");

/**
 * Whether a layer is a {@link RecurrentLayer}. `instanceof` would say no where a notebook holds a model
 * that was made before the library was edited and loaded anew.
 */
export function isRecurrentLayer(layer: tf.layers.Layer): layer is RecurrentLayer {
  return BRAND in layer;
}

/**
 * A recurrent layer: input [N, T, D], output [N, T, H] or [N, H]. It holds weights and states; what
 * it computes is a {@link Recurrence}.
 */
export abstract class RecurrentLayer extends tf.layers.Layer implements Recordable {
  readonly [BRAND] = true;
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
  private kept?: CarriedStates;

  /** Gates side by side in the weights: 4 of an LSTM, 3 of a GRU, 1 of a tanh layer. */
  protected abstract readonly gates: number;
  /** Tensors [N, H] that make up the state: h, and c of an LSTM. */
  protected abstract readonly stateCount: number;
  /** The mathematics in plain operations, with or without a mask [N, H] on h. */
  protected abstract plain(recurrentMask?: tf.Tensor): Recurrence;
  /** The mathematics on TensorFlow's fused kernels. */
  protected abstract native(): NativeRecurrence;

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
    const N = x.shape[0];
    if (given.length !== 0) this.carried.check(given, N);
    return tf.tidy(() => {
      const training = options.training ?? false;
      const outputs = runSequence({
        x: this.prepareInput(x, training),
        initial: given.length ? given : this.carried.forBatch(N),
        initialGiven: given.length > 0,
        weights: this.weightTensors(),
        useBias: this.useBias,
        returnSequences: this.returnSequences,
        returnState: this.returnState,
        mask:
          training && this.recurrentDropout > 0
            ? dropoutMask([N, this.units], this.recurrentDropout)
            : undefined,
        recurrence: (mask) => this.recurrence(training, mask),
        onFinal: (final) => this.stateful && this.carried.keep(final),
      });
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
    return this.carried.zeros(N);
  }

  private recurrence(training: boolean, mask?: tf.Tensor): Recurrence {
    return isNative && !mask ? nativeRecurrence(this.native(), training) : this.plain(mask);
  }

  /** Made when first asked for: how many tensors make a state, the subclass says after this constructor. */
  private get carried(): CarriedStates {
    this.kept ??= new CarriedStates(this.name, this.stateCount, this.units);
    return this.kept;
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

  recordable(input: Signal["kind"]): boolean {
    const masked = this.dropout > 0 || this.recurrentDropout > 0;
    return input !== "indices" && !masked && !this.goBackwards && !this.returnState;
  }

  record(input: Signal, read: RecordingInputs): LayerRecord {
    return recordRecurrent(this.native(), input, read, {
      units: this.units,
      biasShape: this.biasShape(),
      useBias: this.useBias,
      returnSequences: this.returnSequences,
    });
  }

  /**
   * The state that the next batch begins with, h or [h, c], each [N, H]; empty where it begins with
   * zeros. The tensors belong to the layer: read them (`dataSync()`), do not dispose of them.
   */
  getStates(): tf.Tensor[] {
    return this.carried.current();
  }

  /** Sets the state that the next batch begins with, by copying it. The caller keeps its tensors. */
  setStates(states: tf.Tensor[]): void {
    if (!this.stateful) {
      throw new Error(`${this.name} carries no state: make it with { stateful: true }.`);
    }
    if (states.length > 0) this.carried.check(states, states[0].shape[0]);
    this.carried.keep(states);
  }

  /** The shapes of a state's tensors for N sequences: h, and c of an LSTM. */
  stateShapes(N: number): number[][] {
    return new Array(this.stateCount).fill([N, this.units]);
  }

  /** The state that a batch of N sequences begins with: the carried one, or new zeros. */
  statesForBatch(N: number): tf.Tensor[] {
    return this.carried.forBatch(N);
  }

  /** Lets the next batch begin with zeros. */
  override resetStates(): void {
    this.setStates([]);
  }

  override dispose(): ReturnType<tf.layers.Layer["dispose"]> {
    const result = super.dispose();
    if (result.refCountAfterDispose === 0) this.carried.dispose();
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
