import { tf } from "../engine/tensorflow";
import { requireInput } from "../layers/layerArguments";

/**
 * A model of layers one above the other that compares its input with what its first layer was made for,
 * in the words of our layers. tfjs looks at it before any layer does, and names an input that no one
 * has heard of. It is stored as a model of TensorFlow.js and is one again after loading.
 */
class Sequential extends tf.Sequential {
  /** @throws Error naming the first layer, the shape that came and the one that it reads */
  override predict(
    x: tf.Tensor | tf.Tensor[],
    args?: Parameters<tf.Sequential["predict"]>[1],
  ): tf.Tensor | tf.Tensor[] {
    requireInput(firstLayer(this), onlyOne(x), expectedBy(this));
    return super.predict(x, args);
  }

  /** @throws Error as `predict` */
  override predictOnBatch(x: tf.Tensor): tf.Tensor | tf.Tensor[] {
    requireInput(firstLayer(this), onlyOne(x), expectedBy(this));
    return super.predictOnBatch(x);
  }

  /**
   * Unlike `predict`, it takes any number of dimensions before an example's features.
   *
   * @throws Error as `predict`
   */
  override apply(
    inputs: Parameters<tf.Sequential["apply"]>[0],
    kwargs?: Parameters<tf.Sequential["apply"]>[1],
  ): ReturnType<tf.Sequential["apply"]> {
    const x = onlyOne(inputs);
    if (!(x instanceof tf.SymbolicTensor)) {
      const expected = expectedBy(this);
      const features = expected.length === 2 ? expected[1] : undefined;
      const isOpen = typeof features === "number";
      requireInput(firstLayer(this), x, isOpen ? ["...", features] : expected);
    }
    return super.apply(inputs, kwargs);
  }
}

/** A model without layers; the first that is added has to say its input's shape. */
export function sequential(): tf.Sequential {
  return new Sequential();
}

/** tfjs takes a list of one tensor, too. */
function onlyOne(x: unknown): unknown {
  return Array.isArray(x) && x.length === 1 ? x[0] : x;
}

/** The number of rows is free, also of a stateful model; its layers refuse a change of it. */
function expectedBy(model: tf.Sequential): (string | number)[] {
  return model.inputs[0].shape.map((size, i) => (i === 0 ? "batch" : (size ?? "time")));
}

function firstLayer(model: tf.Sequential): string {
  return (model.layers.find((layer) => layer.getClassName() !== "InputLayer") ?? model).name;
}
