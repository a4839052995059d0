import { escape as escapeHtml } from "html-escaper";
import { display } from "./display";
import { gridOf, TableError, type TableSource } from "./tableGrid";
import { tableHtml, tableText, viewOf } from "./tableView";

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
  const { caption, columns, maxRows = 20, maxColumns = 20, rowHeaders } = options;
  for (const [name, limit] of Object.entries({ maxRows, maxColumns })) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new TableError(`${name} is ${limit}, but must be a whole number from 1 up.`);
    }
  }
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
