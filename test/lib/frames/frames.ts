import { DataFrame } from "danfojs-node";
import fc from "fast-check";
import type { Cell, Frame } from "../../../lib/frames";

export const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e4, max: 1e4 });
export const missing = fc.constantFrom<Cell>(null, Number.NaN);

/** A frame of danfojs with columns of numbers, some missing, and one of categories. */
export const frames = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 4, arbitrary: finite }, { weight: 1, arbitrary: missing }),
      finite,
      fc.constantFrom("Adelie", "Gentoo", "Chinstrap"),
    ),
    { minLength: 2, maxLength: 30 },
  )
  .map((rows) => frameOf(rows, ["holey", "whole", "species"]));

export function frameOf(rows: readonly (readonly Cell[])[], columns: string[]): DataFrame {
  const index = rows.map((_, i) => 10 * i);
  return new DataFrame(
    rows.map((row) => [...row]),
    { columns, index },
  );
}

export function columnOf(frame: Frame, name: string): Cell[] {
  const place = frame.columns.indexOf(name);
  return (frame.values as Cell[][]).map((row) => row[place]!);
}

/** All that could be changed in a frame. */
export function contentOf({ columns, index, values }: Frame): unknown {
  return structuredClone({ columns, index, values });
}
