import { Command } from "commander";
import { refuseOperands } from "./arguments";
import { addPreprocess, runPreprocess } from "./preprocess";
import { addSample } from "./sampleOptions";
import { addScore } from "./scoreOptions";
import { addTrain } from "./trainOptions";

/** The commands. @param onExit gets the exit status of the one that was run */
export function createProgram(onExit: (status: number) => void): Command {
  // Other scripts of npm, such as the tests, hand this variable down to what they start.
  const byNpm = ["preprocess", "train", "sample", "score"].includes(
    process.env.npm_lifecycle_event ?? "",
  );
  const program = new Command(byNpm ? "npm run" : "karenina")
    .description(
      "Trains networks that write, on any text: torch-rnn's three commands, and one that judges.",
    )
    .exitOverride();
  const offer = (
    command: Command,
    file: "--input-txt" | "--checkpoint",
    run: (command: Command) => Promise<number>,
  ) => {
    command
      .allowExcessArguments()
      .usage(byNpm ? "-- [options]" : "[options]")
      .exitOverride();
    command.action(async () => {
      refuseOperands(command.args, file);
      onExit(await run(command));
    });
  };
  offer(addPreprocess(program), "--input-txt", (command) => runPreprocess(command.opts()));
  // What needs TensorFlow is loaded when it is run: help does without.
  offer(addTrain(program), "--input-txt", (command) =>
    (require("./train") as typeof import("./train")).runTrain(command),
  );
  offer(addSample(program), "--checkpoint", (command) =>
    (require("./sample") as typeof import("./sample")).runSample(command.opts()),
  );
  offer(addScore(program), "--input-txt", (command) =>
    (require("./score") as typeof import("./score")).runScore(command.opts()),
  );
  return program;
}
