import { existsSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { loadAddresses } from "../datasets/addresses";
import { fetchDataSet, listDataSets } from "../datasets/dataSets";
import type { CleanOptions } from "../text/sourceText";
import { type TextSource, textFile, textInMemory } from "../text/sourceText";
import { encoding, fraction } from "./arguments";
import { CommandError } from "./commandError";

/** Options of everything that cuts a text into parts. */
export interface TextOptions extends CleaningOptions {
  valFrac: number;
  testFrac: number;
}

/** Options of everything that reads a text. */
export interface CleaningOptions {
  president?: string;
  years?: Years;
  encoding: string;
  lowerCase: boolean;
  removeMarks: boolean;
  removeDates: boolean;
  characters?: string;
}

/** Years from one to another, both included. */
interface Years {
  from: number;
  to: number;
}

function years(text: string): Years {
  const [, from, to = from]: (string | undefined)[] = /^(\d{4})(?:-(\d{4}))?$/.exec(text) ?? [];
  if (from !== undefined) return { from: Number(from), to: Number(to) };
  throw new InvalidArgumentError("It must be a year or two, such as 1981-2021.");
}

export function addTextOptions(command: Command): Command {
  command
    .option("--val-frac <fraction>", "part of the text for validation", fraction, 0.1)
    .option("--test-frac <fraction>", "part of the text for the test at the end", fraction, 0.1);
  return addCleaningOptions(command);
}

export function addCleaningOptions(command: Command): Command {
  return command
    .option("--president <name>", "of the data set sotu: only this president's addresses")
    .option("--years <from-to>", "of the data set sotu: only the addresses of these years", years)
    .option("--encoding <name>", "UTF-8 is the only one", encoding, "utf-8")
    .option("--lower-case", "clean: make all letters small", false)
    .option("--remove-marks", "clean: take out [Applause], (Laughter) and the like", false)
    .option("--remove-dates", "clean: take out lines that are only a date", false)
    .option("--characters <set>", "clean: keep only these characters");
}

/** The names of the options for a text, which say nothing where there is none. */
export const TEXT_OPTIONS = [
  ...["president", "years", "encoding", "valFrac", "testFrac"],
  ...["lowerCase", "removeMarks", "removeDates", "characters"],
];

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
  if (inputTxt !== undefined) return inputTxt;
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
  const kind = existsSync(input) ? undefined : kindOfDataSet(input);
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
  if (kind === "text") return textFile(Object.values(await fetchDataSet(input))[0]!);
  return textFile(input);
}

function kindOfDataSet(name: string): string | undefined {
  return listDataSets().find((dataSet) => dataSet.name === name)?.kind;
}
