import { loadCheckpoint } from "../checkpoints/checkpointFiles";
import { setSeed } from "../engine/random";
import { ready } from "../engine/tensorflow";
import { sampleSymbols } from "../sampling";
import { chosenCheckpoint } from "./checkpointPlaces";
import { EXIT } from "./commandError";
import type { SampleCommandOptions } from "./sampleOptions";
import { anySeed } from "./trainingStart";

/** Samples with the options of the command; returns the exit status. */
export async function runSample(options: SampleCommandOptions): Promise<number> {
  const { length, startText, temperature, seed = anySeed() } = options;
  const file = chosenCheckpoint(options.checkpoint, "Sampling from");
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

/** Writes to stdout; false where that is in vain, as after `| head`: the stream's own error tells why. */
function write(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => resolve(!error));
  });
}
