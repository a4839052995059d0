import seedrandom from "seedrandom";
import { KareninaError, nameOf } from "../errors";
import { requireNames } from "../optionNames";
import { requireWhole } from "../options";
import { NotFiniteError } from "../training/stopping";

/** Numbers between two bounds, for random search. */
export interface SearchRange {
  /** "uniform": equal stretches are equally likely; "logUniform": equal factors are. */
  kind: "uniform" | "logUniform";
  /** Lower bound, included. */
  from: number;
  /** Upper bound. */
  to: number;
  /** Round to whole numbers, the upper bound included. */
  whole: boolean;
}

/** The values that each hyperparameter may take: a list to choose from, or a range. */
export type SearchSpace = Readonly<Record<string, readonly unknown[] | SearchRange>>;

/** One value for every hyperparameter of a space. */
export type Configuration<Space extends SearchSpace> = {
  -readonly [Name in keyof Space]: Space[Name] extends readonly (infer Value)[] ? Value : number;
};

/** Thrown for a space or an option that makes no search; the message names it. */
export class SearchError extends KareninaError {
  override name = "SearchError";
  readonly code = "bad-search";
}

const asSearch = { Thrown: SearchError };

function range(kind: SearchRange["kind"], from: number, to: number, whole: boolean): SearchRange {
  const lowest = kind === "logUniform" ? Number.MIN_VALUE : Number.NEGATIVE_INFINITY;
  if (!(from >= lowest && from <= to && Number.isFinite(from) && Number.isFinite(to))) {
    throw new SearchError(
      `${kind}(${from}, ${to}) is no range: give the smaller number first` +
        `${kind === "logUniform" ? ", and both above 0" : ""}.`,
    );
  }
  if (whole && !(Number.isInteger(from) && Number.isInteger(to))) {
    throw new SearchError(`The bounds of whole numbers are ${from} and ${to}: make them whole.`);
  }
  return { kind, from, to, whole };
}

/** Any number from `from` to `to`. @throws SearchError if `from` is above `to` */
export function uniform(from: number, to: number, options: { whole?: boolean } = {}): SearchRange {
  return range("uniform", from, to, options.whole ?? false);
}

/**
 * A number from `from` to `to` whose logarithm is uniform: between 0.001 and 0.01 as likely as
 * between 0.01 and 0.1. Right for what acts as a factor, such as a learning rate.
 *
 * @throws SearchError if `from` is above `to`, or not above 0
 */
export function logUniform(
  from: number,
  to: number,
  options: { whole?: boolean } = {},
): SearchRange {
  return range("logUniform", from, to, options.whole ?? false);
}

function requireValues(space: SearchSpace): void {
  if (typeof space !== "object" || space === null || Array.isArray(space)) {
    throw new SearchError(
      `The space is ${nameOf(space)}, but must be an object with the values of each hyperparameter: ` +
        "{ learningRate: [0.001, 0.01] }.",
    );
  }
  const names = Object.keys(space);
  if (names.length === 0) {
    throw new SearchError(
      "The space has no hyperparameter. Name at least one: { learningRate: [0.001, 0.01] }.",
    );
  }
  for (const name of names) {
    if (reserved.includes(name)) {
      throw new SearchError(
        `A hyperparameter is named "${name}", which is a column of the result. Name it otherwise.`,
      );
    }
    const values = space[name];
    if (Array.isArray(values) && values.length === 0) {
      throw new SearchError(`${name} has an empty list: give at least one value.`);
    }
    const kind = (values as Partial<SearchRange> | null | undefined)?.kind;
    if (!Array.isArray(values) && kind !== "uniform" && kind !== "logUniform") {
      throw new SearchError(
        `${name} is ${nameOf(values)}, but must be a list of values, such as [0.001, 0.01], or for random ` +
          "search a range: uniform(0, 1), logUniform(0.001, 0.1).",
      );
    }
  }
}

/** Columns that a search adds to each configuration. */
const reserved: readonly string[] = ["trial", "score", "seconds"];

/**
 * Every combination of the listed values; the last hyperparameter changes fastest.
 *
 * @throws SearchError for a range, which has no list of values
 */
export function gridOf<const Space extends SearchSpace>(space: Space): Configuration<Space>[] {
  requireValues(space);
  let configurations: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries<readonly unknown[] | SearchRange>(space)) {
    if (!Array.isArray(values)) {
      throw new SearchError(
        `${name} is a range, but a grid needs a list of values, such as [0.001, 0.01, 0.1]. ` +
          "Random search takes ranges.",
      );
    }
    configurations = configurations.flatMap((configuration) =>
      values.map((value) => ({ ...configuration, [name]: value })),
    );
  }
  return configurations as Configuration<Space>[];
}

/**
 * So many random configurations, each hyperparameter drawn independently of the others. The same
 * seed gives the same ones, whatever else draws random numbers.
 */
export function drawFrom<const Space extends SearchSpace>(
  space: Space,
  { trials, seed = 1 }: { trials: number; seed?: number | string },
): Configuration<Space>[] {
  requireValues(space);
  requireWhole({ trials }, 1, asSearch);
  const random = seedrandom.alea(String(seed));
  const draw = (values: readonly unknown[] | SearchRange) => {
    if ("kind" in values) {
      return drawFromRange(values, random());
    }
    return values[Math.floor(random() * values.length)];
  };
  return Array.from({ length: trials }, () => {
    const drawn = Object.entries(space).map(([name, values]) => [name, draw(values)]);
    return Object.fromEntries(drawn) as Configuration<Space>;
  });
}

/** @param share uniform in [0, 1) */
function drawFromRange({ kind, from, to, whole }: SearchRange, share: number): number {
  // Whole numbers own the stretch of length 1 from themselves up, so that the last is as likely as others.
  const end = whole ? to + 1 : to;
  const value = kind === "uniform" ? from + share * (end - from) : from * (end / from) ** share;
  return whole ? Math.min(to, Math.floor(value)) : Math.min(to, value);
}

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
  requireNames<SearchOptions<Space>>("gridSearch", options, { onTrial: true }, asSearch);
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
  requireNames<typeof options>(
    "randomSearch",
    options,
    { onTrial: true, trials: true, seed: true },
    asSearch,
  );
  return tryAll(drawFrom(space, options), objective, options);
}

async function tryAll<Space extends SearchSpace>(
  configurations: readonly Configuration<Space>[],
  objective: Objective<Space>,
  { onTrial }: SearchOptions<Space>,
): Promise<Trial<Space>[]> {
  if (typeof objective !== "function") {
    throw new SearchError(
      `The objective is ${nameOf(objective)}, but must be a function from a configuration to its validation ` +
        "error: async ({ learningRate }) => { ...; return evaluate(...); }.",
    );
  }
  const trials: Trial<Space>[] = [];
  for (const configuration of configurations) {
    const started = performance.now();
    const score = await scoreOf(objective, configuration);
    const seconds = (performance.now() - started) / 1000;
    const row = { trial: trials.length + 1, ...configuration, score, seconds };
    trials.push(row);
    if ((await onTrial?.(row, trials)) === "stop") {
      break;
    }
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
    if (error instanceof NotFiniteError) {
      return Number.POSITIVE_INFINITY;
    }
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
  if (!Array.isArray(trials)) {
    throw new SearchError(
      `bestTrial was given ${nameOf(trials)}, but chooses among the trials that a search gave. Is an await missing?`,
    );
  }
  const [first, ...others] = trials as readonly T[];
  if (!first) {
    throw new SearchError("There is no trial to choose from. Run a search first.");
  }
  return others.reduce((best, trial) => (trial.score < best.score ? trial : best), first);
}
