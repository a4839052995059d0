import { DataFrame } from "./danfo";
import { type Cell, type Frame, FrameError, isMissing, rowsOf } from "./frame";

/**
 * A new frame of danfojs. What is missing in a column of numbers becomes NaN, elsewhere it is null:
 * danfojs, like JavaScript, computes with null as if it were 0, while a sum with NaN shows that
 * something was missing.
 *
 * @throws FrameError for no rows, which it cannot hold
 */
export function makeFrame(
  rows: readonly (readonly Cell[])[],
  { columns, index }: { columns: readonly string[]; index?: readonly (string | number)[] },
): DataFrame {
  if (rows.length === 0) {
    throw new FrameError("No row is left. Ask for less, or look at the rows that went in.");
  }
  const kinds = columns.map((_, place) => kindOf(rows, place));
  return new DataFrame(
    rows.map((row) =>
      kinds.map(({ gap }, place) => {
        const cell = row[place];
        return isMissing(cell) ? gap : cell!;
      }),
    ),
    {
      columns: [...columns],
      dtypes: kinds.map(({ type }) => type),
      ...(index === undefined ? {} : { index: [...index] }),
    },
  );
}

/** The frame with other cells: same columns, same names of rows. */
export function withCells(
  frame: Frame,
  change: (cell: Cell, place: number, row: number) => Cell,
): DataFrame {
  const rows = rowsOf(frame).map((row, r) =>
    frame.columns.map((_, place) => change(row[place] ?? null, place, r)),
  );
  return makeFrame(rows, frame);
}

/**
 * Which type danfojs is to give to a column, by all of its cells and not by the first ones only, and
 * what stands in it for a missing value. Whole numbers with gaps are of the type float32, since an
 * int32 tensor has no NaN.
 */
function kindOf(rows: readonly (readonly Cell[])[], place: number): { type: string; gap: Cell } {
  const found = { number: 0, string: 0, boolean: 0, missing: 0 };
  let [whole, notNumber] = [true, 0];
  for (const row of rows) {
    const cell = row[place];
    if (isMissing(cell)) {
      found.missing++;
      if (typeof cell === "number") {
        notNumber++;
      }
    } else {
      found[typeof cell as "number" | "string" | "boolean"]++;
      whole &&= Number.isInteger(cell) && Math.abs(cell as number) < 2 ** 31;
    }
  }
  const present = rows.length - found.missing;
  if (present === 0 ? notNumber > 0 : found.number === present) {
    return { type: whole && found.missing === 0 ? "int32" : "float32", gap: Number.NaN };
  }
  return { type: present > 0 && found.boolean === present ? "boolean" : "string", gap: null };
}
