import Papa from "papaparse";
import type { CsvOptions } from "./csvOptions";

const usual = [",", "\t", ";", "|"];

/** CSV without what says how to read it, and the separator that it was written with. */
export interface Separated {
  csv: string;
  separator: string;
  /** The number of lines that were taken off. */
  lines: number;
}

/**
 * Takes off a byte order mark and Excel's line `sep=;`, and finds the separator: the one that is asked
 * for, else the one in Excel's line, else the one by which the first rows have as many cells each.
 */
export function separated(text: string, options: CsvOptions): Separated {
  const whole = text.replace(/^\ufeff/, "");
  const line = /^sep=([^"\r\n])[ \t,;]*(\r\n?|\n|$)/i.exec(whole);
  const csv = line === null ? whole : whole.slice(line[0].length);
  const separator = options.separator ?? line?.[1] ?? guessed(csv, options);
  return { csv, separator, lines: line === null ? 0 : 1 };
}

function guessed(csv: string, options: CsvOptions): string {
  const { decimal, thousands, comment, skip = 0, header = true } = options;
  // Not the whole file: the first rows decide.
  const lines = csv
    .slice(0, 200_000)
    .split(/(?<=\r\n|\r(?!\n)|\n)/)
    .slice(skip)
    .filter((line) => line.trim() !== "" && !(comment !== undefined && line.startsWith(comment)));
  const start = lines.join("");
  const candidates = usual.filter((each) => each !== decimal && each !== thousands);
  const { meta, errors } = Papa.parse(start, {
    ...{ delimitersToGuess: candidates, preview: 1 },
    // The line behind the last line end would count as a row of one cell.
    skipEmptyLines: true,
  });
  if (errors.every(({ code }) => code !== "UndetectableDelimiter")) return meta.delimiter;
  if (candidates.includes(",")) return ",";
  // Commas are in numbers. They are between cells, too, where names have them, or numbers are quoted.
  const between = (header && lines[0]?.includes(",")) || /",|,"/.test(start);
  return between ? "," : ";";
}
