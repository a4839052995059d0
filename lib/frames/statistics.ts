/** The sum; 0 of no values. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The mean; NaN of no values. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/**
 * The standard deviation; NaN of fewer values than it takes.
 *
 * @param lost 1 estimates that of the population from a sample (as pandas does), 0 is that of the values
 */
export function deviation(values: readonly number[], lost: 0 | 1): number {
  return Math.sqrt(variance(values, lost));
}

/** The square of the standard deviation, by the same `lost`. */
export function variance(values: readonly number[], lost: 0 | 1): number {
  // Of no values the sum is 0, and 0 / -1 would be a zero, too.
  if (values.length <= lost) {
    return Number.NaN;
  }
  const middle = mean(values);
  return sum(values.map((value) => (value - middle) ** 2)) / (values.length - lost);
}

/**
 * A value that the share q of the values lies below, by straight lines between neighbours (Hyndman and
 * Fan 1996, type 7: the default of pandas and NumPy). Of no values it is undefined.
 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const above = Math.ceil(place);
  // Between two equal infinities there is no line.
  if (sorted[below] === sorted[above]) {
    return sorted[below];
  }
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** The value that occurs most often, of several the one that comes first; undefined of no values. */
export function mostFrequent<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  let best: T | undefined;
  for (const [value, count] of counts) {
    if (best === undefined || count > counts.get(best)!) {
      best = value;
    }
  }
  return best;
}
