import type { SequenceWeights } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { requireFraction, requireWhole } from "../options";
import {
  featuresOf,
  GateOrthogonal,
  type Initializer,
  type InitializerLike,
  type LayerArgs,
  resolveInitializer,
  type Shape,
  serializeInitializer,
} from "./layerArguments";

/** What all recurrent layers can be told. N is the batch, T time, D features, H units. */
export interface RecurrentOptions extends LayerArgs {
  /** H, the width of the hidden state. */
  units: number;
  /** Return every step's output [N, T, H] instead of the last one's [N, H]. Default false. */
  returnSequences?: boolean;
  /** Return the state after the last step as well: [output, h] or, of an LSTM, [output, h, c]. */
  returnState?: boolean;
  /**
   * Begin each batch with the state that the batch before ended with (truncated backpropagation
   * through time: gradients do not flow between batches). Default false: begin with zeros.
   */
  stateful?: boolean;
  /** Read the sequence from its end; the outputs come in that order too. Default false. */
  goBackwards?: boolean;
  /** Add a trainable bias. Default true. */
  useBias?: boolean;
  /** Fraction of input features set to 0 while training, the same at all steps of a sequence. */
  dropout?: number;
  /**
   * Fraction of h set to 0 on its way into the gates while training, the same at all steps of a
   * sequence (Gal & Ghahramani 2016). The fused kernels cannot do it: training is slower. Default 0.
   */
  recurrentDropout?: number;
  /** Default "glorotUniform". */
  kernelInitializer?: InitializerLike;
  /** Default GateOrthogonal: an orthogonal matrix for each gate. */
  recurrentInitializer?: InitializerLike;
  /** Default "zeros". */
  biasInitializer?: InitializerLike;
}

/** What a recurrent layer is before it runs: its options, its weights, and the shapes that follow. */
export abstract class RecurrentWeights extends tf.layers.Layer {
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

  /** Gates side by side in the weights: 4 of an LSTM, 3 of a GRU, 1 of a tanh layer. */
  protected abstract readonly gates: number;
  /** Tensors [N, H] that make up the state: h, and c of an LSTM. */
  protected abstract readonly stateCount: number;

  constructor(options: RecurrentOptions) {
    super(options);
    this.units = options.units;
    this.returnSequences = options.returnSequences ?? false;
    this.returnState = options.returnState ?? false;
    this.goBackwards = options.goBackwards ?? false;
    this.useBias = options.useBias ?? true;
    this.dropout = options.dropout ?? 0;
    this.recurrentDropout = options.recurrentDropout ?? 0;
    requireWhole({ units: this.units });
    requireFraction({ dropout: this.dropout, recurrentDropout: this.recurrentDropout });
    this._stateful = options.stateful ?? false;
    this.kernelInitializer = resolveInitializer(options.kernelInitializer ?? "glorotUniform");
    this.recurrentInitializer = resolveInitializer(
      options.recurrentInitializer ?? (new GateOrthogonal() as unknown as Initializer),
    );
    this.biasInitializer = resolveInitializer(options.biasInitializer ?? "zeros");
  }

  /** Shape of the bias; of a GRU with resetAfter it has two rows. */
  protected biasShape(): number[] {
    return [this.gates * this.units];
  }

  /** What fills the bias; an LSTM sets its forget gate's part to 1. */
  protected biasFiller(): Initializer {
    return this.biasInitializer;
  }

  override build(inputShape: Shape | Shape[]): void {
    const [shape] = listOfShapes(inputShape);
    const D = featuresOf(this.name, shape, {
      expects: "sequences [batch, time, features]",
      remedy:
        "Put layers.oneHot or layers.embedding before it where the input is a tensor of indices.",
    });
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
    if (!this.returnState) {
      return output;
    }
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

  /** D, the features that the weights were made for. */
  protected get inputFeatures(): number {
    return this.variables[0].shape[0] as number;
  }

  protected weightTensors(): SequenceWeights {
    const [kernel, recurrentKernel, bias] = this.variables.map((variable) => variable.read());
    return { kernel, recurrentKernel, bias: bias ?? tf.zeros(this.biasShape()) };
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
