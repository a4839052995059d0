import { host } from "../host/host";
import { OptionError, requireFraction } from "../options";
import {
  CODE_TYPES,
  type CorpusHeader,
  codeTypeFor,
  encodeHeader,
  hashOf,
  NO_DIGEST,
  PARTS,
  type Part,
} from "./corpusHeader";
import { DataError } from "./dataError";
import { type CleanOptions, cleanPieces, emptyText, type TextSource } from "./sourceText";
import { Vocabulary, VocabularyError } from "./vocabulary";

/** What to make of a text, and where to put it. */
export interface PreprocessOptions {
  /** Where the codes go. */
  dataFile: string;
  /** Where the vocabulary goes as JSON; by default nowhere but into the data file. */
  vocabularyFile?: string;
  /** The part of the text to watch the training by. Default 0.1. */
  valFraction?: number;
  /** The part of the text to judge the network by at the end. Default 0.1. */
  testFraction?: number;
  /** What to clean the text of first. */
  clean?: CleanOptions;
  /** Take these codes, a trained network's, instead of making new ones. */
  vocabulary?: Vocabulary;
  /** Called with the progress, 0 to 1. */
  onProgress?: (done: number) => void;
  /** Stops the work, with `signal.reason`; nothing is left behind. */
  signal?: AbortSignal;
}

/**
 * Makes a data file of a text: its symbols as codes, in the parts train, val and test, one after the
 * other as they stand in the text. The text is read twice, and never held in memory: first for its
 * symbols, then for their codes.
 *
 * @throws {DataError} where the text can't be read, or has too few symbols for its parts
 * @throws VocabularyError for a symbol that is not in the given vocabulary
 * @throws Error where a file can't be written; an older one is untouched
 */
export async function preprocess(
  source: TextSource,
  options: PreprocessOptions,
): Promise<CorpusHeader> {
  const { signal, onProgress = () => {} } = options;
  const pieces = (pass: number) => {
    const read = source.pieces((bytes) => onProgress((pass + bytes / source.bytes) / 2));
    return stoppable(options.clean ? cleanPieces(read, options.clean) : read, signal);
  };
  const { length, vocabulary } = await survey(pieces(0), source.name, options.vocabulary);
  const header: CorpusHeader = {
    vocabulary,
    codeType: codeTypeFor(vocabulary.size),
    lengths: partLengths(source.name, length, options),
    digest: NO_DIGEST,
  };
  await host.store.writeInParts(options.dataFile, async (file) => {
    let position = file.write(encodeHeader(header), 0);
    const hash = hashOf(header);
    const expected = position + length * CODE_TYPES[header.codeType].bytes;
    for await (const bytes of encoded(pieces(1), source.name, header)) {
      hash.update(bytes);
      position = file.write(bytes, position);
    }
    if (position !== expected) {
      throw changedMeanwhile(source.name);
    }
    header.digest = hash.hex();
    file.write(encodeHeader(header), 0);
  });
  if (options.vocabularyFile) {
    host.store.write(options.vocabularyFile, vocabularyJson(header.vocabulary));
  }
  return header;
}

/** The vocabulary as torch-rnn writes it, but with codes from 0. */
export function vocabularyJson(vocabulary: Vocabulary): string {
  const entries = vocabulary.symbols.map((symbol, code) => [symbol, code] as const);
  const json = {
    token_to_idx: Object.fromEntries(entries),
    idx_to_token: Object.fromEntries(entries.map(([symbol, code]) => [code, symbol])),
  };
  return `${JSON.stringify(json, null, 1)}\n`;
}

async function* stoppable(
  pieces: AsyncIterable<string> | Iterable<string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    yield piece;
  }
}

const CODE_POINTS = 0x110000;

/** How many symbols a text has, and which. */
async function survey(
  pieces: AsyncIterable<string>,
  name: string,
  given: Vocabulary | undefined,
): Promise<{ length: number; vocabulary: Vocabulary }> {
  const seen = new Uint8Array(CODE_POINTS);
  let length = 0;
  for await (const piece of pieces) {
    for (let index = 0; index < piece.length; index++) {
      const codePoint = piece.codePointAt(index)!;
      if (codePoint > 0xffff) {
        index++;
      }
      seen[codePoint] = 1;
      length++;
    }
  }
  if (length === 0) {
    throw emptyText(name);
  }
  const symbols: string[] = [];
  for (const [codePoint, isThere] of seen.entries()) {
    if (isThere) {
      symbols.push(String.fromCodePoint(codePoint));
    }
  }
  if (given) {
    requireKnown(symbols, given, name);
    return { length, vocabulary: given };
  }
  if (symbols.length === 1) {
    throw new DataError(
      "too-small",
      `${name} has ${length === 1 ? "one symbol" : `${length} times the same symbol`}, ${JSON.stringify(symbols[0])}, and no other: there is nothing to learn in it. Give a text with at least two different symbols.`,
    );
  }
  return { length, vocabulary: new Vocabulary(symbols) };
}

function requireKnown(symbols: string[], vocabulary: Vocabulary, name: string): void {
  const unknown = symbols.filter((symbol) => !vocabulary.has(symbol));
  if (unknown.length === 0) {
    return;
  }
  const shown = unknown.slice(0, 10).map((symbol) => {
    const hex = symbol.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    return `${JSON.stringify(symbol)} (U+${hex})`;
  });
  const more = unknown.length > shown.length ? ` and ${unknown.length - shown.length} others` : "";
  throw new VocabularyError(
    `${name} has characters that are not among the ${vocabulary.size} of the network's vocabulary: ${shown.join(", ")}${more}. Take them out (clean the text to fewer characters), or train a new network.`,
  );
}

function partLengths(
  name: string,
  length: number,
  { valFraction = 0.1, testFraction = 0.1 }: PreprocessOptions,
): Record<Part, number> {
  requireFraction({ valFraction, testFraction });
  if (valFraction + testFraction >= 1) {
    throw new OptionError(
      `valFraction ${valFraction} and testFraction ${testFraction} leave nothing to train on: together they must be below 1.`,
    );
  }
  const val = Math.floor(valFraction * length);
  const test = Math.floor(testFraction * length);
  const lengths = { train: length - val - test, val, test };
  const wanted = { train: 1, val: valFraction, test: testFraction };
  // A symbol to read and one to predict.
  const short = PARTS.find((part) => wanted[part] > 0 && lengths[part] < 2);
  if (short) {
    throw new DataError(
      "too-small",
      `${name} has only ${length} symbols, too few to be parted: ${lengths.train} to train on, ${val} for validation, ${test} for the test, but each part needs at least 2. Give a longer text, or leave a part out (--val-frac 0, --test-frac 0).`,
    );
  }
  return lengths;
}

/** The bytes of a text's codes. */
async function* encoded(
  pieces: AsyncIterable<string>,
  name: string,
  { vocabulary, codeType }: CorpusHeader,
): AsyncGenerator<Uint8Array> {
  const codes = new Int32Array(CODE_POINTS).fill(-1);
  for (const [code, symbol] of vocabulary.symbols.entries()) {
    codes[symbol.codePointAt(0)!] = code;
  }
  const { bytes: width, array } = CODE_TYPES[codeType];
  for await (const piece of pieces) {
    const numbers = new array(piece.length);
    let count = 0;
    for (let index = 0; index < piece.length; index++) {
      const codePoint = piece.codePointAt(index)!;
      if (codePoint > 0xffff) {
        index++;
      }
      const code = codes[codePoint];
      if (code < 0) {
        throw changedMeanwhile(name);
      }
      numbers[count++] = code;
    }
    yield new Uint8Array(numbers.buffer, 0, count * width);
  }
}

function changedMeanwhile(name: string): DataError {
  return new DataError(
    "changed",
    `${name} was changed while it was read. Let the program that writes it finish, and try again.`,
  );
}
