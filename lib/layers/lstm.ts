import { tf } from "../engine/tensorflow";
import type { Initializer } from "./initializers";
import { RecurrentLayer } from "./recurrentLayer";
import type { RecurrentOptions } from "./recurrentWeights";

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
    if (!this.unitForgetBias) return this.biasInitializer;
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
