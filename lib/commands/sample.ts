import { ready, setSeed } from "../backend";
import { PRETRAINED, pretrainedFile } from "../models/pretrained";
import { sampleSymbols } from "../sampling";
import { listCheckpoints, loadCheckpoint } from "../training";
import { checkpointAt, checkpointNamed } from "./checkpointSeries";
import { EXIT } from "./commandError";
import { DEFAULT_FOLDER, type SampleCommandOptions } from "./sampleOptions";
import { anySeed } from "./trainingStart";

/** Samples with the options of the command; returns the exit status. */
export async function runSample(options: SampleCommandOptions): Promise<number> {
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
    // Else signals are not heard: neither the network nor a pipe waits for anything.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await write("\n");
  return EXIT.done;
}

/** The file to sample from. */
function checkpointOf(place: string | undefined): string {
  if (place !== undefined) return checkpointNamed(place);
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

/** Writes to stdout; false where that is in vain, as after `| head`: the stream's own error tells why. */
function write(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => resolve(!error));
  });
}
