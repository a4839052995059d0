import { NotFiniteError } from "../training/stopping";
import { type Configuration, drawFrom, gridOf, SearchError, type SearchSpace } from "./space";

/** What one trial gave: the configuration's own columns, and these three. */
export type Trial<Space extends SearchSpace> = Configuration<Space> & {
  /** Which trial, from 1 in the order in which they ran. */
  trial: number;
  /** What the objective returned: lower is better. Infinity where training broke down. */
  score: number;
  /** How long it took. */
  seconds: number;
};

/**
 * Trains with a configuration and returns the error on validation data: lower is better. To give all
 * configurations like conditions, begin it with `setSeed`.
 */
export type Objective<Space extends SearchSpace> = (
  configuration: Configuration<Space>,
) => number | Promise<number>;

export interface SearchOptions<Space extends SearchSpace> {
  /** After every trial, with all so far; a promise is awaited. An answer of "stop" ends the search. */
  onTrial?(trial: Trial<Space>, trials: readonly Trial<Space>[]): unknown;
}

/**
 * Tries every combination of the listed values.
 *
 * A trial in which training breaks down (NotFiniteError, or a score of NaN) counts as Infinity, for a
 * learning rate that is too large is a result too; any other error ends the search.
 *
 * @param space lists of values by name; written in the call, their types are the very values
 * @returns one row a trial, in the order of the grid
 * @throws SearchError for a range or an empty list
 *
 * @example
 * const trials = await gridSearch({ width: [8, 32], learningRate: [0.001, 0.01] }, validationError);
 */
export function gridSearch<const Space extends SearchSpace>(
  space: Space,
  objective: Objective<Space>,
  options: SearchOptions<Space> = {},
): Promise<Trial<Space>[]> {
  return tryAll(gridOf(space), objective, options);
}

/**
 * Tries configurations drawn at random (Bergstra & Bengio, "Random Search for Hyper-Parameter
 * Optimization", 2012): n trials look at n different values of every hyperparameter that has a range,
 * where a grid of n looks at a few values of each again and again. Failures count as in `gridSearch`.
 *
 * @param space lists or ranges (`uniform`, `logUniform`) by name
 * @param options.trials how many configurations
 * @param options.seed of the draws alone, default 1; training has the seed that `setSeed` gave
 * @returns one row a trial, in the order in which they ran
 *
 * @example
 * const space = { width: [8, 32, 128], learningRate: logUniform(1e-4, 1e-1) };
 * const trials = await randomSearch(space, validationError, { trials: 20 });
 */
export function randomSearch<const Space extends SearchSpace>(
  space: Space,
  objective: Objective<Space>,
  options: SearchOptions<Space> & { trials: number; seed?: number | string },
): Promise<Trial<Space>[]> {
  return tryAll(drawFrom(space, options), objective, options);
}

async function tryAll<Space extends SearchSpace>(
  configurations: readonly Configuration<Space>[],
  objective: Objective<Space>,
  { onTrial }: SearchOptions<Space>,
): Promise<Trial<Space>[]> {
  const trials: Trial<Space>[] = [];
  for (const configuration of configurations) {
    const started = performance.now();
    const score = await scoreOf(objective, configuration);
    const seconds = (performance.now() - started) / 1000;
    const row = { trial: trials.length + 1, ...configuration, score, seconds };
    trials.push(row);
    if ((await onTrial?.(row, trials)) === "stop") break;
  }
  return trials;
}

async function scoreOf<Space extends SearchSpace>(
  objective: Objective<Space>,
  configuration: Configuration<Space>,
): Promise<number> {
  let score: number;
  try {
    // A copy: what the objective does to it does not reach the row.
    score = await objective({ ...configuration });
  } catch (error) {
    if (error instanceof NotFiniteError) return Number.POSITIVE_INFINITY;
    throw error;
  }
  if (typeof score !== "number") {
    throw new SearchError(
      `The objective returned ${score}, but must return a number, the validation error: is a return ` +
        "or an await missing?",
    );
  }
  return Number.isNaN(score) ? Number.POSITIVE_INFINITY : score;
}

/**
 * The trial with the lowest score, the first of them where several have it.
 *
 * @throws SearchError for no trials
 */
export function bestTrial<T extends { score: number }>(trials: readonly T[]): T {
  const [first, ...others] = trials;
  if (!first) throw new SearchError("There is no trial to choose from. Run a search first.");
  return others.reduce((best, trial) => (trial.score < best.score ? trial : best), first);
}
