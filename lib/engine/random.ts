import seedrandom from "seedrandom";
import { host } from "../host/host";

/** A generator's whole state, as plain JSON: four numbers of Alea (Baagøe 2010). */
export type RandomState = seedrandom.State.Alea;

const systemRandom = Math.random;
let generator: seedrandom.StatefulPRNG<seedrandom.State.Alea> | undefined;

/**
 * Makes everything random in this process repeatable: initialisers, dropout, shuffles and samples,
 * tfjs's own included. tfjs has no global seed (tensorflow/tfjs#316), but each of its random
 * operations starts from `Math.random()`; so that is what gets seeded.
 *
 * The one exception is `tf.data`'s `shuffle`, which takes the time unless it is given a seed.
 *
 * @param seed any integer or string. Where the environment sets KARENINA_SEED, that takes the place of
 *   the seed 1, and changes what every other seed gives
 * @throws RangeError for NaN and infinities, which are what calculations that failed give
 */
export function setSeed(seed: number | string = 1): void {
  generator = seedrandom.alea(chosenSeed(seed), { state: true });
  Math.random = () => random();
}

/** The next number of the seeded generator, uniform in [0, 1); the system's where nothing was seeded. */
export function random(): number {
  return generator ? generator() : systemRandom();
}

/** The next number of the standard normal distribution (Box & Muller 1958). */
export function randomNormal(): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** An integer uniform in [0, below). */
export function randomInteger(below: number): number {
  return Math.floor(random() * below);
}

/** Draws a code with the given probabilities [V], from the seeded generator. */
export function sampleFrom(probabilities: ArrayLike<number>): number {
  let rest = random();
  let last = 0;
  for (let index = 0; index < probabilities.length; index++) {
    const probability = probabilities[index];
    if (probability === 0) {
      continue;
    }
    last = index;
    rest -= probability;
    if (rest < 0) {
      return index;
    }
  }
  return last; // rounding left a little over
}

/** The state of the seeded generator, for a checkpoint; undefined where nothing was seeded. */
export function randomState(): RandomState | undefined {
  return generator?.state();
}

/** Continues from a state that `randomState()` returned, whatever was seeded since. */
export function restoreRandomState(state: RandomState): void {
  generator = seedrandom.alea("", { state });
  Math.random = () => random();
}

/**
 * What a generator starts from. KARENINA_SEED takes the place of the seed 1, which is every default;
 * together with any other seed it makes a third, so that runs with different seeds stay different.
 *
 * @throws RangeError for NaN and infinities
 */
export function chosenSeed(seed: number | string): string {
  if (typeof seed === "number" && !Number.isFinite(seed)) {
    throw new RangeError(`A seed is any integer or string, and ${seed} is neither.`);
  }
  const wanted = host.process.environment.KARENINA_SEED;
  if (!wanted) {
    return String(seed);
  }
  return String(seed) === "1" ? wanted : `${wanted} ${seed}`;
}
