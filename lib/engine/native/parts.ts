import os from "node:os";
import { add, concat, split } from "./matrices";
import type { Handle } from "./operations";

// A graph computes parts of a batch side by side, one on each core. Rows of a batch do not know of each
// other: only the order changes in which gradients by the weights are summed.

/** Into how many parts a batch of N is cut: at most one for each core, none of less than 8 rows. */
export function partsFor(N: number): number {
  let parts = 1;
  while (parts * 2 <= os.availableParallelism() && N % (parts * 2) === 0 && N / parts >= 16) {
    parts *= 2;
  }
  return parts;
}

/** Cuts a tensor along an axis. */
export function cut(tensor: Handle, parts: number, axis: number): Handle[] {
  return parts > 1 ? split(tensor, parts, axis) : [tensor];
}

/** Puts the parts of a tensor together again. */
export function join(parts: Handle[], axis: number): Handle {
  return parts.length > 1 ? concat(parts, axis) : parts[0];
}

/** The sum of what each part contributes. */
export function sum(parts: Handle[]): Handle {
  return parts.reduce(add);
}
