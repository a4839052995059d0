import type { Optimizer } from "./optimizers/optimizer";
import type { Schedule } from "./schedules";

/**
 * The learning rate of a training: a schedule's, or the optimizer's own, which callbacks may change. What
 * either of them sets ends with the training, so that the next one begins with the optimizer's own.
 */
export class LearningRate {
  private before: number | undefined;

  constructor(
    private readonly schedule: Schedule | undefined,
    private readonly optimizer: () => Optimizer,
  ) {}

  /** Before the first step. */
  begin(): void {
    if (this.schedule) this.before = this.optimizer().learningRate;
  }

  /** @throws Error where the schedule gives no rate for the step, counted from 0 */
  beforeStep(step: number): void {
    if (!this.schedule) return;
    const rate: unknown = this.schedule(step);
    if (!(typeof rate === "number" && rate >= 0 && Number.isFinite(rate))) {
      throw new Error(
        `The schedule gave ${String(rate)} for step ${step}, but must give a learning rate, a number from ` +
          "0 up. Is a return missing?",
      );
    }
    this.optimizer().learningRate = rate;
  }

  get current(): number {
    return this.optimizer().learningRate;
  }

  set current(rate: number) {
    if (!(rate >= 0 && Number.isFinite(rate))) {
      throw new Error(`A learning rate of ${rate} was set, but it must be a number from 0 up.`);
    }
    this.before ??= this.current;
    this.optimizer().learningRate = rate;
  }

  /** After the last step. */
  end(): void {
    if (this.before !== undefined) this.optimizer().learningRate = this.before;
    this.before = undefined;
  }
}
