import type { DataFrame } from "danfojs-node";
import Papa from "papaparse";
import { loadText } from "../loadText";
import { type Cell, FrameError, makeFrame } from "./frame";

export interface CsvOptions {
  /**
   * Texts that stand for a missing value. Default: the empty text, NA, N/A, NaN, nan, null and ?, as the
   * usual data sets have them.
   */
  missing?: readonly string[];
}

/** CSV that is there already, as `loadTable` gives it. */
export interface CsvText {
  csv: string;
  /** Named in errors. */
  path?: string;
}

const missingMarks = ["", "NA", "N/A", "NaN", "nan", "null", "?"];
const numeric = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads CSV into a data frame of danfojs. The first line names the columns; missing values become null.
 * A column is one of numbers only where all that is there are numbers, and of truth values only where
 * all are true or false: danfojs itself looks at the first rows, and makes texts of all cells where one
 * is NA.
 *
 * @param source what `loadTable` gives, or the path of a file of your own (UTF-8)
 * @throws FrameError for lines that do not have as many cells as the first, or for columns without a
 *   name or with the same one; DataError where a file cannot be read
 *
 * @example
 * const penguins = await readCsv(await loadTable("penguins"));
 * table(penguins);
 */
export async function readCsv(
  source: string | CsvText,
  { missing = missingMarks }: CsvOptions = {},
): Promise<DataFrame> {
  const origin = typeof source === "string" ? source : (source.path ?? "The CSV");
  const csv = typeof source === "string" ? await loadText({ path: source }) : source.csv;
  const { data, errors } = Papa.parse<string[]>(csv.replace(/^\ufeff/, ""), {
    skipEmptyLines: "greedy",
  });
  const broken = errors.find(({ type }) => type === "Quotes");
  if (broken) {
    throw new FrameError(
      `${origin}: ${broken.message} in row ${(broken.row ?? 0) + 1} of the file.`,
    );
  }
  const [head = [], ...lines] = data;
  const columns = head.map((name) => name.trim());
  checkNames(columns, origin);
  const odd = lines.findIndex((line) => line.length !== columns.length);
  if (odd >= 0) {
    throw new FrameError(
      `${origin}: row ${odd + 2} has ${lines[odd]!.length} cells, but the first row names ` +
        `${columns.length} columns. A comma inside a cell needs quotation marks around the cell.`,
    );
  }
  if (lines.length === 0)
    throw new FrameError(`${origin} has no rows below the names of the columns.`);
  const gone = new Set(missing);
  const typed = columns.map((_, place) => {
    const texts = lines.map((line) => (gone.has(line[place]!.trim()) ? null : line[place]!));
    return typedCells(texts);
  });
  const rows = lines.map((_, r) => typed.map((cells) => cells[r]!));
  return makeFrame(rows, { columns });
}

function checkNames(columns: readonly string[], origin: string): void {
  const unnamed = columns.indexOf("");
  if (unnamed >= 0 || columns.length === 0) {
    throw new FrameError(
      `${origin}: column ${unnamed + 1} has no name. The first line must name all columns.`,
    );
  }
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new FrameError(`${origin}: two columns are named "${twice}". Rename one of them.`);
  }
}

function typedCells(texts: readonly (string | null)[]): Cell[] {
  const present = texts.filter((text) => text !== null).map((text) => text.trim());
  if (present.length > 0 && present.every((text) => numeric.test(text))) {
    return texts.map((text) => (text === null ? null : Number(text)));
  }
  if (present.length > 0 && present.every((text) => /^(true|false)$/i.test(text))) {
    return texts.map((text) => (text === null ? null : text.trim().toLowerCase() === "true"));
  }
  return [...texts];
}
