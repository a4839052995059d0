import * as path from "node:path";
import { CommandError } from "./commandError";

// torch-rnn (Johnson 2016) and char-rnn (Karpathy 2015): their train.lua, sample.lua and preprocess.py.

/** Options that have another name here, and what becomes of the value where that is not the same. */
export const OTHER_NAMES: Readonly<
  Record<string, { name: string; value?: (text: string) => string }>
> = {
  "input-h5": { name: "input-data" },
  "output-h5": { name: "output-data" },
  "wordvec-dim": { name: "wordvec-size" },
  // char-rnn reads the file input.txt of a folder, and measures val_loss wherever it keeps a checkpoint.
  "data-dir": { name: "input-txt", value: (folder) => folder && path.join(folder, "input.txt") },
  "checkpoint-dir": {
    name: "checkpoint-name",
    value: (folder) => folder && path.join(folder, "checkpoint"),
  },
  "eval-val-every": { name: "checkpoint-every" },
  model: { name: "model-type" },
  primetext: { name: "start-text" },
};

const ON_CPU = "everything runs on the processor";

/** Options that mean nothing here, each with a value, and why. */
export const IGNORED: Readonly<Record<string, string>> = {
  gpu: ON_CPU,
  gpuid: ON_CPU,
  opencl: ON_CPU,
  "gpu-backend": ON_CPU,
  "speed-benchmark": "the progress line tells the speed",
  "memory-benchmark": "it measures a GPU's memory",
  "accurate-gpu-timing": "it measures a GPU",
  batchnorm: "the layers have no batch normalisation",
};

/** Options of char-rnn's train.lua that mean something else than any option here: what to give instead. */
const ANSWERS: Readonly<Record<string, string>> = {
  "learning-rate-decay":
    "Here --lr-decay-factor is what a decay multiplies the learning rate by, every --lr-decay-every epochs: char-rnn's 0.97 after each epoch is --lr-decay-factor 0.97 --lr-decay-every 1.",
  "learning-rate-decay-after":
    "Here the rate decays from the beginning, every --lr-decay-every epochs by --lr-decay-factor.",
  "decay-rate":
    "It belongs to the optimizer RMSProp; here it is Adam, which has no such option. Leave it out.",
  "train-frac":
    "Here --val-frac and --test-frac say what is held out, and the rest is for training: char-rnn's 0.95 with -val_frac 0.05 is --val-frac 0.05 --test-frac 0.",
  savefile:
    "Here --checkpoint-name gives folder and name in one: -checkpoint_dir cv -savefile lstm is --checkpoint-name cv/lstm.",
};

/** Options that are as good as left out where their value is empty, as torch-rnn's own defaults have them. */
const EMPTY_IS_NONE: readonly string[] = ["init-from"];

/** Options for which an empty text is a value. */
const EMPTY_IS_TEXT: readonly string[] = ["start-text"];

/** @throws CommandError for an option of char-rnn's that is none here; it names the one to take */
export function answerForeign(written: string, name: string): void {
  const answer = Object.hasOwn(ANSWERS, name) ? ANSWERS[name] : undefined;
  if (answer === undefined) return;
  throw new CommandError(`${written} is an option of char-rnn, but not of this. ${answer}`, true);
}

/**
 * Whether an option with this value was meant to be left out.
 *
 * @throws CommandError for an empty value that means nothing
 */
export function isLeftOut(written: string, name: string, value: string): boolean {
  if (value !== "" || EMPTY_IS_TEXT.includes(name)) return false;
  if (EMPTY_IS_NONE.includes(name)) return true;
  throw new CommandError(
    `${written} has an empty value. Give --${name} a value, or leave it out.`,
    true,
  );
}
