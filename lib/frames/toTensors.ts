import { tf } from "../engine/tensorflow";
import { requireNames } from "../optionNames";
import { adviceForCell, cellName } from "./columnNumbers";
import {
  type Cell,
  cellsOf,
  type Frame,
  FrameError,
  isMissing,
  requireColumns,
  rowsOf,
} from "./frame";
import { isNumberText } from "./numberText";

export interface ToTensorsOptions {
  /** The columns that the network reads. */
  features: readonly string[];
  /** The columns that it is to predict. */
  targets: readonly string[];
}

/** How many bad cells an error names. */
const named = 5;

/**
 * Makes tensors of columns, and refuses what is no number (danfojs's own `tensor` takes null for 0).
 *
 * @returns x of the shape [rows, features] and y of the shape [rows, targets], both float32; true counts
 *   as 1 and false as 0. Dispose of them when they are no longer needed
 * @throws FrameError for missing values, texts and infinities, naming rows and columns
 *
 * @example
 * const { x, y } = toTensors(training, { features: ["weight", "horsepower"], targets: ["mpg"] });
 */
export function toTensors(
  frame: Frame,
  options: ToTensorsOptions,
): { x: tf.Tensor2D; y: tf.Tensor2D } {
  requireNames<ToTensorsOptions>(
    "toTensors",
    options,
    { features: true, targets: true },
    { Thrown: FrameError },
  );
  const features = requireColumns("features of toTensors", options.features);
  const targets = requireColumns("targets of toTensors", options.targets);
  const [inputs, outputs] = [numbersOf(frame, features), numbersOf(frame, targets)];
  const rows = rowsOf(frame).length;
  return {
    x: tf.tensor2d(inputs, [rows, features.length]),
    y: tf.tensor2d(outputs, [rows, targets.length]),
  };
}

/** A cell that no tensor can hold. */
interface BadCell {
  row: number;
  column: string;
  cell: Cell;
}

function numbersOf(frame: Frame, columns: readonly string[]): Float32Array {
  if (columns.length === 0) {
    throw new FrameError("No columns are named: name at least one.");
  }
  const numbers = new Float32Array(rowsOf(frame).length * columns.length);
  const bad: BadCell[] = [];
  for (const [c, column] of columns.entries()) {
    const texts: BadCell[] = [];
    for (const [row, cell] of cellsOf(frame, column).entries()) {
      const value = typeof cell === "boolean" ? Number(cell) : cell;
      // Float32 holds numbers up to 3.4e38: what is beyond becomes infinite in it.
      if (typeof value === "number" && Number.isFinite(Math.fround(value))) {
        numbers[row * columns.length + c] = value;
      } else {
        (typeof value === "string" ? texts : bad).push({ row, column, cell });
      }
    }
    // A single mark makes texts of a whole column: then that is bad, and not the good numbers.
    const odd = texts.filter(({ cell }) => !isNumberText(cell as string));
    bad.push(...(odd.length > 0 ? odd : texts));
  }
  if (bad.length > 0) {
    throw notNumbers(
      frame,
      bad.sort((a, b) => a.row - b.row),
    );
  }
  return numbers;
}

function notNumbers(frame: Frame, bad: readonly BadCell[]): FrameError {
  const shown = bad
    .slice(0, named)
    .map(({ row, column, cell }) => `row ${frame.index[row]}, ${column}: ${cellName(cell)}`);
  const more = bad.length > named ? `; and ${bad.length - named} more` : "";
  const text = bad.find(({ cell }) => typeof cell === "string");
  const advice = [
    ...(bad.some(({ cell }) => isMissing(cell))
      ? ["Drop rows with missing values by dropMissing(), or fill them by fillMissing()."]
      : []),
    ...(text === undefined
      ? []
      : [adviceForCell(cellsOf(frame, text.column), text.row, text.column)]),
    ...(bad.some(({ cell }) => typeof cell === "number" && !Number.isNaN(cell))
      ? ["Leave infinite values out, and those above 3.4e38."]
      : []),
  ];
  return new FrameError(
    `A tensor holds finite numbers only, but ${bad.length === 1 ? "one cell is" : `${bad.length} cells are`} ` +
      `none: ${shown.join("; ")}${more}. ${advice.join(" ")}`,
  );
}
