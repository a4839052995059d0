import { engine } from "../engine/choice";
import type { BatchNumbers, UpdateLimits } from "../engine/engine";
import { tf } from "../engine/tensorflow";
import { sparseSoftmaxCrossEntropy } from "../losses/losses";
import { rowsShape } from "../losses/lossInputs";
import { given, OptionError, requireNotNegative, requireOptions } from "../options";
import { type Batch, numbersFor, numbersOf } from "./batch";
import { clipByValue, type GradientFunction, gradientFunction } from "./gradients";
import { BatchWeights } from "./loss";
import type { Optimizer } from "./optimizers/optimizer";
import type { TrainOptions } from "./options";
import { PassState } from "./passState";
import { NotFiniteError } from "./stopping";

type UpdateOptions = Pick<
  TrainOptions,
  "loss" | "clipNorm" | "clipValue" | "weightDecay" | "classWeights"
>;

/** What a step says of itself, for the history. */
export interface StepReport {
  loss: number;
  gradientNorm: number;
  /** What the loss counts in a mean over steps. */
  weight: number;
}

/** One step's computation: from a batch to moved weights. */
export class StepUpdate {
  private readonly variables: tf.Variable[];
  private readonly gradientsOf: GradientFunction;
  private readonly weights: BatchWeights;
  private readonly passState: PassState;

  /** @throws OptionError for options out of range; Error for a model that has nothing to learn */
  constructor(
    private readonly model: tf.LayersModel,
    private readonly options: UpdateOptions,
  ) {
    checkOptions(options);
    this.variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    if (this.variables.length === 0) {
      throw new Error(
        `The model "${model.name}" has no trainable weights, so there is nothing to learn. Is ` +
          "`trainable` false for all of its layers?",
      );
    }
    const { loss = sparseSoftmaxCrossEntropy, classWeights } = options;
    this.weights = new BatchWeights(model, loss, classWeights);
    this.passState = new PassState(model);
    this.gradientsOf = gradientFunction(model, this.variables, options.loss);
  }

  /**
   * @param step its number, for errors
   * @throws NotFiniteError before any weight is touched. The model is as it was before, carried states
   *   and all, as it is after any other error of the batch
   */
  run(batch: Batch, optimizer: Optimizer, step: number): StepReport {
    const before = this.passState.keep();
    try {
      return this.compute(batch, optimizer, step);
    } catch (error) {
      before.restore();
      throw error;
    } finally {
      before.dispose();
    }
  }

  private compute(batch: Batch, optimizer: Optimizer, step: number): StepReport {
    return tf.tidy(() => {
      const x = numbersFor(this.model, batch);
      const y = numbersOf(batch.y);
      const weights = this.weights.of(batch, y);
      const planned = optimizer.plan?.(this.variables);
      const order = planned && { ...this.limits(), ...planned };
      const { loss, gradients, norm, updated } = this.gradientsOf(x, y, weights, order);
      requireFinite("The loss", loss, step, optimizer);
      requireFinite("The norm of the gradient", norm, step, optimizer);
      if (updated) {
        planned?.made();
      } else {
        optimizer.applyGradients(this.variables, this.penalized(this.clipped(gradients, norm)));
      }
      return { loss, gradientNorm: norm, weight: weights?.sum ?? this.predictionsFor(x) };
    });
  }

  /** How many predictions the model makes of an input: the rows of its output. */
  private predictionsFor(x: BatchNumbers): number {
    const output = this.model.outputs[0].shape;
    const rows = rowsShape(output as number[]).map((size, place) => size ?? x.shape[place]);
    return [x.shape[0], ...rows.slice(1)].reduce((product, n) => product * n, 1);
  }

  dispose(): void {
    this.gradientsOf.dispose?.();
  }

  private limits(): UpdateLimits {
    const { clipNorm, clipValue, weightDecay } = this.options;
    return { clipNorm, clipValue, weightDecay };
  }

  private clipped(gradients: tf.Tensor[], norm: number): tf.Tensor[] {
    const { clipNorm, clipValue } = this.options;
    if (clipValue !== undefined) {
      return clipByValue(gradients, clipValue);
    }
    if (clipNorm === undefined || norm <= clipNorm) {
      return gradients;
    }
    return engine().scaled(gradients, clipNorm / norm);
  }

  /** Adds the gradient of λ/2 ‖θ‖², which is λ θ. */
  private penalized(gradients: tf.Tensor[]): tf.Tensor[] {
    const { weightDecay = 0 } = this.options;
    if (weightDecay === 0) {
      return gradients;
    }
    return engine().plusScaled(gradients, this.variables, weightDecay);
  }
}

function checkOptions({ clipNorm, clipValue, weightDecay = 0 }: UpdateOptions): void {
  const isAbove0 = (limit: unknown) => typeof limit === "number" && limit > 0;
  const remedy = "; leave it out for no clipping";
  requireOptions(given({ clipNorm, clipValue }), isAbove0, "above 0", { remedy });
  if (clipNorm !== undefined && clipValue !== undefined) {
    throw new OptionError(
      "Both clipNorm and clipValue are set. Choose one: clipNorm keeps the gradient's direction, " +
        "clipValue limits each number by itself.",
    );
  }
  requireNotNegative({ weightDecay }, { remedy: ", such as 0.0001" });
}

function requireFinite(what: string, value: number, step: number, optimizer: Optimizer): void {
  if (Number.isFinite(value)) {
    return;
  }
  throw new NotFiniteError(
    `${what} is ${value} at step ${step}, with learning rate ${optimizer.learningRate}. The weights ` +
      "are still those before this step. Try a tenth of the learning rate, or clip gradients with " +
      "clipNorm: 5; if it happens at step 1, look for NaN or huge values in the data.",
  );
}
