import * as path from "node:path";
import type { Command } from "commander";
import { ready } from "../engine/tensorflow";
import { PRETRAINED, pretrainedFile } from "../models/pretrained";
import { countSequenceBatches } from "../text/batches";
import { CheckpointSeries, checkpointsNamed, seriesOf } from "./checkpointSeries";
import { EXIT } from "./commandError";
import { TEXT_OPTIONS } from "./inputText";
import { lockCheckpoints } from "./runLock";
import { listenForSignals, Stopped } from "./signals";
import { Terminal } from "./terminal";
import { openData } from "./trainingData";
import { TrainingProcess } from "./trainingProcess";
import {
  anySeed,
  type Beginning,
  loadBeginning,
  networkOf,
  newNetwork,
  requireSameCourse,
} from "./trainingStart";
import { MODEL_OPTIONS, type TrainCommandOptions, takeOver } from "./trainOptions";

/** Trains with the options of a parsed command; returns the exit status. */
export async function runTrain(command: Command): Promise<number> {
  const terminal = new Terminal();
  const stop = listenForSignals();
  let unlock = () => {};
  try {
    const { options, beginning } = settle(command, terminal);
    options.checkpointName = checkpointsNamed(options.checkpointName);
    unlock = await lockCheckpoints(options.checkpointName);
    await ready();
    const origin = beginning && {
      file: beginning.file,
      vocabulary: beginning.checkpoint.vocabulary,
      stored: beginning.history?.options ?? {},
    };
    const corpus = await openData(options, origin, terminal, stop.signal);
    try {
      const { train } = corpus.lengths;
      const stepsPerEpoch = countSequenceBatches(
        { length: train },
        { batchSize: options.batchSize, steps: options.seqLength },
      );
      const goesOn = beginning !== undefined && !options.resetIterations;
      if (goesOn) requireSameCourse(beginning, corpus, options, stepsPerEpoch);
      const model = beginning
        ? await networkOf(beginning, options)
        : newNetwork(options, corpus.vocabulary.size);
      const series = new CheckpointSeries(options.checkpointName);
      if (!goesOn || seriesOf(beginning.file) !== series.name) {
        const aside = series.moveEarlierAside();
        if (aside) terminal.note(`The checkpoints of an earlier training are now in ${aside}.`);
      }
      const printsLines =
        !terminal.isInteractive || command.getOptionValueSource("printEvery") === "cli";
      const training = new TrainingProcess({
        ...{ options, corpus, model, series, stepsPerEpoch, terminal, printsLines },
        signal: stop.signal,
        beginning: goesOn ? beginning : undefined,
      });
      await training.run();
      return EXIT.done;
    } finally {
      corpus.close();
    }
  } catch (error) {
    terminal.endProgress();
    const status = stop.exitStatus();
    if (status === undefined || !(error instanceof Stopped)) throw error;
    // Where the training itself was stopped it tells more: how to go on.
    const isBefore = error === stop.signal.reason;
    terminal.note(isBefore ? "Stopped before the first step; nothing was written." : error.message);
    return status;
  } finally {
    unlock();
    stop.release();
  }
}

/** The options, with those of the training that goes on, and its checkpoint. */
function settle(
  command: Command,
  terminal: Terminal,
): { options: TrainCommandOptions; beginning: Beginning | undefined } {
  const given = command.opts<TrainCommandOptions>();
  if (given.initFrom === undefined) {
    if (given.resetIterations)
      terminal.note("--reset-iterations means nothing without --init-from.");
    return { options: { ...given, seed: given.seed ?? anySeed() }, beginning: undefined };
  }
  const beginning = loadBeginning(given.initFrom);
  const isGiven = (name: string) => command.getOptionValueSource(name) === "cli";
  const useless = [...MODEL_OPTIONS, ...(given.inputTxt === undefined ? TEXT_OPTIONS : [])];
  for (const { long, attributeName } of command.options.map((option) => ({
    long: option.long,
    attributeName: option.attributeName(),
  }))) {
    if (!useless.includes(attributeName) || !isGiven(attributeName)) continue;
    terminal.note(`${long} is left out of account: ${beginning.file} decides it.`);
  }
  if (!isGiven("batchSize"))
    command.setOptionValueWithSource("batchSize", beginning.batchSize, "config");
  if (beginning.history) takeOver(command, beginning.history.options);
  // What is learnt from a network that comes with the library does not go among its files.
  const isOurs = PRETRAINED.map(pretrainedFile).includes(path.resolve(beginning.file));
  if (!isGiven("checkpointName") && !isOurs) {
    command.setOptionValueWithSource("checkpointName", seriesOf(beginning.file), "config");
  }
  const options = command.opts<TrainCommandOptions>();
  return { options: { ...options, seed: options.seed ?? anySeed() }, beginning };
}
