import Papa from "papaparse";
import type { CsvOptions } from "./csvOptions";
import { FrameError } from "./frame";

/** One row of a CSV file. */
export interface CsvRecord {
  cells: string[];
  /** The places of the cells that stood in quotation marks. */
  quoted: readonly number[];
  /** The line of the file on which it begins, from 1. */
  line: number;
}

export interface RecordOptions {
  /** One character. */
  separator: string;
  /** What a line of comment begins with. */
  comment?: string | undefined;
  /** Lines to leave out at the beginning. Default 0. */
  skip?: number;
  /** The number of the first line. Default 1. */
  firstLine?: number;
  /** Named in errors. */
  origin: string;
}

const unquoted: readonly number[] = [];

/**
 * Cuts CSV into rows of texts by RFC 4180. Lines end in LF, CR LF or CR, also in turns. A line without
 * anything but blanks is no row, while `""` is one; comments are left out.
 *
 * @throws FrameError for a quotation mark that is never closed, or something between one and the end of
 *   its cell
 */
export function csvRecords(text: string, options: RecordOptions): CsvRecord[] {
  const { separator, comment, skip = 0, firstLine = 1 } = options;
  const plain = new RegExp(`[^${/[\\\]^-]/.test(separator) ? "\\" : ""}${separator}\\r\\n]*`, "y");
  const lineEnd = /\r\n?|\n/g;
  const records: CsvRecord[] = [];
  let [at, line] = [0, firstLine];
  const plainCell = () => {
    plain.lastIndex = at;
    const [cell] = plain.exec(text)!;
    at += cell.length;
    return cell;
  };
  const quotedCell = () => {
    const [start, firstLine] = [at + 1, line];
    let close = text.indexOf('"', start);
    while (close >= 0 && text[close + 1] === '"') {
      close = text.indexOf('"', close + 2);
    }
    if (close < 0) {
      throw neverClosed(options.origin, firstLine);
    }
    const inner = text.slice(start, close);
    line += inner.match(lineEnd)?.length ?? 0;
    at = close + 1;
    const rest = plainCell();
    if (rest.trim() !== "") {
      throw afterQuote(options.origin, line, inner, rest);
    }
    return inner.replaceAll('""', '"');
  };
  const nextLine = () => {
    if (text[at] === "\r" && text[at + 1] === "\n") {
      at++;
    }
    if (at < text.length) {
      at++;
    }
    line++;
  };
  const restOfLine = () => {
    lineEnd.lastIndex = at;
    at = lineEnd.exec(text)?.index ?? text.length;
  };
  for (let left = skip; left > 0 && at < text.length; left--) {
    restOfLine();
    nextLine();
  }
  while (at < text.length) {
    if (comment !== undefined && text.startsWith(comment, at)) {
      restOfLine();
      nextLine();
      continue;
    }
    const record = { cells: [] as string[], quoted: unquoted, line };
    for (;;) {
      if (text[at] === '"') {
        if (record.quoted === unquoted) {
          record.quoted = [];
        }
        (record.quoted as number[]).push(record.cells.length);
        record.cells.push(quotedCell());
      } else {
        record.cells.push(plainCell());
      }
      if (text[at] !== separator) {
        break;
      }
      at++;
    }
    nextLine();
    const blank = record.cells.length === 1 && record.quoted === unquoted;
    if (!blank || record.cells[0].trim() !== "") {
      records.push(record);
    }
  }
  return records;
}

function neverClosed(origin: string, line: number): FrameError {
  return new FrameError(
    `${origin}: the quotation mark that begins a cell on line ${line} is never closed. Close it, or write ` +
      'a mark that belongs to the text twice, in quotation marks: "5"" pipe".',
  );
}

function afterQuote(origin: string, line: number, inner: string, rest: string): FrameError {
  const [cell, more] = [inner, rest].map((text) => JSON.stringify(text.slice(-20)));
  return new FrameError(
    `${origin}: on line ${line} a cell goes on behind its closing quotation mark: ${cell} and then ${more}. ` +
      "A quotation mark inside of such a cell is written twice.",
  );
}

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
    delimitersToGuess: candidates,
    preview: 1,
    // The line behind the last line end would count as a row of one cell.
    skipEmptyLines: true,
  });
  if (errors.every(({ code }) => code !== "UndetectableDelimiter")) {
    return meta.delimiter;
  }
  if (candidates.includes(",")) {
    return ",";
  }
  // Commas are in numbers. They are between cells, too, where names have them, or numbers are quoted.
  const between = (header && lines[0]?.includes(",")) || /",|,"/.test(start);
  return between ? "," : ";";
}
