import { Command } from "commander";
import { datasetsCommand } from "./datasets";
import { CommandError, EXIT_STATUS_HELP } from "./exit";
import { addOptions, type OPTIONS } from "./options";
import { runPreprocess } from "./preprocess";

/** A command of the table of options. */
interface Verb {
  description: string;
  /** The option for its file: a text's, or a checkpoint's, which char-rnn takes without one. */
  file: "--input-txt" | "--checkpoint";
  help?: string;
  /** Does it, and returns the exit status. */
  run: (command: Command) => Promise<number>;
}

const VERBS: Record<keyof typeof OPTIONS, Verb> = {
  preprocess: {
    description:
      "Makes training data of a text: its characters as numbers, in the parts train, val and test. " +
      "The text is read in pieces, so its size does not matter.",
    file: "--input-txt",
    run: (command) => runPreprocess(command.opts()),
  },
  // What needs TensorFlow is loaded when it is run: help does without.
  train: {
    description:
      "Trains a network to write like a text, character by character. It tells the loss as it goes, " +
      "keeps checkpoints, and at the end says how well the network predicts text that it never saw.",
    file: "--input-txt",
    help: `
Beside each checkpoint <path>_<step>.safetensors lies its history <path>_<step>.json with the losses
so far. Ctrl-C writes a checkpoint of the last step and tells how to go on from it; the training then
ends as if it had never been stopped.
`,
    run: (command) => (require("./train") as typeof import("./train")).runTrain(command),
  },
  sample: {
    description: "Lets a trained network write, character by character as they come.",
    file: "--checkpoint",
    run: (command) => (require("./sample") as typeof import("./sample")).runSample(command.opts()),
  },
  score: {
    description:
      "Says how well a trained network predicts a text: nats and bits a character, and perplexity. The " +
      "text is read in pieces, so its size does not matter.",
    file: "--input-txt",
    run: (command) => (require("./sample") as typeof import("./sample")).runScore(command.opts()),
  },
};

/** The commands. @param onExit gets the exit status of the one that was run */
export function createProgram(onExit: (status: number) => void): Command {
  // Other scripts of npm, such as the tests, hand this variable down to what they start.
  const byNpm = [...Object.keys(VERBS), "datasets"].includes(process.env.npm_lifecycle_event ?? "");
  const program = new Command(byNpm ? "npm run" : "karenina")
    .description(
      "Trains networks that write, on any text: torch-rnn's three commands, one that judges, and one for data sets.",
    )
    .exitOverride();
  for (const name of Object.keys(VERBS) as (keyof typeof VERBS)[]) {
    const { description, file, help = "", run } = VERBS[name];
    const command = program
      .command(name)
      .description(description)
      .allowExcessArguments()
      .usage(byNpm ? "-- [options]" : "[options]")
      .addHelpText("after", help + EXIT_STATUS_HELP)
      .action(async () => {
        refuseOperands(command.args, file);
        onExit(await run(command));
      });
    addOptions(command, name);
  }
  const call = byNpm ? "npm run datasets --" : "karenina datasets";
  return program.addCommand(datasetsCommand(call, onExit));
}

/** Refuses what is no option, and says what it could have been meant as. */
function refuseOperands([first]: readonly string[], file: Verb["file"]): void {
  if (first === undefined) {
    return;
  }
  const what = file === "--checkpoint" ? "checkpoint" : "text file";
  throw new CommandError(
    `${JSON.stringify(first)} is neither an option nor an option's value. A ${what} is named by ` +
      `${file} FILE. With npm, a lone -- comes before all options: without it npm keeps them to itself.`,
    true,
  );
}
