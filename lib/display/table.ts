import { escape as escapeHtml } from "html-escaper";
import { formatNumber, numberFormat } from "../figures/numberFormat";
import { type OptionNames, requireNames } from "../optionNames";
import { requireWhole } from "../options";
import { display } from "./display";
import { type Grid, gridOf, TableError, type TableSource } from "./tableGrid";

export interface TableOptions {
  /** Stands above the table. */
  caption?: string;
  /**
   * Which columns, in which order; of lists, tensors and Maps their names. Default: all, in the order
   * in which the rows bring them up.
   */
  columns?: readonly string[];
  /** How many rows are shown, the first and the last ones. Default 20. */
  maxRows?: number;
  /** How many columns are shown, the first and the last ones. Default 20. */
  maxColumns?: number;
  /** The first column names the rows. Default: false; of Maps and single objects true. */
  rowHeaders?: boolean;
}

const NAMES: OptionNames<TableOptions> = {
  caption: true,
  columns: true,
  maxRows: true,
  maxColumns: true,
  rowHeaders: true,
};

/**
 * Shows a table that screen readers can walk, with a text twin for terminals: rows as objects or lists,
 * a history, a list of numbers, a Map or an object (a row for each entry), a danfojs data frame or
 * series, a tensor (of more than two axes the first matrix). Numbers stand to the right; what is
 * missing in a row is blank; of many rows and columns the first and the last are shown.
 *
 * @throws TableError for no rows, a column that no row has, or a limit below 1
 *
 * @example
 * table([{ model: "bigram", loss: 2.51 }, { model: "LSTM", loss: 1.62 }], { caption: "Held-out loss" });
 */
export function table(source: TableSource, options: TableOptions = {}): void {
  requireNames("table", options, NAMES, { Thrown: TableError });
  const { caption, columns, maxRows = 20, maxColumns = 20, rowHeaders } = options;
  requireWhole({ maxRows, maxColumns }, 1, { Thrown: TableError });
  const { nameColumn, ...grid } = gridOf(source, columns);
  const named = grid.rowNames === undefined && (rowHeaders ?? nameColumn !== undefined);
  const view = viewOf(named ? { ...grid, nameColumn: 0 } : grid, { maxRows, maxColumns });
  const whole = caption === undefined ? view : { ...view, caption };
  display({ "text/html": tableHtml(whole), "text/plain": tableText(whole) });
}

/** Shows a text as it stands, line ends and spaces included: a sample, a listing. */
export function preformatted(text: string, { title }: { title?: string } = {}): void {
  const heading = title === undefined ? "" : `<b>${escapeHtml(title)}</b>`;
  display({
    "text/html": `<div>${heading}<pre style="white-space: pre-wrap">${escapeHtml(text)}</pre></div>`,
    "text/plain": title === undefined ? text : `${title}\n${text}`,
  });
}

/** A table as texts, with what is too much left out. */
interface TableView {
  caption?: string;
  note?: string;
  heads: readonly string[];
  /** Texts by row; undefined stands for rows that are left out. */
  rows: readonly (readonly string[] | undefined)[];
  /** Says how many rows are left out. */
  gap: string;
  /** Which columns hold numbers. */
  numeric: readonly boolean[];
  /** The column whose cells name the rows; -1 without one. */
  nameColumn: number;
}

interface Limits {
  maxRows: number;
  maxColumns: number;
}

/** Texts of the first and the last rows and columns. */
function viewOf(grid: Grid, { maxRows, maxColumns }: Limits): TableView {
  const columns = shown(grid.columns.length, maxColumns);
  const rowsShown = shown(grid.rows.length, maxRows);
  const hasNames = grid.rowNames !== undefined;
  const isNumber = (value: unknown): value is number => typeof value === "number";
  // Numbers of a column that differ by little have digits enough to be distinguished.
  const formats = columns.map((c) =>
    numberFormat(
      rowsShown.flatMap((row) =>
        c === undefined || row === undefined ? [] : [grid.rows[row][c]].filter(isNumber),
      ),
    ),
  );
  const cellsOf = (row: number) => {
    const cells = columns.map((c, i) =>
      c === undefined ? "…" : cellText(grid.rows[row][c], formats[i]),
    );
    return hasNames ? [grid.rowNames![row], ...cells] : cells;
  };
  const rows = rowsShown.map((row) => (row === undefined ? undefined : cellsOf(row)));
  const heads = columns.map((c) => (c === undefined ? "…" : grid.columns[c]));
  const hidden = grid.columns.length - columns.filter((c) => c !== undefined).length;
  const left = hidden > 0 ? `${formatNumber(hidden)} of the columns are not shown` : undefined;
  const note = [grid.note, left].filter((part) => part !== undefined).join("; ");
  const count = grid.rows.length - rowsShown.filter((row) => row !== undefined).length;
  const allHeads = hasNames ? ["", ...heads] : heads;
  const named = columns.indexOf(grid.nameColumn);
  return {
    ...(note === "" ? {} : { note }),
    heads: allHeads,
    rows,
    gap: `... ${formatNumber(count)} more ${count === 1 ? "row" : "rows"} ...`,
    numeric: allHeads.map((_, i) => isNumeric(rows.map((row) => row?.[i] ?? ""))),
    nameColumn: hasNames ? 0 : grid.nameColumn === undefined ? -1 : named,
  };
}

/** The first and the last indices, with undefined in the gap. */
function shown(length: number, most: number): (number | undefined)[] {
  const all = Array.from({ length }, (_, i) => i);
  if (length <= most) {
    return all;
  }
  return [
    ...all.slice(0, Math.ceil(most / 2)),
    undefined,
    ...all.slice(length - Math.floor(most / 2)),
  ];
}

function cellText(value: unknown, format: (value: number) => string): string {
  if (value === undefined) {
    return "";
  }
  if (typeof value === "number") {
    // 2007 may be a year: thousands are set off from five digits on.
    return Math.abs(value) < 10_000 ? format(value).replace(",", "") : format(value);
  }
  if (ArrayBuffer.isView(value)) {
    return JSON.stringify(Array.from(value as Float32Array));
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (typeof value === "object" && value !== null) {
    return JSON.stringify(value);
  }
  return String(value);
}

const numberText = /^[-−+]?(\d[\d,]*(\.\d+)?(e[-+]?\d+)?|Infinity|NaN)( ?%)?$/;
const missingText = /^(|null|NaN|…)$/;

/** Whether all that stands in a column is a number, also where it was made a text before. */
function isNumeric(texts: readonly string[]): boolean {
  return (
    texts.every((text) => missingText.test(text) || numberText.test(text)) &&
    texts.some((text) => numberText.test(text))
  );
}

/** A table that screen readers can walk. */
function tableHtml(view: TableView): string {
  const { caption, note, heads, rows, numeric, nameColumn } = view;
  const style = (i: number) => ` style="text-align: ${numeric[i] ? "right" : "left"}"`;
  const captions = [
    ...(caption === undefined ? [] : [escapeHtml(caption)]),
    ...(note === undefined ? [] : [`<small>${escapeHtml(note)}</small>`]),
  ];
  const head = heads.map((name, i) =>
    name === "" ? "<td></td>" : `<th scope="col"${style(i)}>${escapeHtml(name)}</th>`,
  );
  const body = rows.map((row) => {
    if (row === undefined) {
      return `<tr><td colspan="${heads.length}" style="text-align: left">${view.gap}</td></tr>`;
    }
    const cells = row.map((text, i) =>
      i === nameColumn
        ? `<th scope="row"${style(i)}>${escapeHtml(text)}</th>`
        : `<td${style(i)}>${escapeHtml(text)}</td>`,
    );
    return `<tr>${cells.join("")}</tr>`;
  });
  const title = captions.length === 0 ? "" : `<caption>${captions.join("<br>")}</caption>`;
  return (
    `<table>${title}<thead><tr>${head.join("")}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table>`
  );
}

/** The same for terminals. */
function tableText(view: TableView): string {
  const { caption, note, heads, rows, numeric } = view;
  const widths = heads.map((name, i) =>
    rows.reduce((width, row) => Math.max(width, (row?.[i] ?? "").length), name.length),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => (numeric[i] ? text.padStart(widths[i]) : text.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  return [
    ...(caption === undefined ? [] : [caption]),
    ...(note === undefined ? [] : [note]),
    line(heads),
    widths.map((width) => "-".repeat(width)).join("  "),
    ...rows.map((row) => (row === undefined ? view.gap : line(row))),
  ].join("\n");
}
