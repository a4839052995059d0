import { existsSync } from "node:fs";
import * as path from "node:path";
import { loadAddresses } from "../datasets/addresses";
import { fetchDataSet, listDataSets } from "../datasets/dataSets";
import { preprocess } from "../text/corpusWriter";
import { type CleanOptions, type TextSource, textFile, textInMemory } from "../text/sourceText";
import { CommandError, untilStopped } from "./exit";
import type { CleaningOptions, PreprocessOptions, TextOptions } from "./options";
import { Terminal } from "./terminal";

export function cleaningOf(options: CleaningOptions): CleanOptions | undefined {
  const { lowerCase, removeMarks, removeDates, characters } = options;
  const asked = lowerCase || removeMarks || removeDates || characters !== undefined;
  return asked ? { lowerCase, removeMarks, removeDates, characters } : undefined;
}

/**
 * What `--input-txt` says, for commands that have nothing to do without it.
 *
 * @throws {CommandError} where it was left out
 */
export function requiredText(inputTxt: string | undefined): string {
  if (inputTxt !== undefined) {
    return inputTxt;
  }
  throw new CommandError(
    "No text is given. Name a UTF-8 file with --input-txt FILE. With npm, a lone -- comes before all options.",
    true,
  );
}

/**
 * The text that `--input-txt` names: a file, or else one of the course's data sets.
 *
 * @throws {DataError} where there is no such file, and the data set can't be had
 */
export async function inputText(input: string, options: TextOptions): Promise<TextSource> {
  const dataSet = listDataSets().find(({ name }) => name === input);
  const kind = existsSync(input) ? undefined : dataSet?.kind;
  const { president, years, valFrac, testFrac } = options;
  if (valFrac + testFrac >= 1) {
    throw new CommandError(
      `--val-frac ${valFrac} and --test-frac ${testFrac} leave nothing to train on: together they must be below 1.`,
      true,
    );
  }
  if ((president ?? years) !== undefined && kind !== "addresses") {
    throw new CommandError(
      `--president and --years choose among the addresses of the data set sotu, but the text is ${input}. Leave them out, or give --input-txt sotu.`,
    );
  }
  if (kind === "addresses") {
    const addresses = await loadAddresses({ president, ...years });
    return textInMemory(input, `${addresses.map(({ text }) => text.trim()).join("\n\n")}\n`);
  }
  if (kind === "text") {
    return textFile(Object.values(await fetchDataSet(input))[0]);
  }
  return textFile(input);
}

/** Preprocesses with the options of the command; returns the exit status. */
export async function runPreprocess(options: PreprocessOptions): Promise<number> {
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
  const work = async (signal: AbortSignal) => {
    const { vocabulary, lengths } = await preprocess(await inputText(inputTxt, options), {
      dataFile: outputData,
      vocabularyFile: outputJson,
      valFraction: valFrac,
      testFraction: testFrac,
      clean: cleaningOf(options),
      signal,
      onProgress: (done) => terminal.progress(100 * done, 100, inputTxt),
    });
    terminal.endProgress();
    terminal.line(`Total vocabulary size: ${vocabulary.size}
Total tokens in file: ${lengths.train + lengths.val + lengths.test}
  Training size: ${lengths.train}
  Val size: ${lengths.val}
  Test size: ${lengths.test}
Written to ${outputData}, the vocabulary to ${outputJson}.`);
  };
  return untilStopped(terminal, work, () => "Stopped; nothing was written.");
}
