import os from "node:os";
import { compute, type Handle } from "./operations";
import { type Factors, type GradientPiece, ownWeightGradient } from "./ownProducts";
import { join, sum } from "./tensors";

// Gradients by weights in a recorded step: what each part of a batch contributes, and their sum.

/** What one part of a batch contributes: a tensor of the weight's shape, or the factors of one. */
export type WeightGradient = Handle | Factors;

/** Fewer multiplications than these are not worth a second core. */
const WORTH_A_CORE = 2 ** 20;
/** The fewest rows of a piece: each piece packs all of dz, which with fewer takes much of its time. */
const FEWEST_ROWS = 128;

/**
 * The sum of what the parts contribute, whole or in pieces of its rows. Where it is a product, no part
 * computes one of its own: the pieces are products over the rows of all parts.
 */
export function summedGradient(parts: WeightGradient[]): GradientPiece[] {
  const tensors = parts.filter((part): part is Handle => typeof part === "number");
  if (tensors.length > 0) {
    const gradient = sum(tensors);
    return [{ gradient, half: compute("L2Loss", [gradient]) }];
  }
  const all = joined(parts as Factors[]);
  return ownWeightGradient(all, piecesFor(all));
}

/** One weight's gradient in one tensor. */
export function wholeGradient(pieces: GradientPiece[]): Handle {
  return join(
    pieces.map(({ gradient }) => gradient),
    0,
  );
}

function joined(parts: Factors[]): Factors {
  return {
    xs: parts.flatMap(({ xs }) => xs),
    dzs: parts.flatMap(({ dzs }) => dzs),
    rows: parts[0].rows,
    work: parts.reduce((total, { work }) => total + work, 0),
  };
}

function piecesFor({ rows, work }: Factors): number {
  const most = Math.min(os.availableParallelism(), 8);
  return Math.max(
    1,
    Math.min(most, Math.floor(work / WORTH_A_CORE), Math.floor(rows / FEWEST_ROWS)),
  );
}
