import { nameOf } from "../errors";
import { host } from "../host/host";
import { type OptionNames, requireNames } from "../optionNames";
import { type Cell, type Frame, FrameError, isMissing, rowsOf } from "./frame";

export interface ToCsvOptions {
  /** What is put between two cells, one character. Default ",", and ";" with decimal commas. */
  separator?: string;
  /** The mark before decimal places. Default ".". */
  decimal?: "." | ",";
  /** What is written for a missing value. Default: nothing. */
  missing?: string;
  /** Whether the first line names the columns. Default true. */
  header?: boolean;
  /**
   * Whether the names of the rows come first: `true` in a column without a name, as pandas writes it, or
   * in one with a name. Default false.
   */
  index?: string | boolean;
  /** What ends a line. Default "\n". */
  newline?: "\n" | "\r\n";
  /** Whether a byte order mark comes first, by which Excel knows UTF-8. Default false. */
  byteOrderMark?: boolean;
}

/**
 * Writes a frame as CSV by RFC 4180: a cell with a separator, a quotation mark or a line end in it stands
 * in quotation marks. Numbers are written in full, infinities as `inf`, truth values as `true` and
 * `false`; texts stay as they are, also where a spreadsheet would take them for a formula (`=1+1`).
 *
 * `readCsv` gives the same frame, as does pandas, but for texts that look like something else: a column
 * of texts like `007` is one of numbers unless read with `types: "text"`, and the empty text and other
 * marks count as missing unless read with `missing`.
 *
 * @throws FrameError for a text that is what `missing` stands for, or an option that is none
 *
 * @example
 * console.log(toCsv(groupBy(penguins, "species").mean()));
 */
export function toCsv(frame: Frame, options: ToCsvOptions = {}): string {
  checkOptions(options);
  const { header = true, index = false, newline = "\n", byteOrderMark = false } = options;
  const rows = rowsOf(frame);
  const cellText = cellWriter(options);
  const { separator } = withDefaults(options);
  const line = (names: readonly Cell[], cells: readonly Cell[]) => {
    const texts = [...names.map(cellText), ...cells.map(cellText)];
    // A line with nothing on it would be no row.
    return texts.length === 1 && texts[0] === "" ? '""' : texts.join(separator);
  };
  const indexName = typeof index === "string" ? index : "";
  const lines = [
    ...(header
      ? [headLine([...(index === false ? [] : [indexName]), ...frame.columns], separator)]
      : []),
    ...rows.map((row, r) =>
      line(
        index === false ? [] : [frame.index[r]],
        frame.columns.map((_, place) => row[place] ?? null),
      ),
    ),
  ];
  return `${byteOrderMark ? "\ufeff" : ""}${lines.map((each) => `${each}${newline}`).join("")}`;
}

/**
 * Writes a frame to a CSV file (UTF-8), as `toCsv` makes it. Others see the old file or the whole new
 * one, and never half of it; missing folders are made.
 *
 * @throws FrameError as `toCsv` does; Error where the file cannot be written, naming the cause
 *
 * @example
 * writeCsv(predictions, "results/predictions.csv", { index: "row" });
 */
export function writeCsv(frame: Frame, path: string, options: ToCsvOptions = {}): void {
  const csv = toCsv(frame, options);
  if (typeof path !== "string" || path === "") {
    throw new FrameError(
      `writeCsv was given ${nameOf(path)} as its file, but needs a path: writeCsv(frame, "results.csv").`,
    );
  }
  host.store.write(path, csv);
}

function withDefaults({ decimal = ".", separator, missing = "" }: ToCsvOptions) {
  return { decimal, separator: separator ?? (decimal === "," ? ";" : ","), missing };
}

const NAMES: OptionNames<ToCsvOptions> = {
  separator: true,
  decimal: true,
  missing: true,
  header: true,
  index: true,
  newline: true,
  byteOrderMark: true,
};

function checkOptions(options: ToCsvOptions): void {
  requireNames("toCsv", options, NAMES, { Thrown: FrameError });
  const { decimal, separator, missing } = withDefaults(options);
  const { newline = "\n" } = options;
  const refuse = (name: string, value: unknown, wanted: string) => {
    throw new FrameError(`toCsv() got ${name}: ${JSON.stringify(value)}. It must be ${wanted}.`);
  };
  if (!/^[^"\r\n\d\w.+-]$/.test(separator)) {
    refuse("separator", separator, 'one character that no number has, such as ";" or "\\t"');
  }
  if (decimal !== "." && decimal !== ",") {
    refuse("decimal", decimal, '"." or ","');
  }
  if (newline !== "\n" && newline !== "\r\n") {
    refuse("newline", newline, '"\\n" or "\\r\\n"');
  }
  if (typeof missing !== "string") {
    refuse("missing", missing, 'a text, such as "NA"');
  }
  const { header = true, index = false, byteOrderMark = false } = options;
  if (typeof header !== "boolean") {
    refuse("header", header, "true or false");
  }
  if (typeof index !== "boolean" && typeof index !== "string") {
    refuse("index", index, "true, false, or a name for the column of the rows' names");
  }
  if (typeof byteOrderMark !== "boolean") {
    refuse("byteOrderMark", byteOrderMark, "true or false");
  }
}

/** The names in quotation marks where a reader would take them for something else. */
function headLine(names: readonly string[], separator: string): string {
  const whole = names.map((name) =>
    // Excel takes a line sep=; at the beginning for the separator; readers drop blanks around names.
    /^(sep=|\ufeff|\s)|\s$/i.test(name) ? quoted(name) : protectedText(name, separator),
  );
  return whole.length === 1 && whole[0] === "" ? '""' : whole.join(separator);
}

function cellWriter(options: ToCsvOptions): (cell: Cell) => string {
  const { decimal, separator, missing } = withDefaults(options);
  const gap = protectedText(missing, separator);
  return (cell) => {
    if (isMissing(cell)) {
      return gap;
    }
    if (typeof cell === "number") {
      return protectedText(numberText(cell, decimal), separator);
    }
    if (typeof cell !== "string") {
      return String(cell);
    }
    if (cell === missing && missing !== "") {
      throw new FrameError(
        `A cell holds the text ${JSON.stringify(cell)}, which is also written for missing values. Pass another ` +
          'mark by missing, such as missing: "".',
      );
    }
    return cell === "" ? '""' : protectedText(cell, separator);
  };
}

function numberText(value: number, decimal: "." | ","): string {
  if (!Number.isFinite(value)) {
    return value > 0 ? "inf" : "-inf";
  }
  const text = Object.is(value, -0) ? "-0.0" : String(value);
  return decimal === "," ? text.replace(".", ",") : text;
}

/** A text that no reader takes apart, or for a comment. */
function protectedText(text: string, separator: string): string {
  return text.includes(separator) || /["\r\n]|^[#%\ufeff]|^\s+$/.test(text) ? quoted(text) : text;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
