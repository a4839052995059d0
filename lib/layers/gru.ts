import type { CellKind } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { RecurrentLayer } from "./recurrentLayer";
import type { RecurrentOptions } from "./recurrentWeights";

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
