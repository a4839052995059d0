import { KareninaError, nameOf } from "../errors";

/** Thrown where a text and a vocabulary do not fit; the message says what to do. */
export class VocabularyError extends KareninaError {
  override name = "VocabularyError";
  readonly code = "bad-vocabulary";
}

function requireText(text: unknown): void {
  if (typeof text === "string") {
    return;
  }
  const remedy = text instanceof Promise ? " Is an await missing?" : "";
  throw new VocabularyError(`${nameOf(text)} is no text to find symbols in.${remedy}`);
}

/**
 * The symbols of a text and their codes: 0 to V - 1 in the order of their Unicode code points, as
 * `sorted(set(text))` gives them in Python. A symbol is one code point, so an emoji counts once.
 *
 * @example
 * const vocabulary = Vocabulary.of("hello");
 * vocabulary.symbols; // ["e", "h", "l", "o"]
 * vocabulary.encode("hole"); // Int32Array [1, 3, 2, 0]
 */
export class Vocabulary {
  /** The symbols by code. */
  readonly symbols: readonly string[];
  private readonly codes: ReadonlyMap<string, number>;

  /**
   * @param symbols the symbols by code, each one code point, none twice
   * @throws VocabularyError for an empty list, a symbol of another length, or one that stands twice
   */
  constructor(symbols: readonly string[]) {
    if (!Array.isArray(symbols) || !symbols.every((symbol) => typeof symbol === "string")) {
      throw new VocabularyError(
        `A vocabulary was to be made of ${nameOf(symbols)}, but is made of a list of symbols: ["a", "b"]. That of ` +
          "a text is Vocabulary.of(text).",
      );
    }
    if (symbols.length === 0) {
      throw new VocabularyError(
        "A vocabulary needs at least one symbol, but the text that it is to be made of is empty. " +
          "Check that the file that you loaded is the one you meant.",
      );
    }
    const codes = new Map<string, number>();
    for (const [code, symbol] of symbols.entries()) {
      if ([...symbol].length !== 1 || /\p{Surrogate}/u.test(symbol)) {
        throw new VocabularyError(
          `${JSON.stringify(symbol)} (code ${code}) is not one Unicode code point. ` +
            "Build vocabularies with Vocabulary.of(text), from well-formed text.",
        );
      }
      if (codes.has(symbol)) {
        throw new VocabularyError(
          `${JSON.stringify(symbol)} has two codes, ${codes.get(symbol)} and ${code}. ` +
            "List every symbol once.",
        );
      }
      codes.set(symbol, code);
    }
    this.symbols = [...symbols];
    this.codes = codes;
  }

  /**
   * The vocabulary of a text. Take the whole text, not only the part to train on: held-out text may
   * hold a symbol that the training part lacks.
   *
   * @throws VocabularyError for an empty text or one with half a surrogate pair
   */
  static of(text: string): Vocabulary {
    requireText(text);
    const symbols = [...new Set(text)];
    return new Vocabulary(symbols.sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!));
  }

  /** V, the number of symbols. */
  get size(): number {
    return this.symbols.length;
  }

  /** Whether a symbol has a code. */
  has(symbol: string): boolean {
    return this.codes.has(symbol);
  }

  /**
   * A text's codes, one for each code point.
   *
   * @throws VocabularyError naming the first symbol that has no code, and its place
   */
  encode(text: string): Int32Array {
    requireText(text);
    const encoded = new Int32Array(text.length);
    let length = 0;
    for (const symbol of text) {
      const code = this.codes.get(symbol);
      if (code === undefined) {
        throw this.unknownSymbol(symbol, length);
      }
      encoded[length++] = code;
    }
    return length === text.length ? encoded : encoded.slice(0, length);
  }

  /**
   * The text of some codes: `decode(encode(text))` is `text`.
   *
   * @throws VocabularyError for a code that is not an integer from 0 to V - 1
   */
  decode(codes: Iterable<number>): string {
    if (typeof codes !== "object" || codes === null || !(Symbol.iterator in codes)) {
      throw new VocabularyError(
        `${nameOf(codes)} cannot be decoded: codes stand in a list, such as [0, 2] or what encode gave; of a ` +
          "tensor take dataSync().",
      );
    }
    const symbols: string[] = [];
    for (const code of codes) {
      const symbol = this.symbols[code];
      if (symbol === undefined) {
        throw new VocabularyError(
          `${code} is no code of this vocabulary, whose codes are the integers 0 to ${this.size - 1}. ` +
            "Decode codes with the vocabulary that encoded them.",
        );
      }
      symbols.push(symbol);
    }
    return symbols.join("");
  }

  /** The symbols as one string, in order: what a checkpoint keeps. */
  toString(): string {
    return this.symbols.join("");
  }

  private unknownSymbol(symbol: string, position: number): VocabularyError {
    const codePoint = symbol.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    const known = [...this.symbols.join("").trim()];
    const examples = known.length > 60 ? `${known.slice(-60).join("")} and others` : known.join("");
    return new VocabularyError(
      `${JSON.stringify(symbol)} (U+${codePoint}), symbol ${position + 1} of the text, is not among ` +
        `the ${this.size} symbols of this vocabulary. Use only symbols of the text that the network ` +
        `was trained on (such as ${examples}), or make the vocabulary from a text that has it.`,
    );
  }
}
