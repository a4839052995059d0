import { tf } from "../../backend/tensorflow";
import { type Cell, type Frame, FrameError, isMissing, placeOf, rowsOf } from "./frame";

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
  { features, targets }: ToTensorsOptions,
): { x: tf.Tensor2D; y: tf.Tensor2D } {
  const [inputs, outputs] = [numbersOf(frame, features), numbersOf(frame, targets)];
  const rows = rowsOf(frame).length;
  return {
    x: tf.tensor2d(inputs, [rows, features.length]),
    y: tf.tensor2d(outputs, [rows, targets.length]),
  };
}

function numbersOf(frame: Frame, columns: readonly string[]): Float32Array {
  const rows = rowsOf(frame);
  if (columns.length === 0) throw new FrameError("No columns are named: name at least one.");
  const places = columns.map((column) => placeOf(frame, column));
  const numbers = new Float32Array(rows.length * places.length);
  const bad: string[] = [];
  rows.forEach((row, r) => {
    places.forEach((place, c) => {
      const cell = row[place] ?? null;
      const value = typeof cell === "boolean" ? Number(cell) : cell;
      if (typeof value === "number" && Number.isFinite(value))
        numbers[r * places.length + c] = value;
      else bad.push(`row ${frame.index[r]}, ${columns[c]}: ${cellName(cell)}`);
    });
  });
  if (bad.length > 0) throw notNumbers(bad);
  return numbers;
}

function cellName(cell: Cell): string {
  return isMissing(cell)
    ? "missing"
    : typeof cell === "number"
      ? String(cell)
      : JSON.stringify(cell);
}

function notNumbers(bad: string[]): FrameError {
  const more = bad.length > named ? `; and ${bad.length - named} more` : "";
  const advice = [
    ...(bad.some((each) => each.endsWith(": missing"))
      ? ["Drop rows with missing values by dropMissing(), or fill them by fillMissing()."]
      : []),
    ...(bad.some((each) => each.endsWith('"'))
      ? ["Make numbers of texts by oneHotEncoder()."]
      : []),
    ...(bad.some((each) => each.endsWith("Infinity")) ? ["Leave infinite values out."] : []),
  ];
  return new FrameError(
    `A tensor holds finite numbers only, but ${bad.length === 1 ? "one cell is" : `${bad.length} cells are`} ` +
      `none: ${bad.slice(0, named).join("; ")}${more}. ${advice.join(" ")}`,
  );
}
