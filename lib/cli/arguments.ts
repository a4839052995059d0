import type { Command } from "commander";
import { CommandError } from "./exit";
import { optionsOf } from "./options";

const ON_CPU = "everything runs on the processor";

/** Options of torch-rnn and char-rnn that mean nothing here, each with a value, and why. */
const IGNORED: Readonly<Record<string, string>> = {
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

/** Arguments as commander wants them, and what to say of those that were left out. */
export interface NormalArguments {
  args: string[];
  notes: string[];
}

/**
 * Brings options into commander's spelling: torch-rnn's users write `-batch_size 50`, Python's
 * `--batch_size 50`, npm's `--batch-size 50`. Options of torch-rnn and char-rnn that mean the same get the
 * name that they have here. Values stay as they are, whatever they look like.
 *
 * @throws CommandError for an option of char-rnn's that has no like here, and for an empty value that
 *   means nothing
 */
export function normalizeArguments(args: readonly string[], command: Command): NormalArguments {
  const rest = [...args];
  const normal: string[] = [];
  const notes: string[] = [];
  const options = optionsOf(command);
  const optionNamed = (name: string) => options.find(({ long }) => long === `--${name}`);
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, written, joined] = /^--?([a-z][\w-]+)(?:=([\s\S]*))?$/i.exec(arg) ?? [];
    if (written === undefined) {
      normal.push(arg);
      continue;
    }
    const spelt = written.toLowerCase().replaceAll("_", "-");
    // A name that has its own meaning in this command is not another program's.
    const option =
      optionNamed(spelt) ??
      options.find(({ row: { also } }) => also !== undefined && Object.hasOwn(also, spelt));
    const name = option?.long?.slice(2) ?? spelt;
    const shown = arg.split("=", 1)[0];
    if (Object.hasOwn(IGNORED, name)) {
      if (joined === undefined && /^(-?\d|[^-]|$)/.test(rest[0] ?? "-")) {
        rest.shift();
      }
      notes.push(`${shown} is ignored: ${IGNORED[name]}.`);
      continue;
    }
    if (!option && optionNamed("max-epochs") && Object.hasOwn(ANSWERS, name)) {
      throw new CommandError(
        `${shown} is an option of char-rnn, but not of this. ${ANSWERS[name]}`,
        true,
      );
    }
    if (!option?.required || (joined === undefined && rest.length === 0)) {
      normal.push(joined === undefined ? `--${name}` : `--${name}=${joined}`);
      continue;
    }
    const given = joined ?? rest.shift()!;
    const { also, empty } = option.row;
    if (given === "" && empty === "none") {
      continue;
    }
    if (given === "" && empty !== "text") {
      throw new CommandError(
        `${shown} has an empty value. Give --${name} a value, or leave it out.`,
        true,
      );
    }
    const value = name === spelt ? given : also![spelt](given);
    if (joined === undefined) {
      normal.push(`--${name}`, value);
    } else {
      normal.push(`--${name}=${value}`);
    }
  }
  return { args: normal, notes };
}
