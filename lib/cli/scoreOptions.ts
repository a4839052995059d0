import { type Command, Option } from "commander";
import { CHECKPOINT_HELP } from "./checkpointPlaces";
import { EXIT_STATUS_HELP } from "./commandError";
import { addCleaningOptions, type CleaningOptions } from "./inputText";

export interface ScoreCommandOptions extends CleaningOptions {
  checkpoint?: string;
  inputTxt?: string;
  unknown: "refuse" | "skip";
}

export function addScore(program: Command): Command {
  const command = program
    .command("score")
    .description(
      "Says how well a trained network predicts a text: nats and bits a character, and perplexity. The " +
        "text is read in pieces, so its size does not matter.",
    )
    .option("--checkpoint <place>", CHECKPOINT_HELP)
    .option("--input-txt <file>", "the text, in UTF-8; or the name of a data set")
    .addOption(
      new Option(
        "--unknown <what>",
        "characters that the network does not know: refuse the text, or skip and count them",
      )
        .choices(["refuse", "skip"])
        .default("refuse"),
    );
  return addCleaningOptions(command).addHelpText("after", EXIT_STATUS_HELP);
}
