import { existsSync } from "node:fs";
import type { Command } from "commander";
import { ready, setSeed } from "../backend";
import { sampleSymbols } from "../sampling";
import { listCheckpoints, loadCheckpoint } from "../training";
import { notNegative, refuseOperands, switchValue, wholeFrom } from "./arguments";
import { checkpointAt } from "./checkpointSeries";
import { EXIT, EXIT_STATUS_HELP } from "./commandError";
import { PRETRAINED, pretrainedFile } from "./pretrained";
import { anySeed } from "./trainingStart";

interface SampleCommandOptions {
  checkpoint?: string;
  length: number;
  startText: string;
  sample: boolean;
  temperature: number;
  seed?: number;
  verbose: boolean;
}

const DEFAULT_FOLDER = "cv";

export function addSample(program: Command, onExit: (status: number) => void): Command {
  const command = program
    .command("sample")
    .description("Lets a trained network write, character by character as they come.")
    .option(
      "--checkpoint <place>",
      "a checkpoint file; a folder, for its latest; or one of the networks that come with this: " +
        `${PRETRAINED.join(", ")} (default: the latest in ${DEFAULT_FOLDER}, else ${PRETRAINED[0]})`,
    )
    .option("--length <n>", "characters to write after the start text", wholeFrom(0), 2000)
    .option("--start-text <text>", "what the network reads first (default: a random character)", "")
    .option(
      "--sample [1|0]",
      "1 draws each character by chance, 0 takes the likeliest",
      switchValue,
      true,
    )
    .option("--temperature <t>", "above 1 wilder, below 1 tamer", notNegative, 1)
    .option(
      "--seed <n>",
      "the same seed writes the same (default: another each time)",
      wholeFrom(0),
    )
    .option("--verbose [1|0]", "tell about the network on stderr", switchValue, false)
    .addHelpText("after", EXIT_STATUS_HELP)
    .action(async (options: SampleCommandOptions) => {
      refuseOperands(command.args, "--checkpoint");
      onExit(await runSample(options));
    });
  return command;
}

async function runSample(options: SampleCommandOptions): Promise<number> {
  const { length, startText, temperature, seed = anySeed() } = options;
  const file = checkpointOf(options.checkpoint);
  const checkpoint = loadCheckpoint(file);
  await ready();
  if (options.verbose) {
    const { position, vocabulary } = checkpoint;
    console.error(
      `${file}: after ${position.step} steps, ${vocabulary?.size ?? 0} characters, seed ${seed}`,
    );
  }
  setSeed(seed);
  const symbols = sampleSymbols(checkpoint, {
    prime: startText,
    length,
    temperature: options.sample ? temperature : 0,
  });
  for await (const symbol of symbols) {
    if (!(await write(symbol))) return EXIT.done;
  }
  await write("\n");
  return EXIT.done;
}

/** The file to sample from. */
function checkpointOf(place: string | undefined): string {
  if (place !== undefined) {
    const isName = !existsSync(place) && PRETRAINED.includes(place);
    return isName ? pretrainedFile(place) : checkpointAt(place);
  }
  if (listCheckpoints(DEFAULT_FOLDER).length > 0) {
    const latest = checkpointAt(DEFAULT_FOLDER);
    console.error(`Sampling from ${latest}, the latest checkpoint; --checkpoint names another.`);
    return latest;
  }
  console.error(
    `Sampling from ${PRETRAINED[0]}, a network that comes with this; --checkpoint names another.`,
  );
  return pretrainedFile(PRETRAINED[0]!);
}

/** Writes to stdout; false where nobody reads it any more, as after `| head`. */
function write(text: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (!error) resolve(true);
      else if ((error as NodeJS.ErrnoException).code === "EPIPE") resolve(false);
      else reject(error);
    });
  });
}
