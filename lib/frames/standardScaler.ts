import type { DataFrame } from "danfojs-node";
import { numbersIn } from "./columnNumbers";
import { type Frame, FrameError, placeOf, requireColumns, rowsOf } from "./frame";
import { withCells } from "./makeFrame";
import { deviation, mean } from "./statistics";

/** Means and deviations that were learnt from training data. */
export interface StandardScaler {
  /** The means by column. */
  readonly means: Readonly<Record<string, number>>;
  /** The standard deviations by column, with n. */
  readonly deviations: Readonly<Record<string, number>>;
  /** A copy of a frame with z = (value - mean) / deviation in these columns; what is missing stays so. */
  transform(frame: Frame): DataFrame;
  /** The way back from z to values, such as from a network's predictions. */
  restore(frame: Frame): DataFrame;
}

/**
 * Learns to bring columns to mean 0 and deviation 1, so that no input outweighs the others merely by its
 * unit (LeCun et al. 1998, "Efficient BackProp", section 4.3). Learn from the training part and
 * transform all parts by it: the others must not be known before.
 *
 * @throws FrameError for an unknown column, one that holds no numbers or an infinite one, or one whose values are all the
 *   same, which has no deviation
 *
 * @example
 * const scaler = standardScaler(training, ["weight", "horsepower"]);
 * const [z, zTest] = [scaler.transform(training), scaler.transform(test)];
 */
export function standardScaler(training: Frame, columns: readonly string[]): StandardScaler {
  rowsOf(training);
  requireColumns("standardScaler", columns);
  const means: Record<string, number> = {};
  const deviations: Record<string, number> = {};
  for (const column of columns) {
    const values = numbersIn(training, column);
    if (values.every((value) => value === values[0])) {
      throw new FrameError(
        `The column "${column}" is ${values[0]} in all rows: its deviation is 0, and it tells a network ` +
          "nothing. Leave it out.",
      );
    }
    means[column] = mean(values);
    deviations[column] = deviation(values, 0);
  }
  const each = (frame: Frame, change: (value: number, column: string) => number) => {
    rowsOf(frame);
    const places = new Map(columns.map((column) => [placeOf(frame, column), column]));
    for (const column of columns) {
      numbersIn(frame, column);
    }
    return withCells(frame, (cell, place) => {
      const column = places.get(place);
      return column === undefined || typeof cell !== "number" ? cell : change(cell, column);
    });
  };
  return {
    means,
    deviations,
    transform: (frame) => each(frame, (x, name) => (x - means[name]) / deviations[name]),
    restore: (frame) => each(frame, (z, name) => z * deviations[name] + means[name]),
  };
}
