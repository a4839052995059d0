import type { Activation } from "../engine";
import { activationNumber } from "../kernelNumbers";
import { compute, computeAll, type Handle, intAttribute, zeros } from "./operations";
import { ownOperations } from "./ownOperations";

// Products of matrices by the library's own operations, for graphs. They pay where TensorFlow's are slow. In
// GFLOP/s of a core that does 110, theirs and own, at the sizes of the bench's workloads:
//
//                       AVX2                 AVX-512
//     x W               72 to 105, 84 to 97  100, 80 to 103
//     dz Wᵀ             47 to 90, 80 to 98   62 to 105, 90 to 110
//     xᵀ dz             64 to 82, 80 to 93   103 to 110, 85 to 97

/** Whether x W and xᵀ dz are faster by the library's own operations than by TensorFlow's. */
export function ownProductsPay(): boolean {
  return ownOperations() === "avx2";
}

/** Above so many rows of a part the sum of the parts' gradients takes less time than TensorFlow's product gains. */
const MOST_ROWS_IN_PIECES = 128;

/**
 * Whether a gradient xᵀ dz is, as pieces over the rows of all parts. With few rows in a part it is, whatever
 * the product: adding up the parts' gradients would take as long as they do (5 % of a step of W5 on AVX-512).
 */
export function ownWeightGradientPays(rows: number): boolean {
  return ownProductsPay() || (ownOperations() === "avx512" && rows <= MOST_ROWS_IN_PIECES);
}

/** Whether dz Wᵀ is. */
export function ownTransposedProductsPay(): boolean {
  const instructions = ownOperations();
  return instructions === "avx2" || instructions === "avx512";
}

/** f(x W + b) for x [R, D]: [R, M]. */
export function ownDense(
  x: Handle,
  kernel: Handle,
  bias: Handle | undefined,
  activation: Activation,
): Handle {
  const attributes = [intAttribute("activation", activationNumber(activation))];
  return compute("KareninaDense", [x, kernel, bias ?? zeros(0)], attributes);
}

/** a bᵀ for a [R, M], b [D, M]: [R, D]. */
export function ownProductByTransposed(a: Handle, b: Handle): Handle {
  return compute("KareninaProductByTransposed", [a, b]);
}

/** Σ xᵀ dz over pairs of x [R, D] and dz [R, M], of any R: [D, M]. */
export interface Factors {
  xs: Handle[];
  dzs: Handle[];
  /** D */
  rows: number;
  /** How many multiplications it takes. */
  work: number;
}

/** Rows of the sum of {@link Factors}, and half the sum of their squares. */
export interface GradientPiece {
  gradient: Handle;
  half: Handle;
}

/** The sum of {@link Factors} in pieces of its rows, which may be computed side by side. */
export function ownWeightGradient({ xs, dzs }: Factors, pieces: number): GradientPiece[] {
  return Array.from({ length: pieces }, (_, piece) => {
    const attributes = [
      intAttribute("N", xs.length),
      intAttribute("piece", piece),
      intAttribute("pieces", pieces),
    ];
    const [gradient, half] = computeAll("KareninaWeightGradient", [...xs, ...dzs], 2, attributes);
    return { gradient, half };
  });
}
