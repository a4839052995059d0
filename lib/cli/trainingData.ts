import { existsSync, readFileSync, renameSync } from "node:fs";
import * as path from "node:path";
import type { SequenceBatch } from "../text/batches";
import { Corpus } from "../text/corpus";
import type { Part } from "../text/corpusHeader";
import { preprocess, vocabularyJson } from "../text/corpusWriter";
import { CommandError } from "./exit";
import type { TrainOptions } from "./options";
import { cleaningOf, inputText } from "./preprocess";
import type { Terminal } from "./terminal";
import type { Beginning } from "./trainingStore";

/**
 * Opens the data of a training: a data file, or one made of the text beside the checkpoints, or that
 * which the training to go on from had.
 *
 * @throws CommandError, DataError, VocabularyError where there is none, or it does not fit
 */
export async function openData(
  options: TrainOptions,
  beginning: Beginning | undefined,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Corpus> {
  const corpus = await Corpus.open(await dataFile(options, beginning, terminal, signal));
  try {
    requireVocabulary(corpus, options.inputJson, beginning);
    requireBatches(corpus, options);
  } catch (error) {
    corpus.close();
    throw error;
  }
  return corpus;
}

async function dataFile(
  options: TrainOptions,
  beginning: Beginning | undefined,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<string> {
  const { inputTxt, inputData, checkpointName, valFrac, testFrac } = options;
  if (inputTxt !== undefined && inputData !== undefined) {
    throw new CommandError(
      `--input-txt ${inputTxt} and --input-data ${inputData} are both given: the data of a training is either. Leave one out.`,
      true,
    );
  }
  if (inputData !== undefined) {
    return inputData;
  }
  if (inputTxt !== undefined) {
    const fresh = `${checkpointName}.data`;
    const { digest } = await preprocess(await inputText(inputTxt, options), {
      dataFile: fresh,
      valFraction: valFrac,
      testFraction: testFrac,
      clean: cleaningOf(options),
      vocabulary: beginning?.checkpoint.vocabulary,
      signal,
      onProgress: (done) => terminal.progress(100 * done, 100, `reading ${inputTxt}`),
    });
    terminal.endProgress();
    // Named by its contents, so that another text does not replace it.
    const file = `${checkpointName}-${digest.slice(0, 8)}.data`;
    renameSync(fresh, file);
    return file;
  }
  if (!beginning) {
    throw new CommandError(
      "No text to learn from is given. Give a UTF-8 file with --input-txt FILE, or with --input-data FILE what preprocess made of one. With npm, a lone -- comes before all options.",
      true,
    );
  }
  const before = beginning.history?.opt.input_data;
  if (typeof before === "string") {
    // It may have been moved together with its checkpoints.
    const moved = path.join(path.dirname(beginning.file), path.basename(before));
    const found = [before, moved].find((file) => existsSync(file));
    if (found !== undefined) {
      return found;
    }
  }
  throw new CommandError(
    `The data that ${beginning.file} was trained on ${before === undefined ? "is not known" : `(${before}) is not there any more`}. Name it with --input-data, or the text with --input-txt.`,
  );
}

function requireVocabulary(
  { vocabulary, file }: Corpus,
  inputJson: string | undefined,
  beginning: Beginning | undefined,
): void {
  const learnt = beginning?.checkpoint.vocabulary;
  if (learnt && learnt.toString() !== vocabulary.toString()) {
    throw new CommandError(
      `${beginning.file} was trained on other characters (${learnt.size}) than ${file} has (${vocabulary.size}), so their codes do not agree. Give the text itself with --input-txt: it is then written with the network's codes.`,
    );
  }
  if (inputJson === undefined) {
    return;
  }
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(inputJson, "utf8"));
  } catch (error) {
    throw new CommandError(
      `The vocabulary ${inputJson} can't be read: ${(error as Error).message}. Leave --input-json out: the data file holds its vocabulary too.`,
    );
  }
  if (JSON.stringify(json) !== JSON.stringify(JSON.parse(vocabularyJson(vocabulary)))) {
    throw new CommandError(
      `${inputJson} is not the vocabulary of ${file}. Leave --input-json out: the data file holds its vocabulary too.`,
    );
  }
}

function requireBatches({ lengths }: Corpus, { batchSize, seqLength }: TrainOptions): void {
  const needed = batchSize * seqLength + 1;
  if (lengths.train >= needed) {
    return;
  }
  throw new CommandError(
    `The text is too short: its training part has ${lengths.train} characters, but one step of --batch-size ${batchSize} rows of --seq-length ${seqLength} characters needs ${needed}. Give a longer text or a smaller --batch-size (1 row of ${seqLength} needs ${seqLength + 1}).`,
  );
}

/** Of a long validation part no more is read at a checkpoint: it would take longer than the training. */
const VALIDATION_BATCHES = 500;

/**
 * The batches to measure the loss of a part on, made afresh by each call. Where it is shorter than one
 * batch, its rows are.
 *
 * @returns undefined where there are fewer characters than rows
 */
export function evaluationBatches(
  corpus: Corpus,
  part: Part,
  { batchSize, seqLength }: { batchSize: number; seqLength: number },
): (() => Iterable<SequenceBatch>) | undefined {
  const steps = Math.min(seqLength, Math.floor((corpus.lengths[part] - 1) / batchSize));
  if (steps < 1) {
    return undefined;
  }
  const most = part === "val" ? VALIDATION_BATCHES : Number.POSITIVE_INFINITY;
  return () => first(corpus.batches(part, { batchSize, steps }), most);
}

function* first<T>(items: Iterable<T>, most: number): Generator<T> {
  let left = most;
  for (const item of items) {
    if (left-- === 0) {
      return;
    }
    yield item;
  }
}
