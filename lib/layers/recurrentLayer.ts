import { engine } from "../engine/choice";
import type {
  CellKind,
  LayerDescription,
  Recurrence,
  SequenceWeights,
  StatefulLayer,
} from "../engine/engine";
import { differentiable, tf } from "../engine/tensorflow";
import { numbersOf } from "./layerArguments";
import { RecurrentWeights } from "./recurrentWeights";

/** How a recurrent layer reads one batch. */
interface SequenceRun {
  /** [N, T, D] */
  x: tf.Tensor;
  /** Where it begins, each [N, H]. */
  initial: tf.Tensor[];
  /** Whether gradients flow into `initial`: it was given, not carried over. */
  initialGiven: boolean;
  weights: SequenceWeights;
  useBias: boolean;
  returnSequences: boolean;
  returnState: boolean;
  /** [N, H], what recurrent dropout leaves of h. */
  mask?: tf.Tensor;
  recurrence: (mask?: tf.Tensor) => Recurrence;
  /** Told the state after the last step. */
  onFinal: (final: tf.Tensor[]) => void;
}

/**
 * Runs a recurrence over a batch with tfjs's tape: from the batch-major layout of layers to the
 * time-major one of recurrences and back, forward and in the gradient.
 *
 * @returns the output, and with `returnState` the states after the last step
 */
function runSequence(run: SequenceRun): tf.Tensor[] {
  const { x, initial, weights, returnSequences, returnState } = run;
  const { kernel, recurrentKernel, bias } = weights;
  const masks = run.mask ? [run.mask] : [];
  const inputs: Record<string, tf.Tensor> = { x };
  if (run.initialGiven) {
    initial.forEach((state, i) => {
      inputs[`initial${i}`] = state;
    });
  }
  Object.assign(inputs, { kernel, recurrentKernel });
  if (run.useBias) {
    inputs.bias = bias;
  }

  // Asked here, since nothing is recorded within an operation.
  const isRecorded = tf.engine().isTapeOn();
  return differentiable(
    inputs,
    (save) => {
      const timeMajor = tf.transpose(x, [1, 0, 2]);
      const { sequence, final, saved } = run
        .recurrence(masks[0])
        .forward(timeMajor, initial, weights, isRecorded);
      save([timeMajor, ...initial, kernel, recurrentKernel, bias, ...masks, ...saved]);
      run.onFinal(final);
      const output = returnSequences ? tf.transpose(sequence, [1, 0, 2]) : final[0];
      // An output that is a state as well is cloned: the tape tells tensors apart by identity.
      return returnState ? [output, ...final.map((state) => state.clone())] : [output];
    },
    ([output, ...final], [timeMajor, ...rest]) => {
      const states = rest.splice(0, initial.length);
      const [savedKernel, savedRecurrent, savedBias] = rest.splice(0, 3);
      const [savedMask] = rest.splice(0, masks.length);
      const ofWeights = { kernel: savedKernel, recurrentKernel: savedRecurrent, bias: savedBias };
      const finals: (tf.Tensor | undefined)[] = returnState
        ? final
        : new Array(initial.length).fill(undefined);
      if (!returnSequences) {
        finals[0] = finals[0] ? tf.add(finals[0], output) : output;
      }
      const sequence = returnSequences ? tf.transpose(output, [1, 0, 2]) : undefined;
      const gradients = run
        .recurrence(savedMask)
        .backward(
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

/**
 * A recurrent layer: input [N, T, D], output [N, T, H] or [N, H]. It holds weights and states; the
 * mathematics are the engine's.
 */
export abstract class RecurrentLayer extends RecurrentWeights implements StatefulLayer {
  private kept?: CarriedStates;

  /** Which recurrence it computes. */
  protected abstract readonly cell: CellKind;

  /**
   * Runs the layer. The initial state may be given as further inputs, `[x, h]` or `[x, h, c]`, or as
   * `{ initialState: [h, c] }`; gradients then flow into it.
   */
  override apply(
    inputs: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[],
    options: { initialState?: tf.Tensor[] | tf.SymbolicTensor[]; training?: boolean } = {},
  ): tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[] {
    const { initialState, ...rest } = options;
    if (!initialState) {
      return super.apply(inputs, rest);
    }
    return super.apply([...[inputs].flat(), ...initialState] as tf.Tensor[], rest);
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    options: { training?: boolean; mask?: tf.Tensor | tf.Tensor[] },
  ): tf.Tensor | tf.Tensor[] {
    if (options.mask) {
      this.computeMask(inputs, options.mask);
    }
    const [input, ...given] = [inputs].flat();
    return tf.tidy(() => {
      const x = numbersOf(this.name, input, ["batch", "time", this.inputFeatures]);
      const N = x.shape[0];
      if (given.length !== 0) {
        this.carried.check(given, N);
      }
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
            ? engine().dropoutMask([N, this.units], this.recurrentDropout)
            : undefined,
        recurrence: (mask) => engine().recurrence(this.cell, { training, mask }),
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
    const recurrence = engine().recurrence(this.cell, { training: false });
    const { sequence, final } = recurrence.forward(input, states, this.weightTensors(), false);
    return { sequence, final };
  }

  /** States of zeros for N sequences: h or [h, c], each [N, H]. */
  zeroStates(N: number): tf.Tensor[] {
    return this.carried.zeros(N);
  }

  /** Made when first asked for: how many tensors make a state, the subclass says after this constructor. */
  private get carried(): CarriedStates {
    this.kept ??= new CarriedStates(this.name, this.stateCount, this.units);
    return this.kept;
  }

  private prepareInput(x: tf.Tensor, training: boolean): tf.Tensor {
    const ordered = this.goBackwards ? tf.reverse(x, 1) : x;
    if (!training || this.dropout === 0) {
      return ordered;
    }
    const [N, , D] = x.shape;
    return tf.mul(ordered, engine().dropoutMask([N, 1, D], this.dropout));
  }

  describe(): LayerDescription {
    const masked = this.dropout > 0 || this.recurrentDropout > 0;
    return {
      kind: "recurrent",
      cell: this.cell,
      units: this.units,
      biasShape: this.biasShape(),
      useBias: this.useBias,
      returnSequences: this.returnSequences,
      isSimple: !masked && !this.goBackwards && !this.returnState,
    };
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
    if (states.length > 0) {
      this.carried.check(states, states[0].shape?.[0] ?? 1);
    }
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
    if (result.refCountAfterDispose === 0) {
      this.carried.dispose();
    }
    return result;
  }
}

/**
 * The state that a recurrent layer begins its next batch with: h, or h and c of an LSTM, each [N, H];
 * empty where that is zeros. The tensors are its own; whatever sets the next ones frees them.
 */
class CarriedStates {
  private states: tf.Tensor[] = [];

  /**
   * @param layer the layer's name, for errors
   * @param count tensors that make up a state
   * @param units H
   */
  constructor(
    private readonly layer: string,
    private readonly count: number,
    private readonly units: number,
  ) {}

  /** The tensors: read them, do not dispose of them. */
  current(): tf.Tensor[] {
    return [...this.states];
  }

  /** For a batch of N: the carried state, or new zeros. @throws Error if N is not the batch before's */
  forBatch(N: number): tf.Tensor[] {
    if (this.states.length === 0) {
      return this.zeros(N);
    }
    this.check(this.states, N);
    return this.states;
  }

  /** New zeros for N sequences. */
  zeros(N: number): tf.Tensor[] {
    return Array.from({ length: this.count }, () => tf.zeros([N, this.units]));
  }

  /** Takes copies of the tensors. */
  keep(states: tf.Tensor[]): void {
    const before = this.states;
    this.states = states.map((state) => tf.keep(state.clone()));
    tf.dispose(before);
  }

  /** @throws Error if these are no states for a batch of N */
  check(states: tf.Tensor[], N: number): void {
    const fit = states.every(
      (state) => state instanceof tf.Tensor && state.shape.join() === [N, this.units].join(),
    );
    if (states.length !== this.count || !fit) {
      throw new Error(
        `${this.layer} takes ${this.count} state tensors of the shape [${N}, ${this.units}] with ` +
          `this batch of ${N} sequences, but has ${states.length}: ` +
          `${states.map((state) => (state instanceof tf.Tensor ? `[${state.shape}]` : typeof state)).join(", ")}. A stateful layer needs batches of one ` +
          "size; call resetStates() before another size comes.",
      );
    }
  }

  dispose(): void {
    tf.dispose(this.states);
    this.states = [];
  }
}
