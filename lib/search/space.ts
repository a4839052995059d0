import seedrandom from "seedrandom";

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
export class SearchError extends Error {
  override name = "SearchError";
}

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
    const values = space[name]!;
    if (Array.isArray(values) && values.length === 0) {
      throw new SearchError(`${name} has an empty list: give at least one value.`);
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
  if (!(Number.isInteger(trials) && trials >= 1)) {
    throw new SearchError(`trials is ${trials}, but must be a whole number from 1 up.`);
  }
  const random = seedrandom.alea(String(seed));
  const draw = (values: readonly unknown[] | SearchRange) => {
    if ("kind" in values) return drawFromRange(values, random());
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
