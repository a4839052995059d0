import type { CsvOptions } from "./csvOptions";
import type { CsvRecord } from "./csvRecords";
import { FrameError, placeOf } from "./frame";

/** What the rows of a CSV file are: the names of the columns, and cells below them. */
export interface CsvLayout {
  names: string[];
  /** Rows of as many cells as there are names. */
  rows: { cells: readonly string[]; line: number }[];
  /** The place of the column that names the rows. */
  index: number | undefined;
}

/**
 * Finds names and row names in the rows of a file, as programs write them:
 *
 * - cells without anything in them at the end of all rows, which Excel leaves where columns were
 *   emptied, belong to no column;
 * - a first column without a name, or one that the line of names has no place for, names the rows.
 *
 * @throws FrameError for names that are missing or there twice, and rows of another length
 */
export function csvLayout(
  records: readonly CsvRecord[],
  options: CsvOptions,
  origin: string,
): CsvLayout {
  const { header = true, index } = options;
  const [head, ...below] = records;
  const rows = trimmedRows(header ? below : records, options);
  let names = namesIn(head, header);
  const widest = rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const inNone = (place: number) => rows.every(({ cells }) => isBlank(cells[place]));
  // Separators at the end of every line, as Excel writes them.
  while (names.length > 1 && names.at(-1) === "" && inNone(names.length - 1)) {
    names.pop();
  }
  const over = range(names.length, widest).find((place) => !inNone(place));
  if (over === undefined) {
    for (const row of rows) {
      row.cells = row.cells.slice(0, names.length);
    }
  } else if (header && namesRows(names, rows, head, options)) {
    names = ["", ...names];
  }
  if (options.columns !== undefined) {
    names = ownNames(options.columns, names, origin);
  }
  names = renamed(names, options.rename, origin);
  requireWidths(rows, names.length, head, options, origin);
  const place = indexPlace(names, index);
  if (names[0] === "" && names.length > 1 && place !== 0) {
    names[0] = "Unnamed: 0";
  }
  checkNames(names, place, origin);
  return { names, rows, index: place };
}

const isBlank = (cell: string | undefined) => cell === undefined || cell.trim() === "";

function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
}

function trimmedRows(records: readonly CsvRecord[], { emptyRows }: CsvOptions) {
  let end = records.length;
  if (emptyRows === "trim") {
    while (end > 0 && records[end - 1].cells.every(isBlank)) {
      end--;
    }
  }
  return records
    .slice(0, end)
    .map(({ cells, line }) => ({ cells: cells as readonly string[], line }));
}

/** Blanks around a name are none of it, unless they stand in quotation marks. */
function namesIn(head: CsvRecord | undefined, header: boolean): string[] {
  if (head === undefined) {
    return [];
  }
  return head.cells.map((cell, place) => {
    if (!header) {
      return String(place);
    }
    return head.quoted.includes(place) ? cell : cell.trim();
  });
}

/**
 * Whether each row begins with a name of its own, for which the line of names has no place, as in files
 * by R's write.table. A single name over two columns may as well be a title or a comment.
 */
function namesRows(
  names: readonly string[],
  rows: CsvLayout["rows"],
  head: CsvRecord,
  { index }: CsvOptions,
): boolean {
  if (index === false || rows.some(({ cells }) => cells.length !== names.length + 1)) {
    return false;
  }
  const title = (names.length === 1 && head.quoted.length === 0) || /^[#%]/.test(names[0]);
  return index === true || !title;
}

function ownNames(columns: readonly string[], names: readonly string[], origin: string): string[] {
  if (columns.length === names.length) {
    return columns.map(String);
  }
  if (columns.length === names.length - 1 && names[0] === "") {
    return ["", ...columns.map(String)];
  }
  throw new FrameError(
    `${origin} has ${names.length} columns, but columns names ${columns.length}. Name them all.`,
  );
}

function renamed(names: string[], rename: CsvOptions["rename"] = {}, origin: string): string[] {
  for (const name of Object.keys(rename)) {
    try {
      placeOf({ columns: names }, name);
    } catch (error) {
      throw new FrameError(`${origin}, rename: ${(error as Error).message}`);
    }
  }
  return names.map((name) => (Object.hasOwn(rename, name) ? rename[name] : name));
}

function requireWidths(
  rows: CsvLayout["rows"],
  width: number,
  head: CsvRecord | undefined,
  { shortRows, comment }: CsvOptions,
  origin: string,
): void {
  if (shortRows === "fill") {
    for (const row of rows) {
      const short = width - row.cells.length;
      if (short > 0) {
        row.cells = [...row.cells, ...Array<string>(short).fill("")];
      }
    }
  }
  const odd = rows.find(({ cells }) => cells.length !== width);
  if (odd === undefined) {
    return;
  }
  const count = odd.cells.length;
  const first = head?.cells[0]?.trim() ?? "";
  const isComment = comment === undefined && /^(#|%|\/\/)/.test(first);
  const mark = first.startsWith("//") ? "//" : first[0];
  const hint = isComment
    ? `Is line ${head!.line} a comment? Then pass comment: ${JSON.stringify(mark)}.`
    : count < width
      ? 'Complete the row, or pass shortRows: "fill" to take the cells at its end for missing.'
      : "A separator inside a cell needs quotation marks around the cell; another separator is passed by " +
        "separator, lines above the names are left out by skip, and index: true says that the first cell of " +
        "each row is its name.";
  throw new FrameError(
    `${origin}: line ${odd.line} has ${count} ${count === 1 ? "cell" : "cells"}, but line ${head!.line} ` +
      `names ${width} ${width === 1 ? "column" : "columns"}. ${hint}`,
  );
}

function indexPlace(names: readonly string[], index: CsvOptions["index"]): number | undefined {
  if (index === false) {
    return undefined;
  }
  if (typeof index === "string") {
    const place = placeOf({ columns: names }, index);
    if (names.length > 1) {
      return place;
    }
    throw new FrameError(`There is no column but "${index}": leave out index: "${index}".`);
  }
  return names.length > 1 && (index === true || names[0] === "") ? 0 : undefined;
}

function checkNames(names: readonly string[], index: number | undefined, origin: string): void {
  const unnamed = names.findIndex((name, place) => name === "" && place !== index);
  const remedy = 'Name all columns yourself: readCsv(..., { columns: ["a", "b", ...] }).';
  if (names.length === 0) {
    throw new FrameError(`${origin} has no line that names the columns.`);
  }
  if (unnamed >= 0) {
    throw new FrameError(`${origin}: column ${unnamed + 1} has no name. ${remedy}`);
  }
  const twice = names.find((name, place) => place !== index && names.indexOf(name) !== place);
  if (twice !== undefined) {
    throw new FrameError(`${origin}: two columns are named "${twice}". ${remedy}`);
  }
}
