import { requireNames } from "../optionNames";
import { OptionError, requireWhole } from "../options";
import { NGRAM_NAMES, NgramModel } from "./ngramModel";

/** Options of `ngramLoss`. */
export interface NgramOptions {
  /** How many symbols belong together: 1 looks at no symbol before, 2 at one, 3 at two; at most 8. */
  n: number;
  /** V, the number of symbols. */
  vocabularySize: number;
  /** Added to every count, so that what was never seen is not impossible. Default 0.1. */
  smoothing?: number;
}

/**
 * How well the frequencies of n neighbouring symbols in one text predict another: the mean of
 * -log p in nats a symbol, the same measure as a network's loss. A network that does not get below
 * it has learnt less than a table of frequencies knows. `ngramModel` has better smoothing, and writes.
 *
 * p(c | context) = (count(context c) + a) / (count(context) + a V), with smoothing a (Lidstone 1920).
 * The first n - 1 symbols have no whole context and are only read.
 *
 * @param training the codes to count in
 * @param heldOut the codes to predict
 * @throws OptionError where n is no whole number from 1 to 8, or a text is too short
 */
export function ngramLoss(
  training: Int32Array,
  heldOut: Int32Array,
  options: NgramOptions,
): number {
  requireNames<NgramOptions>("ngramLoss", options, NGRAM_NAMES);
  const { n, vocabularySize, smoothing = 0.1 } = options;
  requireWhole({ n }, 1, { remedy: ". Try 1, 2 or 3" });
  if (training.length < n || heldOut.length < n) {
    throw new OptionError(
      `Both texts need ${n} symbols or more, but they have ${training.length} and ${heldOut.length}.`,
    );
  }
  const model = new NgramModel(training, { n, vocabularySize, smoothing });
  return model.score(heldOut, { from: n - 1 }).nats;
}
