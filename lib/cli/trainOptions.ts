import { type Command, Option } from "commander";
import { PRETRAINED } from "../models/pretrained";
import { fraction, notNegative, positive, switchValue, wholeFrom } from "./arguments";
import { DEFAULT_FOLDER } from "./checkpointPlaces";
import { CommandError, EXIT_STATUS_HELP } from "./commandError";
import { addTextOptions, type TextOptions } from "./inputText";
import type { StoredOptions } from "./trainingStore";

export interface TrainCommandOptions extends TextOptions {
  inputTxt?: string;
  inputData?: string;
  inputJson?: string;
  batchSize: number;
  seqLength: number;
  initFrom?: string;
  resetIterations: boolean;
  modelType: "lstm" | "gru" | "rnn";
  wordvecSize: number;
  rnnSize: number;
  numLayers: number;
  dropout: number;
  maxEpochs: number;
  learningRate: number;
  lrDecayEvery: number;
  lrDecayFactor: number;
  gradClip: number;
  printEvery: number;
  checkpointEvery: number;
  checkpointName: string;
  sampleEvery: number;
  sampleLength: number;
  temperature: number;
  outputModel?: string;
  seed?: number;
}

/** What a checkpoint's network is; a training that goes on with one can't change it. */
export const MODEL_OPTIONS: readonly string[] = [
  ...["modelType", "wordvecSize", "rnnSize", "numLayers", "dropout"],
];

/** What a training that goes on takes over from the one before, unless it is told otherwise. */
const KEPT_OPTIONS: readonly string[] = [
  ...MODEL_OPTIONS,
  ...["batchSize", "seqLength", "maxEpochs", "learningRate", "lrDecayEvery", "lrDecayFactor"],
  ...["gradClip", "printEvery", "checkpointEvery", "sampleEvery", "sampleLength", "temperature"],
  "seed",
];

export function addTrain(program: Command): Command {
  const command = program
    .command("train")
    .description(
      "Trains a network to write like a text, character by character. It tells the loss as it goes, " +
        "keeps checkpoints, and at the end says how well the network predicts text that it never saw.",
    );
  return addTrainOptions(command);
}

function addTrainOptions(command: Command): Command {
  const group = (heading: string, ...options: Option[]) => {
    for (const option of options) command.addOption(option.helpGroup(heading));
  };
  const option = <T>(
    flags: string,
    description: string,
    parse?: (text: string) => T,
    standard?: T,
  ): Option => {
    const made = new Option(flags, description);
    if (parse) made.argParser(parse);
    return standard === undefined ? made : made.default(standard);
  };
  group(
    "The data, one of the two:",
    option("--input-txt <file>", "a text in UTF-8, or the name of a data set; preprocessed first"),
    option("--input-data <file>", "what preprocess wrote; also --input-h5"),
    option(
      "--input-json <file>",
      "its vocabulary; needed only to see that the two belong together",
    ),
    option("--batch-size <n>", "rows of text read side by side", wholeFrom(1), 50),
    option("--seq-length <n>", "characters of each row in a step", wholeFrom(1), 50),
  );
  command.optionsGroup("The text, with --input-txt:");
  addTextOptions(command);
  group(
    "The network:",
    option(
      "--init-from <checkpoint>",
      `go on with a network: its file; a folder, for the latest; or ${PRETRAINED.join(" or ")}`,
    ),
    option(
      "--reset-iterations [1|0]",
      "with --init-from: 1 takes its weights only and counts from 0; 0 goes on exactly where it " +
        "stopped (torch-rnn's default is 1)",
      switchValue,
    ).default(false, "0"),
    new Option("--model-type <type>", "the recurrent layers")
      .choices(["lstm", "gru", "rnn"])
      .default("lstm"),
    option("--wordvec-size <n>", "numbers that stand for a character", wholeFrom(1), 64),
    option("--rnn-size <n>", "units of a layer", wholeFrom(1), 128),
    option("--num-layers <n>", "layers one above the other", wholeFrom(1), 2),
    option("--dropout <fraction>", "values dropped after each layer", fraction, 0),
  );
  group(
    "The training:",
    option("--max-epochs <n>", "how often the text is read in all", wholeFrom(1), 50),
    option("--learning-rate <rate>", "Adam's learning rate", positive, 2e-3),
    option(
      "--lr-decay-every <n>",
      "epochs from one decay of the rate to the next",
      wholeFrom(1),
      5,
    ),
    option("--lr-decay-factor <factor>", "what a decay multiplies it by", positive, 0.5),
    option("--grad-clip <value>", "largest number of a gradient; 0: do not clip", notNegative, 5),
    option("--seed <n>", "the beginning of all random numbers (default: another each time)", seed),
  );
  group(
    "The output:",
    option(
      "--checkpoint-name <path>",
      "checkpoints are <path>_<step>",
      String,
      `${DEFAULT_FOLDER}/checkpoint`,
    ),
    option(
      "--checkpoint-every <n>",
      "steps between checkpoints; 0: at the end",
      wholeFrom(0),
      1000,
    ),
    option("--print-every <n>", "steps between progress lines; 0: none", wholeFrom(0), 100),
    option("--sample-every <n>", "steps between samples; 0: none", wholeFrom(0), 1000),
    option("--sample-length <n>", "characters of such a sample", wholeFrom(1), 200),
    option("--temperature <t>", "their temperature", notNegative, 1),
    option("--output-model <file>", "at the end, the network alone, for sampling only"),
  );
  return command.addHelpText(
    "after",
    `
Beside each checkpoint <path>_<step>.safetensors lies its history <path>_<step>.json with the losses
so far. Ctrl-C writes a checkpoint of the last step and tells how to go on from it; the training then
ends as if it had never been stopped.
${EXIT_STATUS_HELP}`,
  );
}

function seed(text: string): number {
  return wholeFrom(0)(text);
}

const underscored = (name: string) =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The options for a history, under torch-rnn's names. */
export function storedOptions(options: TrainCommandOptions, more: StoredOptions): StoredOptions {
  const all = options as unknown as Record<string, string | number>;
  const kept = KEPT_OPTIONS.map((name) => [underscored(name), all[name]!] as const);
  return { ...Object.fromEntries(kept), ...more };
}

/**
 * Gives options that were not written on the command line the values of an earlier training.
 *
 * @throws CommandError for a stored value that is none
 */
export function takeOver(command: Command, stored: StoredOptions): void {
  for (const option of command.options) {
    const name = option.attributeName();
    const value = stored[underscored(name)];
    const isGiven = command.getOptionValueSource(name) === "cli";
    if (!KEPT_OPTIONS.includes(name) || value === undefined || isGiven) continue;
    try {
      const parse = option.parseArg as ((text: string, before: unknown) => unknown) | undefined;
      command.setOptionValueWithSource(name, parse?.(String(value), undefined), "config");
    } catch (error) {
      throw new CommandError(
        `The history beside the checkpoint has ${underscored(name)} = ${value}. ${(error as Error).message} Give --${underscored(name).replaceAll("_", "-")} yourself.`,
      );
    }
  }
}
