import { tf } from "../engine/tensorflow";
import { KareninaError, nameOf } from "../errors";

/** Rows as objects by column name, or as lists with the columns named in the options. */
export type TableRows = readonly object[] | readonly (readonly unknown[])[];

/** A data frame or a series of danfojs, as far as it is used here. */
export interface FrameLike {
  readonly columns: readonly string[];
  readonly index: readonly (string | number)[];
  readonly values: unknown;
}

/** What a table can show. */
export type TableSource =
  | TableRows
  | tf.Tensor
  | FrameLike
  | ReadonlyMap<unknown, unknown>
  | ArrayLike<number | string | boolean>
  | Readonly<Record<string, unknown>>;

/** A source as columns and rows, before any is left out. */
export interface Grid {
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
  /** Names of the rows, where they have any. */
  rowNames?: readonly string[];
  /** Which of `columns` names the rows, where one does. */
  nameColumn?: number;
  /** What the table does not show by itself: a tensor's shape and type, a frame's size. */
  note?: string;
}

/** Thrown for something that is no table; the message says what to pass. */
export class TableError extends KareninaError {
  override name = "TableError";
  readonly code = "bad-table";
}

const advice =
  "Pass a list of objects, one a row: table([{ step: 1, loss: 4.9 }]); or a tensor, a data frame, a Map.";

/** Lays anything that `table` takes out in columns and rows. */
export function gridOf(source: TableSource, columns?: readonly string[]): Grid {
  if (typeof source !== "object" || source === null) {
    throw new TableError(`There are no rows to show in ${nameOf(source)}. ${advice}`);
  }
  if (source instanceof tf.Tensor) {
    return named(tensorGrid(source), columns);
  }
  if (isFrame(source)) {
    return frameGrid(source, columns);
  }
  if (source instanceof Map) {
    if (source.size === 0) {
      throw new TableError(`There are no rows to show. ${advice}`);
    }
    const rows = [...source].map(([key, value]) => [
      key,
      ...(Array.isArray(value) ? value : [value]),
    ]);
    return { ...listGrid(rows, columns ?? ["key", "value"]), nameColumn: 0 };
  }
  if (ArrayBuffer.isView(source) && "length" in source) {
    return numberGrid(source, columns);
  }
  if (Array.isArray(source)) {
    return rowsGrid(source, columns);
  }
  if (Object.keys(source).length === 0) {
    throw new TableError(`There are no rows to show. ${advice}`);
  }
  return { ...listGrid(Object.entries(source), columns ?? ["name", "value"]), nameColumn: 0 };
}

function isFrame(source: object): source is FrameLike {
  const { columns, index, values } = source as Partial<FrameLike>;
  return Array.isArray(columns) && Array.isArray(index) && Array.isArray(values);
}

function named(grid: Grid, columns?: readonly string[]): Grid {
  if (columns === undefined) {
    return grid;
  }
  if (columns.length !== grid.columns.length) {
    throw new TableError(
      `The option columns names ${columns.length} columns, but the tensor has ${grid.columns.length}.`,
    );
  }
  return { ...grid, columns };
}

/** Of more than two axes the first matrix is shown: [0, 0, ..., :, :]. */
function tensorGrid(tensor: tf.Tensor): Grid {
  const { shape, rank, dtype } = tensor;
  const about = `tensor of the shape [${shape.join(", ")}], ${dtype}`;
  if (tensor.isDisposed) {
    throw new TableError(`The ${about}, is disposed: its numbers are gone.`);
  }
  if (tensor.size === 0) {
    throw new TableError(`The ${about}, has no elements to show.`);
  }
  const columnCount = rank < 2 ? 1 : shape[rank - 1];
  const rowCount = rank === 0 ? 1 : rank === 1 ? shape[0] : shape[rank - 2];
  const size = shape.map((length, axis) => (axis < rank - 2 ? 1 : length));
  const matrix = rank > 2 ? tf.slice(tensor, new Array(rank).fill(0), size) : tensor;
  const values = Array.from<unknown>(matrix.dataSync());
  if (matrix !== tensor) {
    matrix.dispose();
  }
  const read = (value: unknown) => (dtype === "bool" ? Boolean(value) : value);
  const rows = count(rowCount).map((row) =>
    count(columnCount).map((column) => read(values[row * columnCount + column])),
  );
  const slice = [...count(rank - 2).map(() => "0"), ":", ":"].join(", ");
  return {
    columns: rank < 2 ? ["value"] : count(columnCount).map(String),
    rows,
    ...(rank > 0 ? { rowNames: count(rowCount).map(String) } : {}),
    note: rank > 2 ? `${about}; here [${slice}]` : about,
  };
}

function count(length: number): number[] {
  return Array.from({ length: Math.max(0, length) }, (_, i) => i);
}

function frameGrid(frame: FrameLike, wanted?: readonly string[]): Grid {
  const values = frame.values as unknown[];
  const rows = values.map((row) => (Array.isArray(row) ? row : [row]) as unknown[]);
  const columns = wanted ?? frame.columns;
  requireColumns(columns, frame.columns, "The data frame has no");
  const places = columns.map((column) => frame.columns.indexOf(column));
  const size = `${rows.length} ${rows.length === 1 ? "row" : "rows"}, ${frame.columns.length} `;
  return {
    columns,
    rows: rows.map((row) => places.map((place) => row[place])),
    rowNames: frame.index.map(String),
    note: `${size}${frame.columns.length === 1 ? "column" : "columns"}`,
  };
}

function numberGrid(values: unknown, columns: readonly string[] = ["value"]): Grid {
  const list = Array.from(values as ArrayLike<unknown>);
  if (list.length === 0) {
    throw new TableError(`There are no rows to show. ${advice}`);
  }
  const rows = list.map((value) => [value]);
  return { columns, rows, rowNames: rows.map((_, i) => String(i)) };
}

function rowsGrid(rows: readonly unknown[], wanted?: readonly string[]): Grid {
  if (rows.length === 0) {
    throw new TableError(`There are no rows to show. ${advice}`);
  }
  if (rows.every((row) => Array.isArray(row) || ArrayBuffer.isView(row))) {
    return listGrid(
      rows.map((row) => Array.from(row as ArrayLike<unknown>)),
      wanted,
    );
  }
  if (rows.every((row) => typeof row !== "object" || row === null)) {
    return numberGrid(rows, wanted);
  }
  const odd = rows.findIndex((row) => typeof row !== "object" || row === null);
  if (odd >= 0) {
    throw new TableError(
      `Row ${odd} is ${String(rows[odd])} and not an object as others are. ${advice}`,
    );
  }
  const objects = rows as readonly Record<string, unknown>[];
  const known = [...new Set(objects.flatMap((row) => Object.keys(row)))];
  if (known.length === 0) {
    throw new TableError(`The rows have no columns. ${advice}`);
  }
  const columns = wanted ?? known;
  requireColumns(columns, known, "No row has a");
  return { columns, rows: objects.map((row) => columns.map((column) => row[column])) };
}

function listGrid(rows: readonly (readonly unknown[])[], wanted?: readonly string[]): Grid {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const columns = wanted ?? count(width).map(String);
  return { columns, rows: rows.map((row) => columns.map((_, i) => row[i])) };
}

function requireColumns(
  wanted: readonly string[],
  known: readonly string[],
  complaint: string,
): void {
  for (const column of wanted) {
    if (!known.includes(column)) {
      throw new TableError(`${complaint} column "${column}". There are: ${known.join(", ")}.`);
    }
  }
}
