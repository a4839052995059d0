import type { BatchNumbers, LossWeights, Rows } from "../engine";
import { sizeOf } from "../wholeSteps";
import { createFloat, type Handle } from "./operations";

// A batch's numbers as a recorded step reads them.

/** What each loss counts in the weighted mean, in parts of the batch. */
export function sharesOf({ values, sum }: LossWeights, N: number, parts: number): Handle[] {
  const T = values.length / N;
  const rows = Array.from({ length: N }, (_, n) =>
    Float64Array.from(values.subarray(n * T, (n + 1) * T), (weight) => weight / sum),
  );
  return inParts(rows, parts, Float32Array).map((part) => createFloat([part.length], part));
}

/** A batch's rows in parts of the batch, each in one row with time first. */
export function inParts<Numbers extends Int32Array | Float32Array>(
  rows: Rows,
  parts: number,
  Numbers: new (length: number) => Numbers,
): Numbers[] {
  const N = rows.length / parts;
  const T = rows[0].length;
  return Array.from({ length: parts }, (_, part) => {
    const ordered = new Numbers(T * N);
    for (let n = 0; n < N; n++) {
      const row = rows[part * N + n];
      for (let t = 0; t < T; t++) {
        ordered[t * N + n] = row[t];
      }
    }
    return ordered;
  });
}

/** All numbers of a batch in one row. */
export function flat(numbers: BatchNumbers): Float32Array {
  const rows = numbers.rows();
  const values = new Float32Array(sizeOf(numbers.shape));
  for (const [n, row] of rows.entries()) {
    values.set(row, n * row.length);
  }
  return values;
}
