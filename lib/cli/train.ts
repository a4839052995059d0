import type { Command } from "commander";
import { saveModel } from "../checkpoints/checkpointFiles";
import { ready, type tf } from "../engine/tensorflow";
import { countSequenceBatches } from "../text/batches";
import type { Corpus } from "../text/corpus";
import type { HistoryRow } from "../training/callbacks/callback";
import { checkpoints } from "../training/callbacks/checkpoints";
import { validate, writeSamples } from "../training/callbacks/watching";
import { evaluate } from "../training/evaluate";
import { adam } from "../training/optimizers/rules";
import { stepSchedule } from "../training/schedules";
import { TrainingStopped } from "../training/stopping";
import { train } from "../training/train";
import { lockCheckpoints, moveEarlierAside, nameOfSeries } from "./checkpointPlaces";
import { untilStopped } from "./exit";
import { isGiven, type TrainOptions } from "./options";
import { callOf, reportTraining, Terminal } from "./terminal";
import { evaluationBatches, openData } from "./trainingData";
import { networkOf, newNetwork, requireSameCourse, settle, storedOptions } from "./trainingStart";
import { type Beginning, type StoredOptions, TrainingStore } from "./trainingStore";

/** Trains with the options of a parsed command; returns the exit status. */
export function runTrain(command: Command): Promise<number> {
  const terminal = new Terminal();
  return untilStopped(
    terminal,
    async (signal) => {
      const { options, beginning } = settle(command, terminal);
      const unlock = lockCheckpoints(options.checkpointName);
      try {
        await ready();
        const corpus = await openData(options, beginning, terminal, signal);
        try {
          await learn(await begin({ command, options, beginning, corpus, terminal, signal }));
        } finally {
          corpus.close();
        }
      } finally {
        terminal.endProgress();
        unlock();
      }
    },
    (error, signal) => {
      if (error === signal.reason) {
        return "Stopped before the first step; nothing was written.";
      }
      // It says how to go on.
      return error instanceof TrainingStopped ? error.message : undefined;
    },
  );
}

/** Makes or takes the network, and the place of the checkpoints. */
async function begin({
  command,
  beginning,
  ...parts
}: Pick<Parts, "options" | "corpus" | "terminal" | "signal" | "beginning"> & {
  command: Command;
}): Promise<Parts> {
  const { options, corpus, terminal } = parts;
  const { batchSize, seqLength, checkpointName: name } = options;
  const stepsPerEpoch = countSequenceBatches(
    { length: corpus.lengths.train },
    { batchSize, steps: seqLength },
  );
  const goesOn = beginning !== undefined && !options.resetIterations;
  if (goesOn) {
    requireSameCourse(beginning, corpus, options, stepsPerEpoch);
  }
  const model = beginning
    ? await networkOf(beginning, options)
    : newNetwork(options, corpus.vocabulary.size);
  if (!goesOn || nameOfSeries(beginning.file) !== name) {
    const aside = moveEarlierAside(name);
    if (aside) {
      terminal.note(`The checkpoints of an earlier training are now in ${aside}.`);
    }
  }
  const asksLines = isGiven(command, "printEvery");
  return {
    ...parts,
    model,
    stepsPerEpoch,
    kept: {
      ...storedOptions(command, options),
      checkpoint_name: name,
      input_data: corpus.file,
      data_sha256: corpus.digest,
    },
    beginning: goesOn ? beginning : undefined,
    printEvery: !terminal.isInteractive || asksLines ? options.printEvery : 0,
  };
}

/** What a training works with. */
interface Parts {
  options: TrainOptions;
  /** What a history keeps of them and the data. */
  kept: StoredOptions;
  corpus: Corpus;
  model: tf.LayersModel;
  stepsPerEpoch: number;
  terminal: Terminal;
  signal: AbortSignal;
  /** The checkpoint that the training goes on from; a new training has none. */
  beginning: Beginning | undefined;
  /** Steps between lines; 0: none. */
  printEvery: number;
}

/** One training from its first step, or from a checkpoint, to its end, however it ends. */
async function learn(parts: Parts): Promise<void> {
  const { options, corpus, model, stepsPerEpoch, terminal, beginning } = parts;
  const { seed, maxEpochs, checkpointName: name } = options;
  const { train: toTrainOn, val, test } = corpus.lengths;
  terminal.line(
    `${corpus.vocabulary.size} different characters; ${toTrainOn} to train on, ${val} for validation, ${test} for the test. ` +
      `${model.countParams()} weights, seed ${seed}.`,
  );
  const total = stepsPerEpoch * maxEpochs;
  const begun = beginning?.checkpoint.position.step ?? 0;
  if (begun >= total && isFinished(parts)) {
    terminal.line(
      `${beginning!.file} has made all ${total} steps already. Give a larger --max-epochs to go on.`,
    );
    return;
  }
  const store = new TrainingStore(name, parts.kept, beginning, (file) =>
    terminal.line(`saved ${file}`),
  );
  try {
    const before = beginning?.checkpoint;
    // A training that has made all its epochs, but was not judged, is.
    const isOver = before !== undefined && before.position.epoch > maxEpochs;
    await finish(parts, store, isOver ? before.history : await makeSteps(parts, store));
  } catch (error) {
    terminal.endProgress();
    throw withWayOn(error, store, parts.signal);
  }
}

/** Whether a training that has made all its steps was also judged at its end, if it can be. */
function isFinished({ beginning, corpus, options }: Parts): boolean {
  if (beginning?.history === undefined || beginning.history.test_loss !== undefined) {
    return true;
  }
  return evaluationBatches(corpus, "test", options) === undefined;
}

function makeSteps(parts: Parts, store: TrainingStore): Promise<HistoryRow[]> {
  const { options, corpus, model, stepsPerEpoch, terminal, signal, beginning, printEvery } = parts;
  const { batchSize, seqLength, maxEpochs: epochs, learningRate, gradClip, temperature } = options;
  const { checkpointEvery, sampleEvery, sampleLength: length } = options;
  const { vocabulary } = corpus;
  const isKept = (step: number) =>
    step === stepsPerEpoch * epochs || (checkpointEvery > 0 && step % checkpointEvery === 0);
  const held = evaluationBatches(corpus, "val", options);
  const showLoss = (loss: number, i: number) =>
    terminal.line(`i = ${i}, val_loss = ${loss.toFixed(6)}`);
  const showSample = (text: string, i: number) =>
    terminal.line(`----- i = ${i}, temperature ${temperature}\n${text}\n-----`);
  return train(model, () => corpus.batches("train", { batchSize, steps: seqLength }), {
    epochs,
    optimizer: adam({ learningRate }),
    schedule: stepSchedule({
      initial: learningRate,
      every: options.lrDecayEvery * stepsPerEpoch,
      factor: options.lrDecayFactor,
    }),
    ...(gradClip > 0 && { clipValue: gradClip }),
    ...(beginning && { resume: beginning.checkpoint }),
    signal,
    callbacks: [
      {
        onStep({ step }) {
          store.steps = step;
        },
      },
      reportTraining(terminal, { stepsPerEpoch, epochs, printEvery }),
      ...(held ? [validate(held, { every: isKept, show: showLoss })] : []),
      ...(sampleEvery > 0
        ? [writeSamples({ vocabulary, every: sampleEvery, length, temperature, show: showSample })]
        : []),
      checkpoints(store, {
        vocabulary,
        ...(checkpointEvery > 0 && { every: checkpointEvery }),
      }),
    ],
  });
}

/** Judges a training by the text that it never saw, and says how it went. */
async function finish(parts: Parts, store: TrainingStore, history: HistoryRow[]): Promise<void> {
  const { options, corpus, model, terminal, signal } = parts;
  terminal.endProgress();
  const unseen = evaluationBatches(corpus, "test", options);
  const testLoss = unseen && (await evaluate(model, unseen(), { signal }));
  const { outputModel } = options;
  if (outputModel !== undefined) {
    saveModel(outputModel, model, { vocabulary: corpus.vocabulary });
  }
  // The last thing that is written: with the test loss in it, a training counts as finished.
  const { step } = history.at(-1)!;
  const losses = store.writeHistory(history, testLoss);
  const validations = losses.val_loss_history;
  const best = validations.indexOf(Math.min(...validations));
  if (best >= 0) {
    terminal.line(
      `The lowest val_loss was ${validations[best].toFixed(6)}, after step ${losses.val_loss_history_it[best]}.`,
    );
  }
  if (testLoss !== undefined) {
    terminal.line(
      `test_loss = ${testLoss.toFixed(6)} nats a character, perplexity ${Math.exp(testLoss).toFixed(2)}`,
    );
  }
  terminal.line(`Let it write: ${callOf("sample", `--checkpoint ${inShell(store.file(step))}`)}`);
}

/** The error, and how the training can go on. */
function withWayOn(error: unknown, { steps, last }: TrainingStore, signal: AbortSignal): unknown {
  const place = last?.step === steps ? "exactly from there" : `from step ${last?.step}`;
  const how =
    last === undefined
      ? "No checkpoint was written yet: begin again."
      : `Go on ${place} with: ${callOf("train", `--init-from ${inShell(last.file)}`)}`;
  if (error instanceof TrainingStopped || (signal.aborted && error === signal.reason)) {
    const stopped = new TrainingStopped(steps);
    stopped.message = `Stopped after step ${steps}. ${how}`;
    return stopped;
  }
  if (error instanceof Error) {
    error.message += ` The training ended after step ${steps}. ${how}`;
  }
  return error;
}

/** A path as a shell wants it. */
function inShell(file: string): string {
  return /^[\w./~-]+$/.test(file) ? file : `"${file}"`;
}
