import { random, randomNormal } from "../engine/random";

/** Points of the plane in two classes. */
export interface LabelledPoints {
  /** One row a point: [x, y]. */
  points: [x: number, y: number][];
  /** The class of each point, 0 or 1. */
  labels: number[];
}

/** Options of `makeMoons`. */
export interface MoonsOptions {
  /** How many points in both moons together. Default 100. */
  count?: number;
  /** Standard deviation of the normal noise on both coordinates. Default 0.1. */
  noise?: number;
}

/**
 * Two half circles of radius 1, one arching over the other: the smallest data set that no straight line
 * separates. Class 0 is the upper moon around (0, 0), class 1 the lower one around (1, 0.5). (The shape
 * is scikit-learn's make_moons; the points lie at random along it, in random order.)
 *
 * `setSeed` makes them repeatable.
 *
 * @throws RangeError for a count or noise out of range
 */
export function makeMoons({ count = 100, noise = 0.1 }: MoonsOptions = {}): LabelledPoints {
  if (!(Number.isInteger(count) && count >= 1 && noise >= 0 && Number.isFinite(noise))) {
    throw new RangeError(
      `count is ${count} and noise ${noise}, but count must be a whole number from 1 up and noise 0 or more.`,
    );
  }
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [labels[i], labels[other]] = [labels[other], labels[i]];
  }
  const points = labels.map((label): [number, number] => {
    const angle = Math.PI * random();
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    const [centred, arched] = label === 0 ? [x, y] : [1 - x, 0.5 - y];
    return [centred + noise * randomNormal(), arched + noise * randomNormal()];
  });
  return { points, labels };
}
