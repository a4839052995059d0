import { type Command, Option } from "commander";
import { notNegative, switchValue, wholeFrom } from "./arguments";
import { CHECKPOINT_HELP } from "./checkpointPlaces";
import { EXIT_STATUS_HELP } from "./commandError";

export interface SampleCommandOptions {
  checkpoint?: string;
  length: number;
  startText: string;
  sample: boolean;
  temperature: number;
  seed?: number;
  verbose: boolean;
}

export function addSample(program: Command): Command {
  return program
    .command("sample")
    .description("Lets a trained network write, character by character as they come.")
    .option("--checkpoint <place>", CHECKPOINT_HELP)
    .option("--length <n>", "characters to write after the start text", wholeFrom(0), 2000)
    .option(
      "--start-text <text>",
      "what the network reads first (default: a blank, which is not shown)",
      "",
    )
    .addOption(
      new Option("--sample [1|0]", "1 draws each character by chance, 0 takes the likeliest")
        .argParser(switchValue)
        .default(true, "1"),
    )
    .option("--temperature <t>", "above 1 wilder, below 1 tamer", notNegative, 1)
    .option(
      "--seed <n>",
      "the same seed writes the same (default: another each time)",
      wholeFrom(0),
    )
    .addOption(
      new Option("--verbose [1|0]", "1 tells about the network on stderr")
        .argParser(switchValue)
        .default(false, "0"),
    )
    .addHelpText("after", EXIT_STATUS_HELP);
}
