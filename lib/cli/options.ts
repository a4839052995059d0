import * as path from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { PRETRAINED } from "../models/pretrained";

/** Where train puts checkpoints unless it is given another place. */
export const DEFAULT_FOLDER = "cv";

/** What of an option is not the command line's alone. */
interface Part {
  /** The default as help shows it, where that is not its JSON. */
  shown?: string;
  choices?: readonly string[];
  /** Its names in torch-rnn (Johnson 2016) and char-rnn (Karpathy 2015), and what their value is here. */
  also?: Readonly<Record<string, (text: string) => string>>;
  /** What an empty value is: as good as none, as in torch-rnn's defaults, or a text. Default: an error. */
  empty?: "none" | "text";
  /** Whether a training that goes on takes it over ("kept"), or a checkpoint decides it ("network"). */
  from?: "kept" | "network";
}

/** One option of a command: what follows its name, what help says, how it is read, and its default. */
interface Row<T> extends Part {
  value: string;
  description: string;
  parse?: (text: string) => T;
  standard?: T;
}

/** The values of a command's options, by their names. */
type Values<Rows> = { [Name in keyof Rows]: Rows[Name] extends Row<infer T> ? T : never };

/** An option that has no value where there is no default. */
function row<T, S extends T | undefined = undefined>(
  value: string,
  description: string,
  parse: (text: string) => T,
  standard?: S,
  part?: Part,
) {
  return { value, description, parse, standard, ...part } as Row<S extends T ? T : T | undefined>;
}

const named = (value: string, description: string, part?: Part) =>
  row(value, description, String, undefined, part);

const flag = (description: string): Row<boolean> => ({ value: "", description, standard: false });

/** One of several words, of which the first is the default. */
const choice = <T extends string>(value: string, description: string, choices: T[], part?: Part) =>
  ({ value, description, choices, standard: choices[0], ...part }) as Row<T>;

/** An option that torch-rnn writes as `-verbose 1` and others as `--verbose`. */
const switched = (description: string, standard: boolean) =>
  row("[1|0]", description, switchValue, standard, { shown: standard ? "1" : "0" });

/** A parser of a number in a range, for commander. */
function number(isRight: (value: number) => boolean, expected: string): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (isRight(value)) {
      return value;
    }
    throw new InvalidArgumentError(`It must be ${expected}.`);
  };
}

export const wholeFrom = (minimum: number) =>
  number((n) => Number.isSafeInteger(n) && n >= minimum, `a whole number from ${minimum} up`);
const positive = number((n) => Number.isFinite(n) && n > 0, "a number above 0");
const notNegative = number((n) => Number.isFinite(n) && n >= 0, "a number from 0 up");
const share = number((n) => n > 0 && n <= 1, "a number above 0, up to 1");
const fraction = number((n) => n >= 0 && n < 1, "a fraction from 0 up to, not including, 1");

export function switchValue(text: string): boolean {
  if (["1", "true", "yes"].includes(text)) {
    return true;
  }
  if (["0", "false", "no"].includes(text)) {
    return false;
  }
  throw new InvalidArgumentError("It must be 1 or 0.");
}

function encoding(text: string): string {
  if (/^utf-?8$/i.test(text)) {
    return "utf-8";
  }
  throw new InvalidArgumentError(
    `Only UTF-8 is read. Save the file as UTF-8 first, for example with "iconv -f ${text} -t UTF-8 IN > OUT".`,
  );
}

/** Years from one to another, both included. */
function years(text: string): { from: number; to: number } {
  const [, from, to = from]: (string | undefined)[] = /^(\d{4})(?:-(\d{4}))?$/.exec(text) ?? [];
  if (from !== undefined) {
    return { from: Number(from), to: Number(to) };
  }
  throw new InvalidArgumentError("It must be a year or two, such as 1981-2021.");
}

/** Another program's name that means the same. */
const also = (name: string) => ({ also: { [name]: String } });
/** Another program's name of a folder in which it means this file. */
const alsoFolder = (name: string, file: string) => ({
  also: { [name]: (folder: string) => folder && path.join(folder, file) },
});
const kept = { from: "kept" } as const;
const keptAs = (name: string) => ({ ...kept, ...also(name) });
const network = { from: "network" } as const;
const networkAs = (name: string) => ({ ...network, ...also(name) });

const cleaning = {
  president: named("<name>", "of the data set sotu: only this president's addresses"),
  years: row("<from-to>", "of the data set sotu: only the addresses of these years", years),
  encoding: row("<name>", "UTF-8 is the only one", encoding, "utf-8"),
  lowerCase: flag("clean: make all letters small"),
  removeMarks: flag("clean: take out [Applause], (Laughter) and the like"),
  removeDates: flag("clean: take out lines that are only a date"),
  characters: named("<set>", "clean: keep only these characters"),
};

const text = {
  valFrac: row("<fraction>", "part of the text for validation", fraction, 0.1),
  testFrac: row("<fraction>", "part of the text for the test at the end", fraction, 0.1),
  ...cleaning,
};

/** The names of the options for a text, which say nothing where there is none. */
export const TEXT_OPTIONS: readonly string[] = Object.keys(text);

const dataDir = alsoFolder("data-dir", "input.txt");
const inputTxt = named("<file>", "the text, in UTF-8; or the name of a data set", dataDir);

const checkpoint = named(
  "<place>",
  "a checkpoint file; a folder, for its latest; or one of the networks that come with this: " +
    `${PRETRAINED.join(", ")} (default: the latest in ${DEFAULT_FOLDER}, else ${PRETRAINED[0]})`,
);

const preprocessing = {
  inputTxt,
  ...text,
  outputData: named(
    "<file>",
    "where the numbers go; also --output-h5, but the file is in the safetensors format, not HDF5 " +
      "(default: the text's name with .data)",
    also("output-h5"),
  ),
  outputJson: named(
    "<file>",
    "where the vocabulary goes: token_to_idx, idx_to_token (default: the text's name with .json)",
  ),
  quiet: flag("say nothing"),
};

const data = {
  inputTxt: named(
    "<file>",
    "a text in UTF-8, or the name of a data set; preprocessed first",
    dataDir,
  ),
  inputData: named("<file>", "what preprocess wrote; also --input-h5", also("input-h5")),
  inputJson: named("<file>", "its vocabulary; needed only to see that the two belong together"),
  batchSize: row("<n>", "rows of text read side by side", wholeFrom(1), 50, kept),
  seqLength: row("<n>", "characters of each row in a step", wholeFrom(1), 50, kept),
};

const net = {
  initFrom: named(
    "<checkpoint>",
    `go on with a network: its file; a folder, for the latest; or ${PRETRAINED.join(" or ")}`,
    { empty: "none" },
  ),
  resetIterations: switched(
    "with --init-from: 1 takes its weights only and counts from 0; 0 goes on exactly where it stopped (torch-rnn's default is 1)",
    false,
  ),
  modelType: choice(
    "<type>",
    "the recurrent layers; or a transformer, which looks back --seq-length characters",
    ["lstm", "gru", "rnn", "transformer"],
    networkAs("model"),
  ),
  wordvecSize: row(
    "<n>",
    "numbers that stand for a character",
    wholeFrom(1),
    64,
    networkAs("wordvec-dim"),
  ),
  rnnSize: row("<n>", "units of a layer; a transformer's width", wholeFrom(1), 128, network),
  numLayers: row("<n>", "layers one above the other", wholeFrom(1), 2, network),
  numHeads: row("<n>", "of a transformer: attentions side by side", wholeFrom(1), 4, network),
  dropout: row("<fraction>", "values dropped after each layer", fraction, 0, network),
};

const course = {
  maxEpochs: row("<n>", "how often the text is read in all", wholeFrom(1), 50, kept),
  learningRate: row("<rate>", "Adam's learning rate", positive, 2e-3, kept),
  lrDecayEvery: row("<n>", "epochs from one decay of the rate to the next", wholeFrom(1), 5, kept),
  lrDecayFactor: row("<factor>", "what a decay multiplies it by", positive, 0.5, kept),
  gradClip: row("<value>", "largest number of a gradient; 0: do not clip", notNegative, 5, kept),
  seed: row(
    "<n>",
    "the beginning of all random numbers (default: another each time)",
    wholeFrom(0),
    undefined,
    kept,
  ),
};

const output = {
  checkpointName: row(
    "<path>",
    "checkpoints are <path>_<step>",
    String,
    `${DEFAULT_FOLDER}/checkpoint`,
    alsoFolder("checkpoint-dir", "checkpoint"),
  ),
  // char-rnn measures val_loss wherever it keeps a checkpoint.
  checkpointEvery: row(
    "<n>",
    "steps between checkpoints; 0: at the end",
    wholeFrom(0),
    1000,
    keptAs("eval-val-every"),
  ),
  printEvery: row("<n>", "steps between progress lines; 0: none", wholeFrom(0), 100, kept),
  sampleEvery: row("<n>", "steps between samples; 0: none", wholeFrom(0), 1000, kept),
  sampleLength: row("<n>", "characters of such a sample", wholeFrom(1), 200, kept),
  temperature: row("<t>", "their temperature", notNegative, 1, kept),
  outputModel: named("<file>", "at the end, the network alone, for sampling only"),
};

const sampling = {
  checkpoint,
  length: row("<n>", "characters to write after the start text", wholeFrom(0), 2000),
  startText: row(
    "<text>",
    "what the network reads first (default: a blank, which is not shown)",
    String,
    "",
    { empty: "text", ...also("primetext") },
  ),
  sample: switched("1 draws each character by chance, 0 takes the likeliest", true),
  temperature: row("<t>", "above 1 wilder, below 1 tamer", notNegative, 1),
  topK: row("<k>", "draw from the k likeliest only (default: from all)", wholeFrom(1)),
  topP: row(
    "<p>",
    "draw from the fewest likeliest that have this probability together (default: from all)",
    share,
  ),
  beamWidth: row(
    "<n>",
    "no chance: look for the likeliest text, with so many under way (default: draw)",
    wholeFrom(1),
  ),
  seed: row("<n>", "the same seed writes the same (default: another each time)", wholeFrom(0)),
  verbose: switched("1 tells about the network on stderr", false),
};

const scoring = {
  checkpoint,
  inputTxt,
  unknown: choice(
    "<what>",
    "characters that the network does not know: refuse the text, or skip and count them",
    ["refuse", "skip"],
  ),
  ...cleaning,
};

export type CleaningOptions = Values<typeof cleaning>;
export type TextOptions = Values<typeof text>;
export type PreprocessOptions = Values<typeof preprocessing>;
export type TrainOptions = Values<
  typeof data & typeof text & typeof net & typeof course & typeof output
>;
export type SampleOptions = Values<typeof sampling>;
export type ScoreOptions = Values<typeof scoring>;

/** The options of each command, by the headings under which help lists them. */
export const OPTIONS = {
  preprocess: { "Options:": preprocessing },
  train: {
    "The data, one of the two:": data,
    "The text, with --input-txt:": text,
    "The network:": net,
    "The training:": course,
    "The output:": output,
  },
  sample: { "Options:": sampling },
  score: { "Options:": scoring },
};

/** An option of commander's that knows its row. */
class RowOption extends Option {
  constructor(
    name: string,
    readonly row: Row<unknown>,
  ) {
    super(`--${spelt(name, "-")} ${row.value}`.trim(), row.description);
    if (row.parse) {
      this.argParser(row.parse);
    }
    if (row.choices) {
      this.choices(row.choices);
    }
    if (row.standard !== undefined) {
      this.default(row.standard, row.shown);
    }
  }
}

/** An option's name as others spell it: batch-size, batch_size. */
export function spelt(name: string, between: "-" | "_"): string {
  return name.replace(/[A-Z]/g, (letter) => between + letter.toLowerCase());
}

/** Gives a command the options of that name. */
export function addOptions(command: Command, name: keyof typeof OPTIONS): void {
  for (const [heading, rows] of Object.entries(OPTIONS[name])) {
    for (const [option, row] of Object.entries(rows)) {
      command.addOption(new RowOption(option, row as Row<unknown>).helpGroup(heading));
    }
  }
}

/** The options of a command from the table. */
export function optionsOf(command: Command): readonly RowOption[] {
  return command.options as RowOption[];
}

/** Whether an option was written on the command line. */
export function isGiven(command: Command, name: string): boolean {
  return command.getOptionValueSource(name) === "cli";
}
