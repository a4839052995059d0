import { Command } from "commander";
import { addPreprocess } from "./preprocess";
import { addSample } from "./sampleOptions";
import { addScore } from "./scoreOptions";
import { addTrain } from "./trainOptions";

/** The commands. @param onExit is told the exit status of the one that was run */
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
  for (const add of [addPreprocess, addTrain, addSample, addScore]) {
    const command = add(program, onExit).allowExcessArguments();
    command.usage(byNpm ? "-- [options]" : "[options]").exitOverride();
  }
  return program;
}
