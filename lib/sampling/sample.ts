import type { Checkpoint } from "../checkpoints/checkpoint";
import { loadCheckpoint } from "../checkpoints/checkpointFiles";
import { modelFromCheckpoint } from "../checkpoints/modelState";
import { withPresentNames } from "../deprecated";
import { random } from "../engine/random";
import { tf } from "../engine/tensorflow";
import { nameOf } from "../errors";
import { type OptionNames, requireNames } from "../optionNames";
import { requireWhole } from "../options";
import type { Vocabulary } from "../text/vocabulary";
import { keepTopK, keepTopP, SamplingError, sampleFrom, softmax } from "./pick";
import { steppedLayers } from "./steppedLayers";
import { createStepper } from "./stepper";

/** A network to sample from: a model, a checkpoint, or a checkpoint's file. */
export type SampleSource = tf.LayersModel | Checkpoint | string;

/** What a network to sample from or to score by comes to. */
interface OpenSource {
  vocabulary: Vocabulary;
  /** The model itself, or the checkpoint's, which is built for this. */
  model(): Promise<tf.LayersModel>;
  /** Lets go of a model that was built for this, and of no other. */
  release(model: tf.LayersModel): void;
}

/**
 * @param given wins over a checkpoint's own vocabulary; a model has none
 * @throws SamplingError for a model without a vocabulary
 * @throws CheckpointError for a file that is no checkpoint
 */
export function openSource(source: SampleSource, given: Vocabulary | undefined): OpenSource {
  const network = typeof source === "string" ? loadCheckpoint(source) : source;
  if (typeof network !== "object" || network === null) {
    throw new SamplingError(
      `${nameOf(network)} is no network to read: pass a model, what loadCheckpoint gave, or a checkpoint's file.`,
    );
  }
  if (network instanceof tf.LayersModel) {
    return {
      vocabulary: required(given, "a model has only codes"),
      model: async () => network,
      release: () => {},
    };
  }
  return {
    vocabulary: required(
      given ?? network.vocabulary,
      "the checkpoint was written without one, as checkpoints(folder, { vocabulary }) would keep it",
    ),
    model: () => modelFromCheckpoint(network),
    release: (model) => {
      model.dispose();
    },
  };
}

function required(vocabulary: Vocabulary | undefined, why: string): Vocabulary {
  if (typeof vocabulary?.encode === "function") {
    return vocabulary;
  }
  if (vocabulary) {
    throw new SamplingError(
      `vocabulary is ${nameOf(vocabulary)}, but must be a Vocabulary: new Vocabulary(symbols), or the one that ` +
        "the training text was encoded with.",
    );
  }
  throw new SamplingError(
    `The vocabulary is not known: ${why}. Add the option vocabulary, the one that the training text was ` +
      "encoded with.",
  );
}

/**
 * Makes sure that codes mean the same to a network and a vocabulary, as far as it can be seen.
 *
 * @throws SamplingError where one has more of them than the other
 */
export function requireSize(model: tf.LayersModel, vocabulary: Vocabulary): void {
  const { symbols } = steppedLayers(model);
  if (symbols === vocabulary.size) {
    return;
  }
  throw new SamplingError(
    `The network tells ${symbols} symbols apart, but the vocabulary has ${vocabulary.size}. Pass the one ` +
      "that its training text was encoded with.",
  );
}

/** Options of `sample` and `sampleSymbols`. */
export interface SampleOptions {
  /**
   * The text that the network reads first; it begins the result. Default: none. The network then reads a
   * blank, as between two words, and what it writes after that is the result. (A lone rare symbol, in
   * torch-rnn the usual beginning, leads many networks to a line of rubbish.) Of symbols without a blank
   * it reads a line end; without either it writes 100 symbols from a random one on, which are left out.
   */
  prime?: string;
  /** How many symbols to write after the prime. Default 1000. */
  length?: number;
  /** Draw from the k likeliest symbols only. Default: from all. */
  topK?: number;
  /**
   * Draw from the nucleus only, the fewest likeliest symbols whose probabilities sum to this or more:
   * above 0, up to 1. With `topK`, from the nucleus of those k. Default: from all.
   */
  topP?: number;
  /** @deprecated `topK` */
  topN?: number;
  /** Above 1 wilder, below 1 tamer, 0 always the likeliest. Default 1. */
  temperature?: number;
  /** Needed where the network is a model, which does not know its symbols, not a checkpoint. */
  vocabulary?: Vocabulary;
}

export const SAMPLE_NAMES: OptionNames<SampleOptions> = {
  prime: true,
  length: true,
  topK: true,
  topP: true,
  topN: true,
  temperature: true,
  vocabulary: true,
};

/**
 * Lets a network write, a char-RNN or a transformer: it reads the prime one symbol at a time, carrying its
 * state, then each symbol that it draws is what it reads next. Dropout is off. The model's own carried state is not touched.
 *
 * @returns the prime, if there is one, and what the network wrote after it
 * @throws VocabularyError for a prime with a symbol that the network does not know
 * @throws SamplingError for an option out of range
 * @throws CheckpointError for a file that is no checkpoint
 *
 * @example
 * await sample("checkpoints/checkpoint_200.safetensors", { prime: "Анна", topK: 5 });
 */
export async function sample(source: SampleSource, options: SampleOptions = {}): Promise<string> {
  const symbols: string[] = [];
  for await (const symbol of sampleSymbols(source, options)) {
    symbols.push(symbol);
  }
  return symbols.join("");
}

/** Symbols that stand often in any text, and after which something begins. */
const PAUSES = [" ", "\n"];

/** After so many symbols a network has found its way back to what it knows. */
const UNSEEN = 100;

function hasPause(vocabulary: Vocabulary): boolean {
  return PAUSES.some((pause) => vocabulary.has(pause));
}

/** What the network reads first where nothing was given; it is not part of the result. */
export function quietStart(vocabulary: Vocabulary): string {
  const pause = PAUSES.find((symbol) => vocabulary.has(symbol));
  return pause ?? vocabulary.symbols[Math.floor(random() * vocabulary.size)];
}

/** As `sample`, one symbol after the other as they are drawn. The prime comes first, as one piece. */
export async function* sampleSymbols(
  source: SampleSource,
  options: SampleOptions = {},
): AsyncGenerator<string> {
  requireNames("sample", options, SAMPLE_NAMES, { Thrown: SamplingError });
  const present = withPresentNames("sample", options, { topN: "topK" });
  const { prime, length = 1000, topK, topP, temperature = 1, vocabulary: given } = present;
  requireWhole({ length }, 0, { Thrown: SamplingError });
  const probabilitiesOf = (logits: Float32Array) => {
    const probabilities = softmax(logits, temperature);
    const some = topK === undefined ? probabilities : keepTopK(probabilities, topK);
    return topP === undefined ? some : keepTopP(some, topP);
  };
  probabilitiesOf(new Float32Array(1)); // options out of range are named before any work
  const network = openSource(source, given);
  const { vocabulary } = network;
  const codes = vocabulary.encode(prime || quietStart(vocabulary));
  const model = await network.model();
  const stepper = createStepper(model, { batchSize: 1 });
  try {
    requireSize(model, vocabulary);
    if (prime) {
      yield prime;
    }
    let logits: Float32Array = new Float32Array();
    for (const code of codes) {
      logits = stepper.step(Int32Array.of(code));
    }
    const unseen = prime || length === 0 || hasPause(vocabulary) ? 0 : UNSEEN;
    for (let step = 0; step < unseen; step++) {
      logits = stepper.step(Int32Array.of(sampleFrom(probabilitiesOf(logits))));
    }
    for (let written = 0; written < length; written++) {
      const code = sampleFrom(probabilitiesOf(logits));
      yield vocabulary.decode([code]);
      if (written + 1 < length) {
        logits = stepper.step(Int32Array.of(code));
      }
    }
  } finally {
    stepper.dispose();
    network.release(model);
  }
}
