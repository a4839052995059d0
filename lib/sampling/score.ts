import { plainStepper } from "../engine/plain/engine";
import type { tf } from "../engine/tensorflow";
import { nameOf } from "../errors";
import { host } from "../host/host";
import { type OptionNames, requireNames } from "../optionNames";
import { requireOneOf } from "../options";
import { type Vocabulary, VocabularyError } from "../text/vocabulary";
import { SamplingError } from "./pick";
import { openSource, requireSize, type SampleSource } from "./sample";
import { steppedLayers } from "./steppedLayers";

/** Options of `score`. */
export interface ScoreOptions {
  /** Needed where the network is a model, which does not know its symbols, not a checkpoint. */
  vocabulary?: Vocabulary;
  /**
   * What becomes of a symbol that the network does not know, to which it gives no probability: "refuse"
   * throws, "skip" leaves it out, as though it did not stand in the text, and counts it. Default "refuse".
   */
  unknown?: "refuse" | "skip";
  /** Ends the work between two stretches of the text, with `signal.reason`. */
  signal?: AbortSignal;
}

const NAMES: OptionNames<ScoreOptions> = { vocabulary: true, unknown: true, signal: true };

/** How well a network predicts a text. */
export interface Score {
  /** How many symbols were predicted: all but the first, which is only read, and those left out. */
  symbols: number;
  /** -Σ ln p of these symbols, each after all that stand before it. */
  totalNats: number;
  /** Nats a symbol, totalNats / symbols: what `train` and `evaluate` call the loss. */
  nats: number;
  /** Bits a symbol: nats / ln 2. */
  bits: number;
  /** exp(nats): among how many symbols alike the network hesitates. */
  perplexity: number;
  /** Symbols that were left out, and how often. */
  unknown: ReadonlyMap<string, number>;
}

/** Symbols that go through a layer at once. The result does not depend on it. */
const STRETCH = 128;

/**
 * How well a network predicts a text: it reads the text from the beginning, its state carried from symbol
 * to symbol, and is judged by the probability that it gave to each one before it saw it. It is the
 * definition of the validation loss for one row of text; that of `train` begins each of its rows with a
 * state of zeros, and so comes out a little higher. The model's own carried state is not touched. A
 * transformer predicts each symbol from as many before it as its steppers look at: from C / 2 to C of them.
 *
 * @param source a char-RNN or a transformer: a model, a checkpoint, or a checkpoint's file
 * @param text the text, or its pieces one after another; they are not kept, so a text may be of any length
 * @throws VocabularyError for a symbol that the network does not know, unless those are skipped
 * @throws SamplingError for fewer than two symbols, or a model without `vocabulary`
 * @throws CheckpointError for a file that is no checkpoint
 *
 * @example
 * const { bits, perplexity } = await score("cv/checkpoint_1000.safetensors", "Call me Ishmael.");
 */
export async function score(
  source: SampleSource,
  text: string | Iterable<string> | AsyncIterable<string>,
  options: ScoreOptions = {},
): Promise<Score> {
  requireNames("score", options, NAMES, { Thrown: SamplingError });
  const { vocabulary: given, unknown = "refuse", signal } = options;
  requireText(text);
  requireOneOf({ unknown }, ["refuse", "skip"], { Thrown: SamplingError });
  const network = openSource(source, given);
  const { vocabulary } = network;
  const model = await network.model();
  const reader = new Reader(model, vocabulary);
  try {
    const encoder = new Encoder(vocabulary, unknown);
    for await (const piece of typeof text === "string" ? [text] : text) {
      if (typeof piece !== "string") {
        throw notText(piece);
      }
      for (const codes of encoder.stretches(piece)) {
        signal?.throwIfAborted();
        reader.read(codes);
        await host.process.nextTurn();
      }
    }
    reader.read(encoder.rest());
    return result(reader, encoder);
  } finally {
    reader.dispose();
    network.release(model);
  }
}

/** Text, or pieces of it; codes would be scored as the digits that they are written with. */
function requireText(text: unknown): void {
  const isList =
    typeof text === "object" &&
    text !== null &&
    (Symbol.iterator in text || Symbol.asyncIterator in text);
  if (typeof text === "string" || (isList && !ArrayBuffer.isView(text))) {
    return;
  }
  throw notText(text);
}

function notText(given: unknown): SamplingError {
  return new SamplingError(
    `score was given ${nameOf(given)}, but scores a text, or its pieces one after another. Codes become a ` +
      "text by vocabulary.decode(codes); loadText gives one, once it is awaited.",
  );
}

function result({ symbols, totalNats }: Reader, { skipped }: Encoder): Score {
  if (symbols === 0) {
    throw new SamplingError(
      "There is nothing to predict: the text has fewer than two symbols that the network knows, and the " +
        "first one is only read.",
    );
  }
  const nats = totalNats / symbols;
  const [bits, perplexity] = [nats / Math.LN2, Math.exp(nats)];
  return { symbols, totalNats, nats, bits, perplexity, unknown: skipped };
}

/** Turns pieces of a text into stretches of codes. */
class Encoder {
  /** Symbols that have no code, and how often they came. */
  readonly skipped = new Map<string, number>();
  private readonly codes: Map<string, number>;
  private collected: number[] = [];
  private place = 0;
  /** The first half of a symbol that was cut in two. */
  private half = "";

  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly unknown: "refuse" | "skip",
  ) {
    this.codes = new Map(vocabulary.symbols.map((symbol, code) => [symbol, code]));
  }

  *stretches(piece: string): Generator<number[]> {
    const text = this.half + piece;
    const isCut = /[\uD800-\uDBFF]$/.test(text);
    this.half = isCut ? text.slice(-1) : "";
    for (const symbol of isCut ? text.slice(0, -1) : text) {
      this.add(symbol);
      if (this.collected.length === STRETCH) {
        yield this.collected.splice(0);
      }
    }
  }

  /** What is left at the end of the text. */
  rest(): number[] {
    if (this.half !== "") {
      this.add(this.half);
    }
    this.half = "";
    return this.collected.splice(0);
  }

  private add(symbol: string): void {
    this.place += 1;
    const code = this.codes.get(symbol);
    if (code !== undefined) {
      this.collected.push(code);
    } else if (this.unknown === "skip") {
      this.skipped.set(symbol, (this.skipped.get(symbol) ?? 0) + 1);
    } else {
      throw this.unknownSymbol(symbol);
    }
  }

  private unknownSymbol(symbol: string): VocabularyError {
    const codePoint = symbol.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    return new VocabularyError(
      `${JSON.stringify(symbol)} (U+${codePoint}), symbol ${this.place} of the text, is not among the ` +
        `${this.vocabulary.size} symbols that the network knows, so it has no probability. Score a text ` +
        'without it, or leave such symbols out with unknown: "skip".',
    );
  }
}

/** A network that reads stretches of codes, and sums up how surprised it was. */
class Reader {
  symbols = 0;
  totalNats = 0;
  private readonly stepper: ReturnType<typeof plainStepper>;
  /** V */
  private readonly V: number;
  /** The logits of the symbol to come; undefined before the first one. */
  private next: ArrayLike<number> | undefined;

  /** @throws SamplingError where the vocabulary has another size than the network */
  constructor(model: tf.LayersModel, vocabulary: Vocabulary) {
    requireSize(model, vocabulary);
    const layers = steppedLayers(model);
    this.V = layers.symbols;
    this.stepper = plainStepper(layers, 1);
  }

  read(codes: readonly number[]): void {
    if (codes.length === 0) {
      return;
    }
    const { V } = this;
    const logits = this.stepper.read(Int32Array.from(codes), codes.length);
    codes.forEach((code, t) => {
      if (this.next !== undefined) {
        this.totalNats += surprise(this.next, code);
        this.symbols += 1;
      }
      this.next = logits.subarray(t * V, (t + 1) * V);
    });
  }

  dispose(): void {
    this.stepper.dispose();
  }
}

/** -ln softmax(logits)[code], in 64 bits: a long text is a long sum. */
function surprise(logits: ArrayLike<number>, code: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) {
    largest = Math.max(largest, logits[i]);
  }
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    sum += Math.exp(logits[i] - largest);
  }
  return largest + Math.log(sum) - logits[code];
}
