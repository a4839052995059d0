import { OptionError, requireWhole } from "../options";
/** Options of `ngramLoss`. */
export interface NgramOptions {
  /** How many symbols belong together: 1 looks at no symbol before, 2 at one, 3 at two. */
  n: number;
  /** V, the number of symbols. */
  vocabularySize: number;
  /** Added to every count, so that what was never seen is not impossible. Default 0.1. */
  smoothing?: number;
}

/**
 * How well the frequencies of n neighbouring symbols in one text predict another: the mean of
 * -log p in nats a symbol, the same measure as a network's loss. A network that does not get below
 * it has learnt less than a table of frequencies knows.
 *
 * p(c | context) = (count(context c) + a) / (count(context) + a V), with smoothing a (Lidstone 1920).
 *
 * @param training the codes to count in
 * @param heldOut the codes to predict
 * @throws OptionError where n or the texts are too small, or n symbols have too many combinations
 */
export function ngramLoss(
  training: Int32Array,
  heldOut: Int32Array,
  { n, vocabularySize: V, smoothing = 0.1 }: NgramOptions,
): number {
  requireWhole({ n }, 1, { remedy: ". Try 1, 2 or 3" });
  if (V ** n > Number.MAX_SAFE_INTEGER) {
    throw new OptionError(`n is ${n}, but ${V}^n must be below 2^53. Try 1, 2 or 3.`);
  }
  if (training.length < n || heldOut.length < n) {
    throw new OptionError(
      `Both texts need ${n} symbols or more, but they have ${training.length} and ${heldOut.length}.`,
    );
  }
  const together = new Map<number, number>();
  const before = new Map<number, number>();
  forEachNgram(training, n, V, (context, key) => {
    before.set(context, (before.get(context) ?? 0) + 1);
    together.set(key, (together.get(key) ?? 0) + 1);
  });
  let sum = 0;
  forEachNgram(heldOut, n, V, (context, key) => {
    const count = (together.get(key) ?? 0) + smoothing;
    sum -= Math.log(count / ((before.get(context) ?? 0) + smoothing * V));
  });
  return sum / (heldOut.length - n + 1);
}

/** Calls back with each context of n - 1 symbols and each n-gram, both as numbers in base V. */
function forEachNgram(
  encoded: Int32Array,
  n: number,
  V: number,
  visit: (context: number, ngram: number) => void,
): void {
  for (let end = n; end <= encoded.length; end++) {
    let context = 0;
    for (let place = end - n; place < end - 1; place++) {
      context = context * V + encoded[place];
    }
    visit(context, context * V + encoded[end - 1]);
  }
}
