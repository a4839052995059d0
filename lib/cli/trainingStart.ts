import { randomInt } from "node:crypto";
import type { Checkpoint } from "../checkpoints/checkpoint";
import { modelFromCheckpoint } from "../checkpoints/modelState";
import { loadCheckpoint } from "../checkpoints/checkpointFiles";
import { setSeed } from "../engine/random";
import { tf } from "../engine/tensorflow";
import { charRnn } from "../models/charRnn";
import type { Corpus } from "../text/corpus";
import { checkpointNamed, historyBeside } from "./checkpointSeries";
import { CommandError } from "./commandError";
import { LossHistory } from "./lossHistory";
import type { TrainCommandOptions } from "./trainOptions";

/** A checkpoint to begin with. */
export interface Beginning {
  file: string;
  checkpoint: Checkpoint;
  /** Rows of its batches. */
  batchSize: number;
  history: LossHistory | undefined;
}

/**
 * @param place what the user named: see checkpointNamed
 * @throws CheckpointError, CommandError for a file that is no checkpoint or has a foreign history
 */
export function loadBeginning(place: string): Beginning {
  const file = checkpointNamed(place);
  const checkpoint = loadCheckpoint(file);
  const input = inputLayer(checkpoint.topology, file);
  const batchSize = input.batch_input_shape[0];
  const history = LossHistory.read(historyBeside(file));
  if (history && history.steps !== checkpoint.position.step) {
    throw new CommandError(
      `${historyBeside(file)} is the history of ${history.steps} steps, but ${file} has made ${checkpoint.position.step}: they do not belong together. Move the history away, and the training goes on with a new one.`,
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
  if (input?.batch_input_shape?.[0]) return input;
  throw new CommandError(
    `${file} is a checkpoint, but not of a network that writes: its batches have no fixed number of rows. Give one that npm run train wrote.`,
  );
}

/**
 * A new network, from a seed. The vectors that stand for characters begin as torch-rnn's do, normal
 * with deviation 1: from the small ones of tf.layers.embedding, learning begins a hundred steps later.
 */
export function newNetwork(options: TrainCommandOptions, vocabularySize: number): tf.LayersModel {
  const { rnnSize, wordvecSize } = options;
  setSeed(options.seed);
  try {
    const model = charRnn({
      vocabularySize,
      batchSize: options.batchSize,
      hiddenSize: rnnSize,
      numLayers: options.numLayers,
      cell: options.modelType,
      embeddingSize: wordvecSize,
      keepProb: 1 - options.dropout,
    });
    tf.tidy(() => {
      model.layers[0]!.setWeights([tf.randomNormal([vocabularySize, wordvecSize])]);
    });
    return model;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError(
      `There is no memory for a network of --rnn-size ${rnnSize} and --wordvec-size ${wordvecSize} (${error.message}). Choose smaller numbers: 128 and 64 are the defaults.`,
    );
  }
}

/** A checkpoint's network, for batches of another size if need be. */
export function networkOf(
  { checkpoint, file }: Beginning,
  options: TrainCommandOptions,
): Promise<tf.LayersModel> {
  setSeed(options.seed);
  const topology = structuredClone(checkpoint.topology);
  inputLayer(topology, file).batch_input_shape[0] = options.batchSize;
  return modelFromCheckpoint({ ...checkpoint, topology });
}

export function anySeed(): number {
  return randomInt(2 ** 31);
}

/**
 * Makes sure that a training can go on exactly where a checkpoint stopped.
 *
 * @throws CommandError where data or batches are others
 */
export function requireSameCourse(
  { file, checkpoint, history, batchSize }: Beginning,
  corpus: Corpus,
  options: TrainCommandOptions,
  stepsPerEpoch: number,
): void {
  const { step, epoch, batch } = checkpoint.position;
  const digest = history?.options.data_sha256;
  const seqLength = history?.options.seq_length;
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
  if (difference === undefined) return;
  throw new CommandError(
    `The training can't go on exactly where ${file} stopped: ${difference}. Give it what it had, or add --reset-iterations 1 to begin a new training with its weights.`,
  );
}
