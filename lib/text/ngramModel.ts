import { sampleFrom } from "../engine/random";
import { type OptionNames, requireNames } from "../optionNames";
import { OptionError, requirePositive, requireWhole } from "../options";
import type { Score } from "../sampling/score";
import { PairTable } from "./pairTable";

/** Options of `ngramModel`. */
export interface NgramModelOptions {
  /** n, how many symbols belong together: 1 looks at no symbol before, 2 at one; at most 8. */
  n: number;
  /** V, the number of symbols. */
  vocabularySize: number;
  /**
   * What keeps a probability of what was never seen. A number k is added to every count; "witten-bell"
   * mixes the contexts of all lengths. Default "witten-bell".
   */
  smoothing?: number | "witten-bell";
}

export const NGRAM_NAMES: OptionNames<NgramModelOptions> = {
  n: true,
  vocabularySize: true,
  smoothing: true,
};

/** How well an n-gram model predicts a text. */
export type NgramScore = Omit<Score, "unknown">;

const LONGEST = 8;

/**
 * Counts how often each symbol follows each context of 0 to n - 1 symbols, and makes probabilities of it.
 *
 * With a number k as `smoothing` it looks at the whole context (Lidstone 1920):
 * p(c | h) = (count(h c) + k) / (count(h) + k V).
 *
 * With "witten-bell" it mixes a context's frequencies with the probabilities after the context that is
 * one symbol shorter, h', and so on down to 1 / V:
 * p(c | h) = (count(h c) + kinds(h) p(c | h')) / (count(h) + kinds(h)), where kinds(h) says how many different
 * symbols were seen after h (Witten & Bell 1991, as Chen & Goodman 1998 write it).
 *
 * @param codes the text to count in, each 0 ... V - 1
 * @throws OptionError for n above 8, an unusable smoothing, a text shorter than n, or a code out of range
 *
 * @example
 * const model = ngramModel(vocabulary.encode(training), { n: 5, vocabularySize: vocabulary.size });
 * const { bits } = model.score(vocabulary.encode(heldOut));
 */
export function ngramModel(codes: Int32Array, options: NgramModelOptions): NgramModel {
  return new NgramModel(codes, options);
}

/** What {@link ngramModel} makes. */
export class NgramModel {
  readonly n: number;
  /** V */
  readonly vocabularySize: number;
  readonly smoothing: number | "witten-bell";
  /** Contexts, each by the one that is a symbol shorter and the symbol before that. The empty one is 0. */
  private readonly contexts = new PairTable();
  /** Symbols by the context that they follow; the value is how often. */
  private readonly following = new PairTable();
  /** count(h) and kinds(h) by context. */
  private counts = new Float64Array(1024);
  private kinds = new Int32Array(1024);

  constructor(codes: Int32Array, options: NgramModelOptions) {
    requireNames<NgramModelOptions>("ngramModel", options, NGRAM_NAMES);
    const { n, vocabularySize, smoothing = "witten-bell" } = options;
    requireWhole({ n, vocabularySize });
    if (n > LONGEST) {
      throw new OptionError(
        `n is ${n}, but must be at most ${LONGEST}: longer n-grams are hardly ever seen twice.`,
      );
    }
    if (smoothing !== "witten-bell") {
      requirePositive({ smoothing }, { remedy: ', or "witten-bell"' });
    }
    this.n = n;
    this.vocabularySize = vocabularySize;
    this.smoothing = smoothing;
    this.requireCodes(codes);
    if (codes.length < n) {
      throw new OptionError(
        `The text needs ${n} symbols or more for n ${n}, but has ${codes.length}. Take a smaller n.`,
      );
    }
    for (let place = 0; place < codes.length; place++) {
      this.count(codes, place);
    }
  }

  /** How many counts it keeps: the different k-grams of all k from 1 to n. */
  get size(): number {
    return this.following.size;
  }

  private count(codes: Int32Array, place: number): void {
    const longest = Math.min(place, this.n - 1);
    let context = 0;
    for (let length = 0; ; length++) {
      const before = this.following.size;
      this.following.count(context, codes[place]);
      this.counts[context] += 1;
      this.kinds[context] += this.following.size - before;
      if (length === longest) {
        return;
      }
      context = 1 + this.contexts.add(context, codes[place - length - 1]);
      if (context >= this.counts.length) {
        this.grow();
      }
    }
  }

  private grow(): void {
    const [counts, kinds] = [this.counts, this.kinds];
    this.counts = new Float64Array(2 * counts.length);
    this.kinds = new Int32Array(2 * kinds.length);
    this.counts.set(counts);
    this.kinds.set(kinds);
  }

  /** The contexts before a place that were seen, from the empty one to the longest, at most n - 1 long. */
  private contextsBefore(codes: ArrayLike<number>, place: number): number[] {
    const found = [0];
    for (let length = 1; length <= Math.min(place, this.n - 1); length++) {
      const index = this.contexts.find(found[length - 1], codes[place - length]);
      if (index < 0) {
        break;
      }
      found.push(index + 1);
    }
    return found;
  }

  /** p(symbol | what stands before `place`). */
  private probability(contexts: readonly number[], wanted: number, symbol: number): number {
    const { vocabularySize: V, smoothing } = this;
    if (smoothing !== "witten-bell") {
      const context = contexts[wanted];
      const [seen, all] =
        context === undefined
          ? [0, 0]
          : [this.following.countOf(context, symbol), this.counts[context]];
      return (seen + smoothing) / (all + smoothing * V);
    }
    let p = 1 / V;
    for (const context of contexts) {
      const kinds = this.kinds[context];
      const seen = this.following.countOf(context, symbol);
      p = (seen + kinds * p) / (this.counts[context] + kinds);
    }
    return p;
  }

  /**
   * The probabilities of the V symbols after a text, of which the last n - 1 symbols are looked at.
   *
   * @throws OptionError for a code out of range
   */
  probabilities(before: ArrayLike<number>): Float64Array {
    this.requireCodes(before);
    const contexts = this.contextsBefore(before, before.length);
    const wanted = Math.min(before.length, this.n - 1);
    return Float64Array.from({ length: this.vocabularySize }, (_, symbol) =>
      this.probability(contexts, wanted, symbol),
    );
  }

  /**
   * How well it predicts another text: each symbol after those before it, of which it looks at n - 1.
   *
   * @param from the place of the first symbol that is predicted; default 1, as of `score` for networks
   * @throws OptionError for a code out of range, or where nothing is left to predict
   */
  score(codes: Int32Array, { from = 1 }: { from?: number } = {}): NgramScore {
    requireWhole({ from }, 0);
    this.requireCodes(codes);
    if (codes.length <= from) {
      throw new OptionError(
        `The text has ${codes.length} symbols, so nothing is left to predict from place ${from} on.`,
      );
    }
    let totalNats = 0;
    for (let place = from; place < codes.length; place++) {
      const contexts = this.contextsBefore(codes, place);
      const wanted = Math.min(place, this.n - 1);
      totalNats -= Math.log(this.probability(contexts, wanted, codes[place]));
    }
    const symbols = codes.length - from;
    const nats = totalNats / symbols;
    return { symbols, totalNats, nats, bits: nats / Math.LN2, perplexity: Math.exp(nats) };
  }

  /**
   * Writes: draws one symbol after another, each by its probability after those before.
   * Random numbers come from the generator that `setSeed` sets.
   *
   * @param options.prime codes that stand before; they are not part of the result. Default none
   * @param options.length how many symbols to write. Default 1000
   */
  sample({ prime = [], length = 1000 }: { prime?: ArrayLike<number>; length?: number } = {}) {
    requireWhole({ length }, 0);
    this.requireCodes(prime);
    const text = Array.from(prime);
    for (let written = 0; written < length; written++) {
      text.push(sampleFrom(this.probabilities(text.slice(-this.n))));
    }
    return Int32Array.from(text.slice(prime.length));
  }

  private requireCodes(codes: ArrayLike<number>): void {
    for (let place = 0; place < codes.length; place++) {
      const code = codes[place];
      if (!(code >= 0 && code < this.vocabularySize && Number.isInteger(code))) {
        throw new OptionError(
          `The text holds ${code} at place ${place}, but codes are whole numbers from 0 to ` +
            `${this.vocabularySize - 1}. Encode it with the vocabulary whose size is vocabularySize.`,
        );
      }
    }
  }
}
