import type { ColumnType, CsvOptions } from "./csvOptions";
import { missingMarks } from "./csvOptions";
import { type Cell, FrameError } from "./frame";
import {
  adviceFor,
  type NumberReader,
  type NumberStyle,
  numberReader,
  wholeNumber,
} from "./numberText";

/** Where a column comes from, for errors. */
export interface ColumnOrigin {
  origin: string;
  name: string;
  /** The line of each cell. */
  lineOf(row: number): number;
}

/** Makes cells of the texts of one column. Blanks around a number or a mark count in texts only. */
export type ColumnReader = (
  texts: readonly string[],
  type: ColumnType | undefined,
  origin: ColumnOrigin,
) => Cell[];

/**
 * How cells are made of texts. Without a type a column is one of numbers only where all that is there
 * are numbers, and of truth values only where all are true or false, in any case; else it is of texts,
 * which stay as they are written.
 *
 * A column of whole numbers, one of which a number cannot hold to its last digit, stays text: these are
 * ids. Decimal places beyond those of a number are rounded, as pandas does.
 */
export function columnReader(options: CsvOptions): ColumnReader {
  const { missing = missingMarks, decimal = ".", thousands } = options;
  const style: NumberStyle = thousands === undefined ? { decimal } : { decimal, thousands };
  const read = numberReader(style);
  const marks = new Set(missing);
  const markNumbers = new Set(missing.map((mark) => numberReader({ decimal: "." })(mark.trim())));
  const isMark = (text: string) =>
    marks.has(text) || markNumbers.has(read(text.trim()) ?? Number.NaN);

  return (texts, type, origin) => {
    if (type === "text") {
      return textsOf(texts, marks);
    }
    if (type !== "boolean") {
      const { cells, odd } = numbersOf(texts, marks, markNumbers, read);
      // Blanks alone are no numbers, but texts.
      const onlyBlanks = cells.every(Number.isNaN) && texts.some((text) => !isMark(text));
      if (odd === undefined && (type === "number" || !onlyBlanks)) {
        const keep = type === undefined && hasLongWholes(texts, cells, style);
        return keep ? textsOf(texts, marks) : cells;
      }
      if (odd !== undefined && type === "number") {
        throw noNumber(texts[odd], odd, origin);
      }
    }
    const { cells, odd } = truthsOf(texts, marks);
    if (odd === undefined && (type === "boolean" || cells.some((cell) => cell !== null))) {
      return cells;
    }
    if (type === "boolean") {
      throw new FrameError(
        `${place(odd!, origin)} holds ${JSON.stringify(texts[odd!])}, but true and false are needed. Leave out ` +
          "its type, or correct the cell.",
      );
    }
    return textsOf(texts, marks);
  };
}

interface Attempt {
  cells: Cell[];
  /** The first text that does not fit. */
  odd?: number;
}

function numbersOf(
  texts: readonly string[],
  marks: ReadonlySet<string>,
  markNumbers: ReadonlySet<number | undefined>,
  read: NumberReader,
): Attempt {
  const cells: Cell[] = [];
  for (const [row, text] of texts.entries()) {
    const trimmed = text.trim();
    const value = marks.has(text) || marks.has(trimmed) ? Number.NaN : read(trimmed);
    if (value === undefined) {
      return { cells, odd: row };
    }
    cells.push(markNumbers.has(value) ? Number.NaN : value);
  }
  return { cells };
}

function truthsOf(texts: readonly string[], marks: ReadonlySet<string>): Attempt {
  const cells: Cell[] = [];
  for (const [row, text] of texts.entries()) {
    const trimmed = text.trim();
    if (marks.has(text) || marks.has(trimmed)) {
      cells.push(null);
    } else if (/^(true|false)$/i.test(trimmed)) {
      cells.push(trimmed.toLowerCase() === "true");
    } else {
      return { cells, odd: row };
    }
  }
  return { cells };
}

function textsOf(texts: readonly string[], marks: ReadonlySet<string>): Cell[] {
  return texts.map((text) => (marks.has(text) ? null : text));
}

function hasLongWholes(
  texts: readonly string[],
  cells: readonly Cell[],
  style: NumberStyle,
): boolean {
  let inexact = false;
  for (const [row, text] of texts.entries()) {
    if (Number.isNaN(cells[row])) {
      continue;
    }
    const whole = wholeNumber(text.trim(), style);
    if (whole === "no") {
      return false;
    }
    inexact ||= whole === "inexact";
  }
  return inexact;
}

function place(row: number, { origin, name, lineOf }: ColumnOrigin): string {
  return `${origin}: line ${lineOf(row)}, column "${name}"`;
}

function noNumber(text: string, row: number, origin: ColumnOrigin): FrameError {
  const advice =
    adviceFor(text, origin.name) ??
    "Correct the cell, or, if it stands for a missing value, pass " +
      `missing: [...missingMarks, ${JSON.stringify(text.trim())}].`;
  return new FrameError(
    `${place(row, origin)} holds ${JSON.stringify(text)}, but its type is "number". ${advice}`,
  );
}
