import { KareninaError, nameOf } from "../errors";
import { type OptionNames, requireNames } from "../optionNames";
import { requirePositive } from "../options";
import type { Optimizer } from "./optimizers/optimizer";

/** The learning rate at a step, counted from 0. */
export type Schedule = (step: number) => number;

/** Thrown for numbers that make no schedule; the message names them. */
export class ScheduleError extends KareninaError {
  override name = "ScheduleError";
  readonly code = "bad-schedule";
}

const asSchedule = { Thrown: ScheduleError };

const FALLING: OptionNames<{ initial: number; steps: number }> = { initial: true, steps: true };

/** The same rate always. */
export function constantSchedule(learningRate: number): Schedule {
  requirePositive({ learningRate }, asSchedule);
  return () => learningRate;
}

/**
 * eta(t) = eta0 (1 - t / T): falls in a straight line to zero at step T, and stays there.
 *
 * @param options.initial eta0
 * @param options.steps T
 */
export function linearSchedule(options: { initial: number; steps: number }): Schedule {
  requireNames<typeof options>("linearSchedule", options, FALLING, asSchedule);
  const { initial, steps } = options;
  requirePositive({ initial, steps }, asSchedule);
  return (step) => initial * Math.max(0, 1 - step / steps);
}

/**
 * eta(t) = eta0 exp(-t / T): falls by the factor e in every T steps.
 *
 * @param options.initial eta0
 * @param options.steps T
 */
export function exponentialSchedule(options: { initial: number; steps: number }): Schedule {
  requireNames<typeof options>("exponentialSchedule", options, FALLING, asSchedule);
  const { initial, steps } = options;
  requirePositive({ initial, steps }, asSchedule);
  return (step) => initial * Math.exp(-step / steps);
}

/**
 * Multiplies the rate by a factor every so many steps: torch-rnn halves it every five epochs.
 *
 * @param options.factor default 0.5
 */
export function stepSchedule(options: {
  initial: number;
  every: number;
  factor?: number;
}): Schedule {
  requireNames<typeof options>(
    "stepSchedule",
    options,
    { initial: true, every: true, factor: true },
    asSchedule,
  );
  const { initial, every, factor = 0.5 } = options;
  requirePositive({ initial, every, factor }, asSchedule);
  return (step) => initial * factor ** Math.floor(step / every);
}

/**
 * Rates by the step from which they hold: `{ 0: 0.1, 4000: 0.01, 8000: 0.002 }`.
 *
 * @throws ScheduleError where no rate holds from step 0
 */
export function mapSchedule(rates: Readonly<Record<number, number>>): Schedule {
  if (typeof rates !== "object" || rates === null) {
    throw new ScheduleError(
      `mapSchedule was given ${nameOf(rates)}, but takes rates by steps: { 0: 0.1, 4000: 0.01 }.`,
    );
  }
  const steps = Object.keys(rates)
    .map(Number)
    .sort((a, b) => b - a);
  for (const step of steps) {
    if (!Number.isInteger(step) || step < 0) {
      throw new ScheduleError(`${step} is no step: write whole numbers from 0 up.`);
    }
    requirePositive({ [`The rate from step ${step}`]: rates[step] }, asSchedule);
  }
  if (steps.at(-1) !== 0) {
    throw new ScheduleError("No rate holds from step 0: begin the map with { 0: rate, ... }.");
  }
  return (step) => rates[steps.find((from) => from <= step) ?? 0];
}

/**
 * Rises in a straight line over `warmUp` steps, then falls along half a cosine to `final` at step
 * `steps` (Loshchilov and Hutter 2016, without restarts).
 *
 * @param options.warmUp default 0
 * @param options.final default 0
 */
export function cosineSchedule(options: {
  initial: number;
  steps: number;
  warmUp?: number;
  final?: number;
}): Schedule {
  requireNames<typeof options>(
    "cosineSchedule",
    options,
    { ...FALLING, warmUp: true, final: true },
    asSchedule,
  );
  const { initial, steps, warmUp = 0, final = 0 } = options;
  requirePositive({ initial, steps }, asSchedule);
  if (!(warmUp >= 0 && warmUp < steps && final >= 0)) {
    throw new ScheduleError(
      `warmUp is ${warmUp} and final ${final}, but warmUp must be from 0 to below ${steps}, the ` +
        "number of steps, and final 0 or more.",
    );
  }
  return (step) => {
    if (step < warmUp) {
      return (initial * (step + 1)) / warmUp;
    }
    const done = Math.min(1, (step - warmUp) / (steps - warmUp));
    return final + (initial - final) * 0.5 * (1 + Math.cos(Math.PI * done));
  };
}

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
    if (this.schedule) {
      this.before = this.optimizer().learningRate;
    }
  }

  /** @throws Error where the schedule gives no rate for the step, counted from 0 */
  beforeStep(step: number): void {
    if (!this.schedule) {
      return;
    }
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
    if (this.before !== undefined) {
      this.optimizer().learningRate = this.before;
    }
    this.before = undefined;
  }
}
