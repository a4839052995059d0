import type { DescribedLayer, LayerDescription } from "../engine/engine";
import { layerNorm as normalize } from "../engine/plain/attention";
import { tf } from "../engine/tensorflow";
import { featuresOf, type LayerArgs, numbersOf, type Shape } from "./layerArguments";

/**
 * Layer normalisation (Ba, Kiros & Hinton 2016): every row of the input is shifted and scaled to mean 0 and
 * variance 1, then multiplied by a learnt gain, to which a learnt bias is added. [..., D] in and out.
 *
 * Weights, as in PyTorch's LayerNorm: gain [D], which begins at 1, and bias [D], at 0. 1e-5 is added to the
 * variance.
 */
export class LayerNorm extends tf.layers.Layer implements DescribedLayer {
  static readonly className = "KareninaLayerNorm";
  private gain?: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(options: LayerArgs = {}) {
    super(options);
    this.supportsMasking = true;
  }

  override build(inputShape: Shape | Shape[]): void {
    const D = featuresOf(this.name, inputShape, { expects: "inputs [batch, ..., features]" });
    this.gain = this.addWeight("gain", [D], "float32", tf.initializers.ones());
    this.bias = this.addWeight("bias", [D], "float32", tf.initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const [gain, bias] = [this.gain, this.bias].map((each) => (each as tf.LayerVariable).read());
      return normalize(numbersOf(this.name, [inputs].flat()[0], ["...", gain.size]), gain, bias);
    });
  }

  describe(): LayerDescription {
    return { kind: "layerNorm" };
  }
}
tf.serialization.registerClass(LayerNorm);

/** A {@link LayerNorm} layer. */
export function layerNorm(options: LayerArgs = {}): LayerNorm {
  return new LayerNorm(options);
}
