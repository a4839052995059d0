import { warnOnce } from "../deprecated";
import { sampleFrom } from "../engine/random";
import { KareninaError } from "../errors";
import { requireOptions, requireWhole } from "../options";

export { sampleFrom };

/** Thrown for an option of sampling that is out of range; the message names it. */
export class SamplingError extends KareninaError {
  override name = "SamplingError";
  readonly code = "bad-sampling";
}

/** The place of the largest value; the first of several. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if (values[index] > values[best]) {
      best = index;
    }
  }
  return best;
}

/**
 * Probabilities from logits: p_i = exp(z_i / T) / sum_j exp(z_j / T).
 *
 * A temperature T above 1 makes them more alike, below 1 more unlike; towards 0 all goes to the
 * largest logit, and 0 means exactly that.
 *
 * @param logits [V]
 * @param temperature 0 or more; default 1
 * @throws SamplingError for a negative temperature or NaN
 */
export function softmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  if (!(temperature >= 0)) {
    throw new SamplingError(
      `temperature is ${temperature}, but must be 0 or more: 1 leaves the network's probabilities as ` +
        "they are, 0.5 makes the likely likelier, 0 takes the likeliest always.",
    );
  }
  const probabilities = new Float64Array(logits.length);
  const best = argmax(logits);
  // Differences to the largest keep exp from overflowing; dividing after, from 0 / 0 being NaN.
  let sum = 0;
  for (let index = 0; index < logits.length; index++) {
    const difference = logits[index] - logits[best];
    const weight = index === best ? 1 : temperature === 0 ? 0 : Math.exp(difference / temperature);
    probabilities[index] = weight;
    sum += weight;
  }
  for (let index = 0; index < probabilities.length; index++) {
    probabilities[index] /= sum;
  }
  return probabilities;
}

/**
 * Keeps the k largest probabilities, sets the others to zero, and divides by the sum of what is left.
 * Of equal ones at the border, those with the lower code stay, so that exactly k do.
 *
 * @param probabilities [V]
 * @param k how many to keep; default 5. With V or more nothing changes.
 * @throws SamplingError where k is not a whole number from 1 up
 */
export function keepTopK(probabilities: ArrayLike<number>, k = 5): Float64Array {
  requireWhole({ topK: k }, 1, { Thrown: SamplingError });
  const order = likeliestFirst(probabilities);
  const kept = new Float64Array(probabilities.length);
  let sum = 0;
  for (const index of order.slice(0, k)) {
    sum += probabilities[index];
  }
  for (const index of order.slice(0, k)) {
    kept[index] = probabilities[index] / sum;
  }
  return kept;
}

/**
 * Keeps the nucleus: as few of the largest probabilities as sum to p or more. Sets the others to zero, and
 * divides by the sum of what is left. How many stay depends on how sure the network is: one after "q", many
 * at the beginning of a word (Holtzman et al. 2020, "top-p"). Of equal ones at the border, those with the
 * lower code stay.
 *
 * @param probabilities [V], with a sum of 1
 * @param p above 0, up to 1, at which all stay; default 0.9
 * @throws SamplingError where p is not
 */
export function keepTopP(probabilities: ArrayLike<number>, p = 0.9): Float64Array {
  const fits = (value: unknown) => typeof value === "number" && value > 0 && value <= 1;
  requireOptions({ topP: p }, fits, "a number above 0, up to 1", { Thrown: SamplingError });
  const order = likeliestFirst(probabilities);
  const kept = new Float64Array(probabilities.length);
  let sum = 0;
  for (const index of order) {
    // Rounding may leave a sum of all a little below 1.
    if (sum >= p || probabilities[index] === 0) {
      break;
    }
    sum += probabilities[index];
    kept[index] = probabilities[index];
  }
  return kept.map((each) => each / sum);
}

/** The places of the values from the largest on; of equal ones the lower first. */
export function likeliestFirst(values: ArrayLike<number>): number[] {
  const order = Array.from(values, (_, index) => index);
  return order.sort((a, b) => values[b] - values[a] || a - b);
}

/** Draws a code from the k likeliest, 5 by default: the article's `pick_top_n`. */
export function pickTopK(probabilities: ArrayLike<number>, k = 5): number {
  return sampleFrom(keepTopK(probabilities, k));
}

/** @deprecated Write `sampleFrom(probabilities)`. */
export function draw(probabilities: ArrayLike<number>): number {
  warnOnce("draw(probabilities)", "sampleFrom(probabilities)");
  return sampleFrom(probabilities);
}

/** @deprecated Write `keepTopK(probabilities, k)`. */
export function keepTopN(probabilities: ArrayLike<number>, n = 5): Float64Array {
  warnOnce("keepTopN(probabilities, n)", "keepTopK(probabilities, k)");
  return keepTopK(probabilities, n);
}

/** @deprecated Write `pickTopK(probabilities, k)`. */
export function pickTopN(probabilities: ArrayLike<number>, n = 5): number {
  warnOnce("pickTopN(probabilities, n)", "pickTopK(probabilities, k)");
  return pickTopK(probabilities, n);
}
