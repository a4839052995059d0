import * as path from "node:path";
import type { Command } from "commander";
import { preprocess } from "../text/corpusWriter";
import { CommandError, EXIT, EXIT_STATUS_HELP } from "./commandError";
import { addTextOptions, cleaningOf, inputText, requiredText, type TextOptions } from "./inputText";
import { listenForSignals } from "./signals";
import { Terminal } from "./terminal";

export interface PreprocessCommandOptions extends TextOptions {
  inputTxt?: string;
  outputData?: string;
  outputJson?: string;
  quiet: boolean;
}

export function addPreprocess(program: Command): Command {
  const command = program
    .command("preprocess")
    .description(
      "Makes training data of a text: its characters as numbers, in the parts train, val and test. " +
        "The text is read in pieces, so its size does not matter.",
    )
    .option("--input-txt <file>", "the text, in UTF-8; or the name of a data set");
  addTextOptions(command)
    .option(
      "--output-data <file>",
      "where the numbers go; also --output-h5, but the file is in the safetensors format, not HDF5 " +
        "(default: the text's name with .data)",
    )
    .option(
      "--output-json <file>",
      "where the vocabulary goes: token_to_idx, idx_to_token (default: the text's name with .json)",
    )
    .option("--quiet", "say nothing", false)
    .addHelpText("after", EXIT_STATUS_HELP);
  return command;
}

/** Preprocesses with the options of the command; returns the exit status. */
export async function runPreprocess(options: PreprocessCommandOptions): Promise<number> {
  const { valFrac, testFrac } = options;
  const inputTxt = requiredText(options.inputTxt);
  const stem = inputTxt.replace(/\.txt$/i, "");
  const { outputData = `${stem}.data`, outputJson = `${stem}.json` } = options;
  const files = [inputTxt, outputData, outputJson].map((file) => path.resolve(file));
  if (new Set(files).size < files.length) {
    throw new CommandError(
      `The text ${inputTxt}, the data ${outputData} and the vocabulary ${outputJson} must be three ` +
        "files. Choose other names with --output-data and --output-json.",
    );
  }
  const terminal = new Terminal(options.quiet);
  const stop = listenForSignals();
  try {
    const corpus = await preprocess(await inputText(inputTxt, options), {
      dataFile: outputData,
      vocabularyFile: outputJson,
      valFraction: valFrac,
      testFraction: testFrac,
      clean: cleaningOf(options),
      signal: stop.signal,
      onProgress: (done) => terminal.progress(100 * done, 100, inputTxt),
    });
    const { vocabulary, lengths } = corpus;
    terminal.endProgress();
    terminal.line(`Total vocabulary size: ${vocabulary.size}`);
    terminal.line(`Total tokens in file: ${lengths.train + lengths.val + lengths.test}`);
    terminal.line(`  Training size: ${lengths.train}`);
    terminal.line(`  Val size: ${lengths.val}`);
    terminal.line(`  Test size: ${lengths.test}`);
    terminal.line(`Written to ${outputData}, the vocabulary to ${outputJson}.`);
    return EXIT.done;
  } catch (error) {
    terminal.endProgress();
    const status = stop.exitStatus();
    if (status === undefined) throw error;
    terminal.note("Stopped; nothing was written.");
    return status;
  } finally {
    stop.release();
  }
}
