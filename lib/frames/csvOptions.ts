import { type OptionNames, requireNames } from "../optionNames";
import { FrameError } from "./frame";

/** What a column holds. */
export type ColumnType = "number" | "text" | "boolean";

export interface CsvOptions {
  /**
   * Texts that stand for a missing value, in place of `missingMarks`. To add to these:
   * `missing: [...missingMarks, "?"]`. In columns of numbers a mark that is a number goes by its value:
   * "-99" is also -99.0.
   */
  missing?: readonly string[];
  /** What is between two cells, one character. Default: found out from `,`, `;`, tab and `|`. */
  separator?: string;
  /** The mark before decimal places. Default ".". */
  decimal?: "." | ",";
  /** The mark between groups of digits, one character, such as "." in 1.234,50. Default: none. */
  thousands?: string;
  /** Whether the first line names the columns. Default true; else they are named "0", "1", "2" ... */
  header?: boolean;
  /** Names of your own for all columns, in place of those in the file. */
  columns?: readonly string[];
  /** New names for some columns, by the old ones. */
  rename?: Readonly<Record<string, string>>;
  /**
   * Types of columns by their (new) names, or one for all. "text" keeps a cell as it is written: leading
   * zeros, phone numbers, long ids. "number" and "boolean" refuse what is none. Default: found out from
   * all cells of a column.
   */
  types?: ColumnType | Readonly<Record<string, ColumnType>>;
  /**
   * The column that names the rows: its name; `true` for the first one; `false` for none. Default: the
   * first one where it has no name, as pandas and R write it.
   */
  index?: string | boolean;
  /** What lines of comment begin with, such as "#". Default: there are none. */
  comment?: string;
  /** How many lines above the first one to leave out. Default 0. */
  skip?: number;
  /** A row with fewer cells than columns: "refuse" it, or "fill" it up with empty cells. Default "refuse". */
  shortRows?: "refuse" | "fill";
  /**
   * Rows in which nothing but separators stands: "keep" them, as pandas does, or "trim" those at the end
   * of the file, which Excel appends where cells were emptied. Default "keep".
   */
  emptyRows?: "keep" | "trim";
}

/** The texts that pandas takes for a missing value. */
export const missingMarks: readonly string[] = [
  "",
  "#N/A",
  "#N/A N/A",
  "#NA",
  "-1.#IND",
  "-1.#QNAN",
  "-NaN",
  "-nan",
  "1.#IND",
  "1.#QNAN",
  "<NA>",
  "N/A",
  "NA",
  "NULL",
  "NaN",
  "None",
  "n/a",
  "nan",
  "null",
];

const types = ["number", "text", "boolean"];

const NAMES: OptionNames<CsvOptions> = {
  missing: true,
  separator: true,
  decimal: true,
  thousands: true,
  header: true,
  columns: true,
  rename: true,
  types: true,
  index: true,
  comment: true,
  skip: true,
  shortRows: true,
  emptyRows: true,
};

const isText = (value: unknown) => typeof value === "string";
const isObject = (value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws FrameError for an option that is none of those that there are, or contradicts another */
export function checkCsvOptions(options: CsvOptions): void {
  requireNames("readCsv", options, NAMES, { Thrown: FrameError });
  const { separator, decimal = ".", thousands, comment, skip = 0, missing = [] } = options;
  const refuse = (name: string, value: unknown, wanted: string) => {
    throw new FrameError(`readCsv() got ${name}: ${JSON.stringify(value)}. It must be ${wanted}.`);
  };
  if (separator !== undefined && !(isText(separator) && /^[^"\r\n]$/.test(separator))) {
    refuse("separator", separator, 'one character, such as ";" or "\\t"');
  }
  if (decimal !== "." && decimal !== ",") {
    refuse("decimal", decimal, '"." or ","');
  }
  if (thousands !== undefined && !(isText(thousands) && /^[^\d\w+"\r\n-]$/.test(thousands))) {
    refuse("thousands", thousands, 'one character that is no digit or letter, such as "." or " "');
  }
  if (thousands === decimal) {
    refuse("thousands", thousands, `another mark than decimal: "${decimal}"`);
  }
  if (comment !== undefined && (typeof comment !== "string" || comment === "")) {
    refuse("comment", comment, 'the text that comments begin with, such as "#"');
  }
  if (!Number.isInteger(skip) || skip < 0) {
    refuse("skip", skip, "a number of lines, 0 or more");
  }
  if (!Array.isArray(missing) || !missing.every(isText)) {
    refuse("missing", missing, 'a list of texts, such as ["", "NA"] or ["-99"]');
  }
  const { header, index, columns, rename } = options;
  if (header !== undefined && typeof header !== "boolean") {
    refuse("header", header, "true or false: false where the first line has no names of columns");
  }
  if (index !== undefined && typeof index !== "boolean" && !isText(index)) {
    refuse("index", index, "the name of a column, true for the first one, or false for none");
  }
  if (columns !== undefined && !(Array.isArray(columns) && columns.every(isText))) {
    refuse("columns", columns, 'a list of names, such as ["a", "b"]');
  }
  if (rename !== undefined && !(isObject(rename) && Object.values(rename).every(isText))) {
    refuse("rename", rename, 'new names by the old ones, such as { old: "new" }');
  }
  const choices: [keyof CsvOptions, readonly unknown[]][] = [
    ["shortRows", ["refuse", "fill"]],
    ["emptyRows", ["keep", "trim"]],
  ];
  for (const [name, allowed] of choices) {
    const value = options[name];
    if (value !== undefined && !allowed.includes(value)) {
      refuse(name, value, allowed.map((each) => JSON.stringify(each)).join(" or "));
    }
  }
  if (options.types !== undefined && !isText(options.types) && !isObject(options.types)) {
    refuse(
      "types",
      options.types,
      'types by columns, such as { postcode: "text" }, or one for all',
    );
  }
  const named = typeof options.types === "string" ? [options.types] : options.types;
  for (const type of Object.values(named ?? {})) {
    if (!types.includes(type)) {
      refuse("types", options.types, `of ${types.join(", ")}`);
    }
  }
}
