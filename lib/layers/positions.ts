import type { LayerDescription, PositionsLayer } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { requireWhole } from "../options";
import {
  featuresOf,
  type Initializer,
  type InitializerLike,
  type LayerArgs,
  numbersOf,
  resolveInitializer,
  type Shape,
  serializeInitializer,
} from "./layerArguments";

export interface PositionsOptions extends LayerArgs {
  /** C, how many places there are: the longest sequence that the layer can read. */
  contextLength: number;
  /** Default "randomNormal", with deviation 0.02 as in GPT-2. */
  positionsInitializer?: InitializerLike;
}

/**
 * Adds a trainable vector for each place in the sequence, so that what comes after knows the order:
 * [N, T, D] in and out, T at most C. Weights: positions [C, D]. As in GPT-2 (Radford et al. 2019).
 */
export class Positions extends tf.layers.Layer implements PositionsLayer {
  static readonly className = "KareninaPositions";
  readonly contextLength: number;
  private readonly positionsInitializer: Initializer;
  private positions?: tf.LayerVariable;

  constructor(options: PositionsOptions) {
    super(options);
    this.contextLength = options.contextLength;
    requireWhole({ contextLength: this.contextLength });
    this.positionsInitializer = resolveInitializer(
      options.positionsInitializer ?? tf.initializers.randomNormal({ stddev: 0.02 }),
    );
  }

  override build(inputShape: Shape | Shape[]): void {
    const D = featuresOf(this.name, inputShape, { expects: "inputs [batch, time, features]" });
    this.positions = this.addWeight(
      "positions",
      [this.contextLength, D],
      "float32",
      this.positionsInitializer,
    );
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => this.addFrom([inputs].flat()[0], 0));
  }

  addFrom(x: tf.Tensor, from: number): tf.Tensor {
    const table = (this.positions as tf.LayerVariable).read();
    const rows = numbersOf(this.name, x, ["batch", "time", table.shape[1] as number]);
    const [, T, D] = rows.shape as number[];
    this.requireSteps(from + T);
    return tf.add(rows, tf.slice(table, [from, 0], [T, D]));
  }

  /** @throws Error for more steps than there are places */
  requireSteps(steps: number): void {
    if (steps <= this.contextLength) {
      return;
    }
    throw new Error(
      `${this.name} was given a sequence of ${steps} steps, but knows ${this.contextLength} places. Use ` +
        "shorter sequences, or build the network with a larger contextLength.",
    );
  }

  describe(): LayerDescription {
    return { kind: "positions", contextLength: this.contextLength };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      contextLength: this.contextLength,
      positionsInitializer: { ...serializeInitializer(this.positionsInitializer) },
    };
  }
}
tf.serialization.registerClass(Positions);

/** A {@link Positions} layer. */
export function positions(options: PositionsOptions): Positions {
  return new Positions(options);
}
