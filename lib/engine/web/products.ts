import type { Program } from "./program";

// Products in a program: x W, and its chain rule.

/** C [M, N] = A [M, K] B [K, N], each factor by its place and strides; added to C where that is asked for. */
export function addProduct(
  program: Program,
  [M, N, K]: readonly number[],
  a: readonly number[],
  b: readonly number[],
  c: number,
  adds = false,
): void {
  program.needScratch(program.module.productScratch(M, N, K));
  program.add("product", M, N, K, ...a, ...b, c, adds ? 1 : 0);
}

/** The gradient by W of x W: xᵀ dz for x [rows, D] and dz [rows, width]. */
export function addKernelGradient(
  program: Program,
  { x, rows, D }: { x: number; rows: number; D: number },
  {
    slopes,
    width,
    stride = width,
  }: {
    slopes: number;
    width: number;
    /** From row to row of dz. */
    stride?: number;
  },
  to: number,
  adds = false,
): void {
  addProduct(program, [D, width, rows], [x, 1, D], [slopes, stride, 1], to, adds);
}

/** The gradient by x of x W: dz Wᵀ for dz [rows, width] and W [D, width]. */
export function addInputGradient(
  program: Program,
  { slopes, rows, width }: { slopes: number; rows: number; width: number },
  kernel: number,
  D: number,
): number {
  const to = program.place(rows * D);
  addProduct(program, [rows, D, width], [slopes, width, 1], [kernel, 1, width], to);
  return to;
}
