import { isNative } from "../engine/native/operations";
import { recordRecurrent } from "../engine/native/record";
import type { NativeRecurrence } from "../engine/native/recurrence";
import { nativeRecurrence } from "../engine/native/run";
import { tf } from "../engine/tensorflow";
import { CarriedStates } from "./carriedStates";
import { dropoutMask } from "./dropoutMask";
import { numbersOf } from "./layerInput";
import type { LayerRecord, Recordable, RecordingInputs, Signal } from "./recording";
import type { Recurrence } from "./recurrence";
import { runSequence } from "./recurrentTape";
import { RecurrentWeights } from "./recurrentWeights";

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
export abstract class RecurrentLayer extends RecurrentWeights implements Recordable {
  readonly [BRAND] = true;
  private kept?: CarriedStates;

  /** The mathematics in plain operations, with or without a mask [N, H] on h. */
  protected abstract plain(recurrentMask?: tf.Tensor): Recurrence;
  /** The mathematics on TensorFlow's fused kernels. */
  protected abstract native(): NativeRecurrence;

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
    const [input, ...given] = [inputs].flat();
    return tf.tidy(() => {
      const x = numbersOf(this.name, input, ["batch", "time", this.inputFeatures]);
      const N = x.shape[0];
      if (given.length !== 0) this.carried.check(given, N);
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
    const input = numbersOf(this.name, x, ["time", "batch", this.inputFeatures]);
    this.carried.check(states, x.shape[1]!);
    const { sequence, final } = this.recurrence(false).forward(input, states, this.weightTensors());
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
    if (states.length > 0) this.carried.check(states, states[0]!.shape?.[0] ?? 1);
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
}
