import type { BatchNumbers, LossWeights } from "../engine";
import { type BatchSizes, sizeOf } from "../wholeSteps";
import type { Program } from "./program";
import type { Signal } from "./signals";

// A batch in a program. Batches come example by example; the program has time first.

/** The input of a step: codes, or numbers [T, N, D] or [N, D]. */
export function writeInput(
  program: Program,
  x: BatchNumbers,
  { x: shape, xType }: BatchSizes,
): Signal {
  const [N, T] = shape;
  if (xType === "int32") {
    const leading = shape.length === 1 ? [N] : [T, N];
    return { kind: "indices", at: writeCodes(program, x, sizeOf(leading)), leading };
  }
  const D = shape[shape.length - 1];
  const leading = shape.length === 2 ? [N] : [T, N];
  const steps = shape.length === 2 ? 1 : T;
  const at = program.floats(N * steps * D, (into) => {
    for (const [n, row] of x.rows().entries()) {
      for (let t = 0; t < steps; t++) {
        const to = (t * N + n) * D;
        for (let d = 0; d < D; d++) {
          into[to + d] = row[t * D + d];
        }
      }
    }
  });
  return { kind: "values", at, leading, D };
}

/** The labels of a step's losses. */
export function writeLabels(program: Program, y: BatchNumbers, { rows }: BatchSizes): number {
  return writeCodes(program, y, sizeOf(rows));
}

/** What each loss counts in the mean, or what all of them count. */
export function writeShares(program: Program, { rows }: BatchSizes, weights?: LossWeights): number {
  if (!weights) {
    return program.floats(1, (into) => into.fill(1 / sizeOf(rows)));
  }
  const { values, sum } = weights;
  const [N, T = 1] = rows;
  return program.floats(values.length, (into) => {
    for (let n = 0; n < N; n++) {
      for (let t = 0; t < T; t++) {
        into[t * N + n] = values[n * T + t] / sum;
      }
    }
  });
}

function writeCodes(program: Program, codes: BatchNumbers, count: number): number {
  return program.ints(count, (into) => {
    const rows = codes.rows();
    for (const [n, row] of rows.entries()) {
      for (let t = 0; t < row.length; t++) {
        into[t * rows.length + n] = row[t];
      }
    }
  });
}
