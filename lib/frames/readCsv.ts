import type { DataFrame } from "danfojs-node";
import { loadText } from "../datasets/dataSets";
import { nameOf } from "../errors";
import { type ColumnReader, columnReader } from "./csvColumns";
import { type CsvLayout, csvLayout } from "./csvLayout";
import { type CsvOptions, checkCsvOptions } from "./csvOptions";
import { csvRecords, separated } from "./csvRecords";
import { FrameError, placeOf } from "./frame";
import { makeFrame } from "./makeFrame";

/** CSV that is there already, as `loadTable` gives it. */
export interface CsvText {
  csv: string;
  /** Named in errors. */
  path?: string;
}

/**
 * Reads CSV into a data frame of danfojs, as pandas, R and Excel write it.
 *
 * - A column is one of numbers only where all that is there are numbers (`inf` is one), and of truth
 *   values only where all are true or false: danfojs itself looks at the first rows, and makes texts of
 *   all cells where one is NA. `types` overrules it: `02134` and `+4915112345678` are numbers otherwise.
 * - Whole numbers of more digits than a number holds (above 2^53) stay texts, all of their column, as
 *   `1111111111111111112` would become ...200. Decimal places beyond some 17 digits are rounded.
 * - What is missing is NaN in a column of numbers, and null in another one. `groupBy`, `describe` and
 *   danfojs's own statistics skip it; sums cell by cell give NaN.
 * - Rows without any value are rows; lines with nothing in them, or nothing but blanks, are not.
 * - A first column without a name names the rows (`frame.index`), and so does the first cell where each
 *   row has one more than there are names. Separators at the end of all lines are no columns.
 * - Columns with a name that danfojs needs for itself, such as `index` or `mean`, are had by
 *   `frame.column("index")` and not by `frame["index"]`, or under another name by `rename`.
 *
 * @param source what `loadTable` gives, or the path of a file of your own (UTF-8)
 * @throws FrameError for lines that do not have as many cells as the first, for columns without a name
 *   or with the same one, and for cells that are not of their `types`; DataError where a file cannot be
 *   read
 *
 * @example
 * const penguins = await readCsv(await loadTable("penguins"));
 * table(penguins);
 *
 * @example
 * // By Excel in Germany or by R's write.csv2: 02134;1.234,50
 * await readCsv("sales.csv", { decimal: ",", thousands: ".", types: { postcode: "text" } });
 */
export async function readCsv(
  source: string | CsvText,
  options: CsvOptions = {},
): Promise<DataFrame> {
  checkCsvOptions(options);
  requireSource(source);
  const origin = typeof source === "string" ? source : (source.path ?? "The CSV");
  const text = typeof source === "string" ? await loadText({ path: source }) : source.csv;
  const { csv, separator, lines } = separated(text, options);
  const { comment, skip = 0 } = options;
  const records = csvRecords(csv, { separator, comment, skip, origin, firstLine: 1 + lines });
  const layout = csvLayout(records, options, origin);
  if (layout.rows.length === 0) {
    throw new FrameError(`${origin} has no rows below the names of the columns.`);
  }
  return frameOf(layout, options, origin);
}

function requireSource(source: unknown): void {
  if (typeof source === "string" || typeof (source as CsvText | undefined)?.csv === "string") {
    return;
  }
  const remedy =
    source instanceof Promise
      ? "An await is missing: readCsv(await loadTable(...))."
      : 'Text that is there already is passed as readCsv({ csv: "a,b\\n1,2" }).';
  throw new FrameError(
    `readCsv was given ${nameOf(source)}, but reads the path of a file, or what loadTable gave. ${remedy}`,
  );
}

function frameOf(layout: CsvLayout, options: CsvOptions, origin: string): DataFrame {
  const { names, rows, index } = layout;
  const types = options.types ?? {};
  const columns = names.filter((_, place) => place !== index);
  if (typeof types === "object") {
    for (const name of Object.keys(types)) {
      placeOf({ columns }, name);
    }
  }
  const read = columnReader(options);
  const lineOf = (row: number) => rows[row].line;
  const cells = names.map((name, place) => {
    if (place === index) {
      return [];
    }
    const texts = rows.map((row) => row.cells[place]);
    const type =
      typeof types === "string" ? types : Object.hasOwn(types, name) ? types[name] : undefined;
    return read(texts, type, { origin, name, lineOf });
  });
  const frameRows = rows.map((_, row) =>
    cells.flatMap((column, place) => (place === index ? [] : [column[row]!])),
  );
  if (index === undefined) {
    return makeFrame(frameRows, { columns });
  }
  return makeFrame(frameRows, { columns, index: rowNames(layout, index, read, origin) });
}

/** The names of the rows: numbers where all are, else texts. */
function rowNames(
  { names, rows }: CsvLayout,
  place: number,
  read: ColumnReader,
  origin: string,
): (string | number)[] {
  const texts = rows.map(({ cells }) => cells[place]);
  const lineOf = (row: number) => rows[row].line;
  const numbers = read(texts, undefined, { origin, name: names[place], lineOf });
  const isNumbers = numbers.every((cell) => typeof cell === "number" && !Number.isNaN(cell));
  const index = isNumbers ? (numbers as number[]) : texts;
  const seen = new Map<string | number, number>();
  for (const [row, name] of index.entries()) {
    const before = seen.get(name);
    if (before !== undefined) {
      const column =
        names[place] === "" ? "the first column, which has no name," : `"${names[place]}"`;
      throw new FrameError(
        `${origin}: lines ${lineOf(before)} and ${lineOf(row)} have the same row name, ` +
          `${JSON.stringify(name)}. Pass index: false to read ${column} like any other column.`,
      );
    }
    seen.set(name, row);
  }
  return index;
}
