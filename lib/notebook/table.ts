import { escape as escapeHtml } from "html-escaper";
import { formatNumber } from "../figures/numbers";
import { display } from "./display";

export interface TableOptions {
  /** Stands above the table. */
  caption?: string;
  /** Which columns, in which order. Default: all, in the order in which the rows bring them up. */
  columns?: readonly string[];
  /** How many rows are shown, the first and the last ones. Default 20. */
  maxRows?: number;
  /** The first column names the rows. Default false. */
  rowHeaders?: boolean;
}

/** Thrown for something that is no table; the message says what to pass. */
export class TableError extends Error {
  override name = "TableError";
}

/** Rows as objects by column name, or as lists with the columns named in the options. */
export type TableRows = readonly object[] | readonly (readonly unknown[])[];

/**
 * Shows rows as a table that screen readers can walk, with a text twin for terminals.
 *
 * @throws TableError for no rows, or a column that no row has
 *
 * @example
 * table([{ model: "bigram", loss: 2.51 }, { model: "LSTM", loss: 1.62 }], { caption: "Held-out loss" });
 */
export function table(rows: TableRows, options: TableOptions = {}): void {
  const { columns, cells, hidden } = tableCells(rows, options);
  const { caption } = options;
  display({
    "text/html": tableHtml({ ...options, columns, cells, hidden }),
    "text/plain":
      (caption === undefined ? "" : `${caption}\n`) + tableText({ columns, cells, hidden }),
  });
}

/** Shows a text as it stands, line ends and spaces included: a sample, a listing. */
export function preformatted(text: string, { title }: { title?: string } = {}): void {
  const heading = title === undefined ? "" : `<b>${escapeHtml(title)}</b>`;
  display({
    "text/html": `<div>${heading}<pre style="white-space: pre-wrap">${escapeHtml(text)}</pre></div>`,
    "text/plain": title === undefined ? text : `${title}\n${text}`,
  });
}

interface Cells {
  columns: readonly string[];
  /** Texts, and whether each stands for a number. */
  cells: { text: string; isNumber: boolean }[][];
  /** Rows left out in the middle, and before which row of `cells` they would stand. */
  hidden: { count: number; before: number };
}

function tableCells(rows: TableRows, options: TableOptions): Cells {
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new TableError(
      "There are no rows to show. Pass a list of objects, one a row: table([{ step: 1, loss: 4.9 }]).",
    );
  }
  const { maxRows = 20 } = options;
  const columns = options.columns ?? columnNames(rows);
  for (const column of options.columns ?? []) {
    if (!Array.isArray(rows[0]) && !rows.some((row) => column in row)) {
      const known = columnNames(rows).join(", ");
      throw new TableError(`No row has a column "${column}". There are: ${known}.`);
    }
  }
  const head = Math.ceil(maxRows / 2);
  const tail = Math.floor(maxRows / 2);
  const count = Math.max(0, rows.length - maxRows);
  const shown = count === 0 ? rows : [...rows.slice(0, head), ...rows.slice(rows.length - tail)];
  const cells = shown.map((row: object | readonly unknown[]) =>
    columns.map((column, index) => {
      const value = Array.isArray(row) ? row[index] : (row as Record<string, unknown>)[column];
      return { text: cellText(value), isNumber: typeof value === "number" };
    }),
  );
  return { columns, cells, hidden: { count, before: head } };
}

function columnNames(rows: TableRows): string[] {
  if (Array.isArray(rows[0])) return rows[0].map((_, index) => String(index));
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  return [...names];
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "object" && !(value instanceof Date)) return JSON.stringify(value);
  return String(value);
}

function tableHtml(parts: Cells & TableOptions): string {
  const { columns, cells, hidden, caption, rowHeaders = false } = parts;
  const heads = columns.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("");
  const rows = cells.map((row) => {
    const inner = row.map(({ text, isNumber }, index) => {
      const style = isNumber ? ' style="text-align: right"' : ' style="text-align: left"';
      if (rowHeaders && index === 0) return `<th scope="row"${style}>${escapeHtml(text)}</th>`;
      return `<td${style}>${escapeHtml(text)}</td>`;
    });
    return `<tr>${inner.join("")}</tr>`;
  });
  if (hidden.count > 0) {
    const note = `<tr><td colspan="${columns.length}">${hiddenText(hidden.count)}</td></tr>`;
    rows.splice(hidden.before, 0, note);
  }
  const title = caption === undefined ? "" : `<caption>${escapeHtml(caption)}</caption>`;
  return `<table>${title}<thead><tr>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function tableText({ columns, cells, hidden }: Cells): string {
  const widths = columns.map((name, index) =>
    cells.reduce((width, row) => Math.max(width, row[index]!.text.length), name.length),
  );
  const line = (texts: readonly { text: string; isNumber: boolean }[]) =>
    texts
      .map(({ text, isNumber }, i) =>
        isNumber ? text.padStart(widths[i]!) : text.padEnd(widths[i]!),
      )
      .join("  ")
      .trimEnd();
  const numeric = columns.map((_, index) => cells.some((row) => row[index]!.isNumber));
  const lines = cells.map(line);
  if (hidden.count > 0) lines.splice(hidden.before, 0, hiddenText(hidden.count));
  const heads = line(columns.map((text, i) => ({ text, isNumber: numeric[i]! })));
  return [heads, widths.map((width) => "-".repeat(width)).join("  "), ...lines].join("\n");
}

function hiddenText(count: number): string {
  return `... ${formatNumber(count)} more ${count === 1 ? "row" : "rows"} ...`;
}
