import { loadCheckpoint } from "../checkpoints/checkpointFiles";
import { ready } from "../engine/tensorflow";
import { type Score, score } from "../sampling";
import { cleanPieces } from "../text/sourceText";
import { VocabularyError } from "../text/vocabulary";
import { chosenCheckpoint } from "./checkpointPlaces";
import { CommandError, EXIT } from "./commandError";
import { cleaningOf, inputText, requiredText } from "./inputText";
import type { ScoreCommandOptions } from "./scoreOptions";
import { listenForSignals } from "./signals";
import { Terminal } from "./terminal";

/** Scores a text with the options of the command; returns the exit status. */
export async function runScore(options: ScoreCommandOptions): Promise<number> {
  const inputTxt = requiredText(options.inputTxt);
  const file = chosenCheckpoint(options.checkpoint, "Scoring with");
  const checkpoint = loadCheckpoint(file);
  const source = await inputText(inputTxt, { ...options, valFrac: 0, testFrac: 0 });
  await ready();
  const terminal = new Terminal();
  const stop = listenForSignals();
  try {
    const pieces = source.pieces((bytes) => terminal.progress(bytes, source.bytes, inputTxt));
    const clean = cleaningOf(options);
    const result = await score(checkpoint, clean ? cleanPieces(pieces, clean) : pieces, {
      unknown: options.unknown,
      signal: stop.signal,
    });
    terminal.endProgress();
    for (const line of linesOf(result, options.checkpoint ?? file, inputTxt)) terminal.line(line);
    return EXIT.done;
  } catch (error) {
    terminal.endProgress();
    const status = stop.exitStatus();
    if (status !== undefined) {
      terminal.note("Stopped before the end of the text; nothing is told of a part of it.");
      return status;
    }
    if (error instanceof VocabularyError) {
      throw new CommandError(
        error.message
          .replace('unknown: "skip"', "--unknown skip")
          .replace(" symbol ", " character "),
      );
    }
    throw error;
  } finally {
    stop.release();
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
