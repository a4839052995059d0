import type { CellKind } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import type { Initializer } from "./layerArguments";
import { RecurrentLayer } from "./recurrentLayer";
import type { RecurrentOptions } from "./recurrentWeights";

/**
 * The simple recurrent layer (Elman 1990), h' = tanh(x W + h U + b).
 *
 * Weights, as in tf.layers.simpleRNN: kernel [D, H], recurrent kernel [H, H], bias [H].
 */
export class SimpleRNN extends RecurrentLayer {
  static readonly className = "KareninaSimpleRNN";
  protected readonly cell = "simpleRnn";
  protected readonly gates = 1;
  protected readonly stateCount = 1;
}
tf.serialization.registerClass(SimpleRNN);

/** A {@link SimpleRNN} layer. */
export function simpleRNN(options: RecurrentOptions): SimpleRNN {
  return new SimpleRNN(options);
}

export interface LstmOptions extends RecurrentOptions {
  /** Begin with a bias of 1 for the forget gate (Jozefowicz, Zaremba & Sutskever 2015). Default true. */
  unitForgetBias?: boolean;
}

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000).
 *
 * Weights, as in tf.layers.lstm: kernel [D, 4 H], recurrent kernel [H, 4 H], bias [4 H], gates in the
 * order i, f, g, o. The gates' function is the sigmoid of the papers, of PyTorch and of Keras;
 * tf.layers.lstm computes the same with `recurrentActivation: "sigmoid"` (its own default is a
 * piecewise linear approximation).
 */
export class LSTM extends RecurrentLayer {
  static readonly className = "KareninaLSTM";
  readonly unitForgetBias: boolean;
  protected readonly cell = "lstm";
  protected readonly gates = 4;
  protected readonly stateCount = 2;

  constructor(options: LstmOptions) {
    super(options);
    this.unitForgetBias = options.unitForgetBias ?? true;
  }

  protected override biasFiller(): Initializer {
    if (!this.unitForgetBias) {
      return this.biasInitializer;
    }
    const H = this.units;
    const filler = {
      apply: () =>
        tf.tidy(() => {
          const [i, g, o] = [1, 2, 3].map(() => this.biasInitializer.apply([H]));
          return tf.concat([i, tf.ones([H]), g, o]);
        }),
    };
    return filler as unknown as Initializer;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), unitForgetBias: this.unitForgetBias };
  }
}
tf.serialization.registerClass(LSTM);

/** An {@link LSTM} layer. */
export function lstm(options: LstmOptions): LSTM {
  return new LSTM(options);
}

export interface GruOptions extends RecurrentOptions {
  /**
   * Where the reset gate acts: on h before its product with U, as in the paper and tf.layers.gru
   * (false, the default), or on the product, as in PyTorch, cuDNN and Keras 3 (true). The two learn
   * equally well, but weights of one mean something else in the other.
   */
  resetAfter?: boolean;
}

/**
 * The gated recurrent unit (Cho et al. 2014).
 *
 * Weights, as in tf.layers.gru: kernel [D, 3 H], recurrent kernel [H, 3 H], bias [3 H], gates in the
 * order z (update), r (reset), g (candidate); h' = z h + (1 - z) g. With `resetAfter` the bias is
 * [2, 3 H], one row added to x W and one to h U. The gates' function is the sigmoid; tf.layers.gru
 * computes the same with `recurrentActivation: "sigmoid"`.
 */
export class GRU extends RecurrentLayer {
  static readonly className = "KareninaGRU";
  readonly resetAfter: boolean;
  protected readonly gates = 3;
  protected readonly stateCount = 1;

  constructor(options: GruOptions) {
    super(options);
    this.resetAfter = options.resetAfter ?? false;
  }

  protected get cell(): CellKind {
    return this.resetAfter ? "gruResetAfter" : "gru";
  }

  protected override biasShape(): number[] {
    return this.resetAfter ? [2, 3 * this.units] : [3 * this.units];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), resetAfter: this.resetAfter };
  }
}
tf.serialization.registerClass(GRU);

/** A {@link GRU} layer. */
export function gru(options: GruOptions): GRU {
  return new GRU(options);
}
