import type { Schedule } from "karenina";
import type { Objective, Rule } from "./rule";

/** A function to go down on. */
export interface Descendable extends Objective {
  value(at: readonly number[]): number;
}

/** The way that a rule went. */
export interface Trace {
  /** The parameters before the first step, after it, and so on. */
  points: number[][];
  /** The function's value at each point. */
  values: number[];
}

/** Where to begin, and for how long; the rule's own options stand beside these. */
export interface DescendOptions {
  start: readonly number[];
  /** How many steps, a whole number from 0 up. */
  steps: number;
  /** The learning rate at each step, counted from 0, in place of a fixed one. */
  schedule?: Schedule;
}

/** Keeps TypeScript from reading a rule's options off the options given: it checks them instead. */
type Fixed<T> = [T][T extends unknown ? 0 : never];

/**
 * Follows an update rule down a function.
 *
 * @param rule one of `rules`, or your own
 * @returns `steps + 1` points; fewer where the way left the finite numbers, all points finite
 * @throws RangeError for a number of steps or a start that cannot be
 *
 * @example
 * const trace = descend(surfaces.ravine, rules.momentum, {
 *   start: [-8, 1], steps: 50, learningRate: 0.1, momentum: 0.8,
 * });
 */
export function descend<State extends object, Options extends object>(
  objective: Descendable,
  rule: Rule<State, Options>,
  options: DescendOptions & Fixed<Options>,
): Trace {
  const { start, steps, schedule, ...fixed } = options as DescendOptions & object;
  if (!(Number.isInteger(steps) && steps >= 0) || !start.every(Number.isFinite)) {
    throw new RangeError(
      `steps is ${steps} and start [${start.join(", ")}], but steps must be a whole number from 0 up ` +
        "and start numbers.",
    );
  }
  const points = [[...start]];
  const values = [objective.value(start)];
  let state: Partial<State> = {};
  for (let step = 0; step < steps; step++) {
    const rate = schedule ? { learningRate: schedule(step) } : {};
    const next = rule(points[step], objective, state, { ...fixed, ...rate } as unknown as Options);
    const value = objective.value(next.parameters);
    if (![value, ...next.parameters].every(Number.isFinite)) {
      break;
    }
    points.push(next.parameters);
    values.push(value);
    state = next.state;
  }
  return { points, values };
}
