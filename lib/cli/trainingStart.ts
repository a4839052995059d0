import { randomInt } from "node:crypto";
import * as path from "node:path";
import type { Command } from "commander";
import { loadCheckpoint } from "../checkpoints/checkpointFiles";
import { modelFromCheckpoint } from "../checkpoints/modelState";
import { setSeed } from "../engine/random";
import type { tf } from "../engine/tensorflow";
import { charRnn } from "../models/charRnn";
import { PRETRAINED, pretrainedFile } from "../models/pretrained";
import { transformer } from "../models/transformer";
import type { Corpus } from "../text/corpus";
import { checkpointNamed, checkpointsNamed, nameOfSeries } from "./checkpointPlaces";
import { CommandError } from "./exit";
import { isGiven, optionsOf, spelt, TEXT_OPTIONS, type TrainOptions } from "./options";
import { callOf, type Terminal } from "./terminal";
import { type Beginning, historyBeside, readHistory, type StoredOptions } from "./trainingStore";

/**
 * @param place what the user named: see checkpointNamed
 * @throws CheckpointError, CommandError for a file that is no checkpoint or has a foreign history
 */
function loadBeginning(place: string): Beginning {
  const file = checkpointNamed(place);
  const checkpoint = loadCheckpoint(file);
  const input = inputLayer(checkpoint.topology, file);
  const batchSize = input.batch_input_shape[0];
  const history = readHistory(file);
  if (history && history.i !== checkpoint.position.step) {
    throw new CommandError(
      `${historyBeside(file)} is the history of ${history.i} steps, but ${file} has made ${checkpoint.position.step}: they do not belong together. Move the history away, and the training goes on with a new one.`,
    );
  }
  return { file, checkpoint, batchSize, history };
}

interface InputConfig {
  batch_input_shape: [number, ...(number | null)[]];
}

function inputLayer(topology: object, file: string): InputConfig {
  const { config } = topology as { config?: { layers?: { config?: InputConfig }[] } };
  const input = config?.layers?.[0]?.config;
  if (input?.batch_input_shape?.[0]) {
    return input;
  }
  throw new CommandError(
    `${file} is a checkpoint, but not of a network that writes: its batches have no fixed number of rows. Give one that ${callOf("train")} wrote.`,
  );
}

/** A new network, from a seed. A transformer looks back as far as a step of training is long. */
export function newNetwork(options: TrainOptions, vocabularySize: number): tf.LayersModel {
  const { rnnSize, wordvecSize, modelType } = options;
  setSeed(options.seed);
  try {
    if (modelType === "transformer") {
      return newTransformer(options, vocabularySize);
    }
    return charRnn({
      vocabularySize,
      batchSize: options.batchSize,
      hiddenSize: rnnSize,
      numLayers: options.numLayers,
      cell: modelType,
      embeddingSize: wordvecSize,
      dropout: options.dropout,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
    throw new CommandError(
      `There is no memory for a network of --rnn-size ${rnnSize} and --wordvec-size ${wordvecSize} (${error.message}). Choose smaller numbers: 128 and 64 are the defaults.`,
    );
  }
}

/** @throws CommandError where the heads do not divide the width */
function newTransformer(options: TrainOptions, vocabularySize: number): tf.LayersModel {
  const { rnnSize, numHeads } = options;
  if (rnnSize % numHeads !== 0) {
    throw new CommandError(
      `--rnn-size ${rnnSize} can't be divided among --num-heads ${numHeads}. Choose a multiple of ${numHeads}, or other heads.`,
    );
  }
  return transformer({
    vocabularySize,
    contextLength: options.seqLength,
    width: rnnSize,
    numLayers: options.numLayers,
    numHeads,
    dropout: options.dropout,
    batchSize: options.batchSize,
  });
}

/** A checkpoint's network, for batches of another size if need be. */
export function networkOf(
  { checkpoint, file }: Beginning,
  options: TrainOptions,
): Promise<tf.LayersModel> {
  setSeed(options.seed);
  const topology = structuredClone(checkpoint.topology);
  inputLayer(topology, file).batch_input_shape[0] = options.batchSize;
  return modelFromCheckpoint({ ...checkpoint, topology });
}

/** The options of a training, with those of the one that goes on, and the checkpoint that it goes on from. */
export function settle(
  command: Command,
  terminal: Terminal,
): { options: TrainOptions; beginning: Beginning | undefined } {
  const { initFrom, inputTxt, resetIterations } = command.opts<TrainOptions>();
  const beginning = initFrom === undefined ? undefined : loadBeginning(initFrom);
  if (beginning) {
    takeOverFrom(beginning, command, inputTxt !== undefined, terminal);
  } else if (resetIterations) {
    terminal.note("--reset-iterations means nothing without --init-from.");
  }
  const options = command.opts<TrainOptions>();
  const { seed = randomInt(2 ** 31), checkpointName } = options;
  return {
    options: { ...options, seed, checkpointName: checkpointsNamed(checkpointName) },
    beginning,
  };
}

function takeOverFrom(
  { file, batchSize, history }: Beginning,
  command: Command,
  hasText: boolean,
  terminal: Terminal,
): void {
  for (const option of optionsOf(command)) {
    const name = option.attributeName();
    const useless = option.row.from === "network" || (!hasText && TEXT_OPTIONS.includes(name));
    if (useless && isGiven(command, name)) {
      terminal.note(`${option.long} is ignored: ${file} decides it.`);
    }
  }
  if (!isGiven(command, "batchSize")) {
    command.setOptionValueWithSource("batchSize", batchSize, "config");
  }
  if (history) {
    takeOver(command, history.opt);
  }
  // What is learnt from a network that comes with the library does not go among its files.
  const isOurs = PRETRAINED.map(pretrainedFile).includes(path.resolve(file));
  if (!isGiven(command, "checkpointName") && !isOurs) {
    command.setOptionValueWithSource("checkpointName", nameOfSeries(file), "config");
  }
}

/** The options for a history, under torch-rnn's names. */
export function storedOptions(command: Command, options: TrainOptions): StoredOptions {
  const all = options as unknown as Record<string, string | number>;
  const kept = optionsOf(command).filter(({ row }) => row.from !== undefined);
  const names = kept.map((option) => option.attributeName());
  return Object.fromEntries(names.map((name) => [spelt(name, "_"), all[name]]));
}

/**
 * Gives options that were not written on the command line the values of an earlier training.
 *
 * @throws CommandError for a stored value that is none
 */
export function takeOver(command: Command, stored: StoredOptions): void {
  for (const option of optionsOf(command)) {
    const name = option.attributeName();
    const value = stored[spelt(name, "_")];
    if (!option.row.from || value === undefined || isGiven(command, name)) {
      continue;
    }
    try {
      const parse = option.parseArg as ((text: string, before: unknown) => unknown) | undefined;
      command.setOptionValueWithSource(name, parse?.(String(value), undefined), "config");
    } catch (error) {
      throw new CommandError(
        `The history beside the checkpoint has ${spelt(name, "_")} = ${value}. ${(error as Error).message} Give ${option.long} yourself.`,
      );
    }
  }
}

/**
 * Makes sure that a training can go on exactly where a checkpoint stopped.
 *
 * @throws CommandError where data or batches are others
 */
export function requireSameCourse(
  { file, checkpoint, history, batchSize }: Beginning,
  corpus: Corpus,
  options: TrainOptions,
  stepsPerEpoch: number,
): void {
  const { step, epoch, batch } = checkpoint.position;
  const digest = history?.opt.data_sha256;
  const seqLength = history?.opt.seq_length;
  const difference =
    checkpoint.optimizer === undefined
      ? "it holds the network alone"
      : digest !== undefined && digest !== corpus.digest
        ? `it was trained on other data than ${corpus.file}`
        : options.batchSize !== batchSize
          ? `its batches have ${batchSize} rows, not ${options.batchSize}`
          : seqLength !== undefined && options.seqLength !== seqLength
            ? `its sequences have ${seqLength} characters, not ${options.seqLength}`
            : step !== (epoch - 1) * stepsPerEpoch + batch
              ? `its step ${step} is not batch ${batch} of epoch ${epoch} with this data`
              : undefined;
  if (difference === undefined) {
    return;
  }
  throw new CommandError(
    `The training can't go on exactly where ${file} stopped: ${difference}. Give it what it had, or add --reset-iterations 1 to begin a new training with its weights.`,
  );
}
