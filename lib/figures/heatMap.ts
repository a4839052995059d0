import type { Data } from "plotly.js";
import { requireNames } from "../optionNames";
import {
  axis,
  colorBar,
  defaultHeight,
  type Figure,
  FigureError,
  plainText,
  styledFigure,
} from "./figure";
import { formatNumber, numberFormat, roundingOf, zHoverFormat } from "./numberFormat";
import { requireCount, requireNumbers } from "./numbers";

export interface HeatMapOptions {
  /** Default "Heat map". */
  title?: string;
  /** What the columns are. Default none. */
  xTitle?: string;
  /** What the rows are. Default none. */
  yTitle?: string;
  /** What the values are, with their unit. Default "value". */
  valueTitle?: string;
  /** A name for each column. Default: their numbers from 0. */
  columns?: readonly string[];
  /** A name for each row, from the top. Default: their numbers from 0. */
  rows?: readonly string[];
  /** Writes the values into the cells. Default: where there are at most 144. */
  showValues?: boolean;
  /** Of more cells, means of neighbours are drawn, with a note. Default 4000. */
  maxCells?: number;
}

/** Dark means little, bright much; alike for colour-blind readers (Nunez, Anderton and Renslow 2018). */
export const sequentialScale = "Cividis";

/** Blue below zero, orange above. */
const divergingScale: [number, string][] = [
  [0, "#0072B2"],
  [0.5, "#F2F2F2"],
  [1, "#D55E00"],
];

/**
 * A matrix as colours, its first row at the top: attention, activations by time, correlations. Where
 * values lie on both sides of zero, blue is below it and orange above.
 *
 * @param values shape (rows, columns), as a list of rows
 * @throws FigureError for no values, rows of different lengths, a value that is not finite, or names
 *   that do not match
 *
 * @example
 * show(heatMapFigure([[1, 0.2], [0.2, 1]], { rows: ["a", "b"], columns: ["a", "b"] }));
 */
export function heatMapFigure(
  values: readonly ArrayLike<number>[],
  options: HeatMapOptions = {},
): Figure {
  requireNames<HeatMapOptions>(
    "heatMapFigure",
    options,
    {
      title: true,
      xTitle: true,
      yTitle: true,
      valueTitle: true,
      columns: true,
      rows: true,
      showValues: true,
      maxCells: true,
    },
    { Thrown: FigureError },
  );
  const { title = "Heat map", xTitle = "", yTitle = "", valueTitle = "value" } = options;
  const { maxCells = 4000 } = options;
  requireCount("maxCells", maxCells);
  const { height, width, min, max } = requireMatrix(values, valueTitle);
  const rows = namesOf("rows", options.rows, height);
  const columns = namesOf("columns", options.columns, width);
  const block = blockSize(height, width, maxCells);
  const drawn = means(values, { height, width, block });
  const say = numberFormat([min.value, max.value]);
  const { showValues = height * width <= 144 } = options;
  const isDiverging = min.value < 0 && max.value > 0;
  const reach = Math.max(-min.value, max.value);
  const merged = block > 1 ? ` (a cell is the mean of ${block} × ${block})` : "";
  const data: Data = {
    type: "heatmap",
    z: drawn,
    x0: (block - 1) / 2,
    dx: block,
    y0: (block - 1) / 2,
    dy: block,
    colorscale: isDiverging ? divergingScale : sequentialScale,
    ...(isDiverging ? { zmin: -reach, zmax: reach } : {}),
    colorbar: colorBar(valueTitle),
    hovertemplate: "row %{y}, column %{x}: %{z}<extra></extra>",
    ...zHoverFormat([min.value, max.value]),
    ...(showValues && block === 1
      ? { text: values.map((row) => Array.from(row, say)), texttemplate: "%{text}" }
      : {}),
  } as unknown as Data;
  const place = (at: Cell) => `row ${rows[at.row]}, column ${columns[at.column]}`;
  return styledFigure({
    title,
    data: [data],
    layout: {
      height: heightFor(height, width),
      xaxis: matrixAxis(xTitle + merged, options.columns),
      yaxis: matrixAxis(yTitle, options.rows, { autorange: "reversed" }),
    },
    summary:
      `${title}: ${formatNumber(height)} rows by ${formatNumber(width)} columns; ${valueTitle} lowest ` +
      `${say(min.value)} at ${place(min)}, highest ${say(max.value)} at ${place(max)}, ` +
      `mean ${say(meanOf(values, height * width))}${merged}.`,
  });
}

interface Cell {
  row: number;
  column: number;
  value: number;
}

function requireMatrix(values: readonly ArrayLike<number>[], what: string) {
  if (!Array.isArray(values) || values.length === 0) {
    throw new FigureError(
      "There are no rows to draw. Pass the matrix as a list of rows: [[1, 2], [3, 4]]; of a tensor " +
        "`await tensor.array()`.",
    );
  }
  const width = (values[0] as ArrayLike<number> | undefined)?.length ?? 0;
  let min: Cell = { row: 0, column: 0, value: Number.POSITIVE_INFINITY };
  let max: Cell = { row: 0, column: 0, value: Number.NEGATIVE_INFINITY };
  values.forEach((list: ArrayLike<number>, row) => {
    requireNumbers(what, list, (column) => `in row ${row}, column ${column}`);
    if (list.length !== width) {
      throw new FigureError(
        `Row ${row} has ${list.length} values, but row 0 has ${width}. All rows of a matrix are alike.`,
      );
    }
    for (let column = 0; column < width; column++) {
      const value = list[column];
      if (value < min.value) {
        min = { row, column, value };
      }
      if (value > max.value) {
        max = { row, column, value };
      }
    }
  });
  return { height: values.length, width, min, max };
}

function namesOf(option: string, names: readonly string[] | undefined, count: number): string[] {
  if (names === undefined) {
    return Array.from({ length: count }, (_, i) => String(i));
  }
  if (names.length === count) {
    return [...names];
  }
  throw new FigureError(
    `There are ${names.length} names in \`${option}\`, but the matrix has ${count} ${option}. Pass one ` +
      "name each.",
  );
}

/** How many cells along each side are drawn as one. */
function blockSize(height: number, width: number, maxCells: number): number {
  let block = Math.max(1, Math.floor(Math.sqrt((height * width) / maxCells)));
  while (Math.ceil(height / block) * Math.ceil(width / block) > maxCells) {
    block += 1;
  }
  return block;
}

function means(
  values: readonly ArrayLike<number>[],
  { height, width, block }: { height: number; width: number; block: number },
): number[][] {
  const count = (length: number) => Math.ceil(length / block);
  const cells = Array.from({ length: count(height) }, (_, i) =>
    Array.from({ length: count(width) }, (_, j) => {
      let [sum, cells] = [0, 0];
      for (let row = i * block; row < Math.min(height, (i + 1) * block); row++) {
        for (let column = j * block; column < Math.min(width, (j + 1) * block); column++) {
          sum += values[row][column];
          cells += 1;
        }
      }
      return sum / cells;
    }),
  );
  const round = roundingOf(cells.flat(), { digits: 3 });
  return cells.map((row) => row.map(round));
}

function meanOf(values: readonly ArrayLike<number>[], count: number): number {
  let sum = 0;
  for (const row of values) {
    for (let i = 0; i < row.length; i++) {
      sum += row[i];
    }
  }
  return sum / count;
}

/** Cells about as tall as wide, within bounds. */
function heightFor(height: number, width: number): number {
  const square = 140 + Math.min(34, 560 / width) * height;
  return Math.round(Math.min(640, Math.max(0.7 * defaultHeight, square)));
}

/** An axis whose ticks are names, if there are not too many to read. */
export function matrixAxis(
  title: string,
  names: readonly string[] | undefined,
  options: Parameters<typeof axis>[1] = {},
): ReturnType<typeof axis> {
  const stride = names ? Math.ceil(names.length / 40) : 1;
  const shown = names?.map((_, i) => i).filter((i) => i % stride === 0);
  return axis(title, {
    showgrid: false,
    ...(names && shown ? { tickvals: shown, ticktext: shown.map((i) => plainText(names[i])) } : {}),
    ...options,
  });
}
