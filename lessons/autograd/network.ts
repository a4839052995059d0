import { randomNormal } from "karenina";
import { Value } from "./value";

/** What follows a neuron's weighted sum. */
export type ScalarActivation = "tanh" | "relu" | "linear";

/** A weighted sum of its inputs and a bias, bent by an activation: a(w·x + b). */
export class Neuron {
  readonly weights: Value[];
  readonly bias: Value;

  /**
   * Weights begin normal with standard deviation 1/√inputs, so that sums keep the size of the inputs
   * (LeCun et al. 1998, "Efficient BackProp"); the bias begins at 0.
   */
  constructor(
    inputs: number,
    readonly activation: ScalarActivation = "tanh",
  ) {
    this.weights = Array.from(
      { length: inputs },
      (_, i) => new Value(randomNormal() / Math.sqrt(inputs), `w${i + 1}`),
    );
    this.bias = new Value(0, "b");
  }

  /** @throws RangeError where there are not as many inputs as weights */
  apply(inputs: readonly (Value | number)[]): Value {
    if (inputs.length !== this.weights.length) {
      throw new RangeError(
        `The neuron got ${inputs.length} inputs, but has ${this.weights.length} weights. ` +
          "The first number of the network's sizes is that of its inputs.",
      );
    }
    const terms = this.weights.map((weight, i) => weight.mul(inputs[i]));
    const sum = Value.sum([...terms, this.bias]);
    return this.activation === "linear" ? sum : sum[this.activation]();
  }
}

/** A fully connected network of neurons, each number in it a {@link Value}. */
export class ScalarNetwork {
  /** The neurons, layer by layer. */
  readonly layers: Neuron[][];
  /** All weights and biases, which training changes. */
  readonly parameters: Value[];

  /**
   * @param sizes how many inputs, then how many neurons in each layer: [2, 8, 1]
   * @param activation of all layers but the last, which is linear; default tanh
   * @throws RangeError for sizes that make no network
   */
  constructor(sizes: readonly number[], activation: ScalarActivation = "tanh") {
    if (sizes.length < 2 || sizes.some((size) => !(Number.isInteger(size) && size > 0))) {
      throw new RangeError(
        `The sizes are [${sizes.join(", ")}], but must be two whole numbers above 0 or more: those of ` +
          "the inputs and of each layer, such as [2, 8, 1].",
      );
    }
    this.layers = sizes.slice(1).map((size, layer) => {
      const bend = layer === sizes.length - 2 ? "linear" : activation;
      return Array.from({ length: size }, () => new Neuron(sizes[layer], bend));
    });
    this.parameters = this.layers.flat().flatMap(({ weights, bias }) => [...weights, bias]);
  }

  /** The outputs for one example, as many as the last layer has neurons. */
  apply(inputs: readonly (Value | number)[]): Value[] {
    let signals: readonly (Value | number)[] = inputs;
    for (const layer of this.layers) {
      signals = layer.map((neuron) => neuron.apply(signals));
    }
    return signals as Value[];
  }
}
