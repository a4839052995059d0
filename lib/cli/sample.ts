import { randomInt } from "node:crypto";
import type { Checkpoint } from "../checkpoints/checkpoint";
import { loadCheckpoint } from "../checkpoints/checkpointFiles";
import { setSeed } from "../engine/random";
import { ready } from "../engine/tensorflow";
import { type BeamSearchOptions, beamSearch } from "../sampling/beamSearch";
import { sampleSymbols } from "../sampling/sample";
import { type Score, score } from "../sampling/score";
import { cleanPieces } from "../text/sourceText";
import { VocabularyError } from "../text/vocabulary";
import { chosenCheckpoint } from "./checkpointPlaces";
import { CommandError, EXIT, untilStopped } from "./exit";
import type { SampleOptions, ScoreOptions } from "./options";
import { cleaningOf, inputText, requiredText } from "./preprocess";
import { Terminal } from "./terminal";

/** Samples with the options of the command; returns the exit status. */
export async function runSample(options: SampleOptions): Promise<number> {
  const { length, startText, temperature, seed = randomInt(2 ** 31) } = options;
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
  const { topK, topP, beamWidth } = options;
  if (beamWidth !== undefined) {
    return writeLikeliest(checkpoint, { prime: startText, length, beamWidth }, options);
  }
  const symbols = sampleSymbols(checkpoint, {
    prime: startText,
    length,
    temperature: options.sample ? temperature : 0,
    topK,
    topP,
  });
  for await (const symbol of symbols) {
    if (!(await write(symbol))) {
      return EXIT.done;
    }
    // Else signals are not heard: neither the network nor a pipe waits for anything.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await write("\n");
  return EXIT.done;
}

/** The likeliest text of a beam search, which is known at its end only. */
async function writeLikeliest(
  checkpoint: Checkpoint,
  search: BeamSearchOptions,
  { topK, topP, verbose }: SampleOptions,
): Promise<number> {
  if (topK !== undefined || topP !== undefined) {
    throw new CommandError(
      "--beam-width looks for the likeliest text and draws nothing, so --top-k and --top-p mean nothing with it. Leave one or the other out.",
      true,
    );
  }
  const work = async (signal: AbortSignal) => {
    const [best] = await beamSearch(checkpoint, { ...search, signal });
    if (verbose) {
      console.error(`${best.totalNats.toFixed(3)} nats for the ${search.length} characters`);
    }
    await write(`${best.text}\n`);
  };
  return untilStopped(new Terminal(), work, () => "Stopped before a text was found.");
}

/** Writes to stdout; false where that is in vain, as after `| head`: the stream's own error tells why. */
function write(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => resolve(!error));
  });
}

/** Scores a text with the options of the command; returns the exit status. */
export async function runScore(options: ScoreOptions): Promise<number> {
  const inputTxt = requiredText(options.inputTxt);
  const file = chosenCheckpoint(options.checkpoint, "Scoring with");
  const checkpoint = loadCheckpoint(file);
  const source = await inputText(inputTxt, { ...options, valFrac: 0, testFrac: 0 });
  await ready();
  const terminal = new Terminal();
  const work = async (signal: AbortSignal) => {
    const pieces = source.pieces((bytes) => terminal.progress(bytes, source.bytes, inputTxt));
    const clean = cleaningOf(options);
    const result = await score(checkpoint, clean ? cleanPieces(pieces, clean) : pieces, {
      unknown: options.unknown,
      signal,
    });
    terminal.endProgress();
    for (const line of linesOf(result, options.checkpoint ?? file, inputTxt)) {
      terminal.line(line);
    }
  };
  try {
    return await untilStopped(
      terminal,
      work,
      () => "Stopped before the end of the text; a part of it has no score.",
    );
  } catch (error) {
    if (error instanceof VocabularyError) {
      throw new CommandError(
        error.message
          .replace('unknown: "skip"', "--unknown skip")
          .replace(" symbol ", " character "),
      );
    }
    throw error;
  }
}

function linesOf(score: Score, network: string, text: string): string[] {
  const { symbols, nats, bits, perplexity, unknown } = score;
  const lines = [
    `${network} on ${text}: ${symbols} characters, each predicted from all before it`,
    `${nats.toFixed(6)} nats a character, ${bits.toFixed(6)} bits a character, perplexity ${perplexity.toFixed(4)}`,
  ];
  if (unknown.size > 0) {
    const byCount = [...unknown].sort((a, b) => b[1] - a[1]);
    const named = byCount
      .slice(0, 10)
      .map(([symbol, count]) => `${JSON.stringify(symbol)} ${count}`);
    const total = byCount.reduce((sum, [, count]) => sum + count, 0);
    const more =
      byCount.length > named.length ? `, and ${byCount.length - named.length} others` : "";
    lines.push(
      `${total} characters were left out, since the network does not know them: ${named.join(", ")}${more}`,
    );
  }
  return lines;
}
