import type { Objective, Step } from "./rule";

/**
 * Newton's method: to the point where the function's second-order Taylor polynomial is level,
 *
 *     w ← w - η H⁻¹ ∇L(w),
 *
 * with H the matrix of second derivatives. On a quadratic with a minimum that is the minimum, in one
 * step; near a saddle it is the saddle. For n parameters H has n² entries, and solving with it takes
 * about n³/3 multiplications.
 *
 * @param options.learningRate η, default 1
 * @throws Error where the objective has no `hessian`, or it has no inverse at `w`
 */
export function newton(
  w: readonly number[],
  loss: Objective,
  _state: object = {},
  { learningRate = 1 }: { learningRate?: number } = {},
): Step<object> {
  if (!loss.hessian) {
    throw new Error(
      "Newton's method needs second derivatives, but the objective has only { gradient }. Give it a " +
        "function `hessian` too, or use a rule of the first order.",
    );
  }
  const direction = solve(loss.hessian(w), loss.gradient(w));
  return { parameters: w.map((wi, i) => wi - learningRate * direction[i]), state: {} };
}

/** The x of A x = b, by Gaussian elimination with partial pivoting. */
function solve(A: readonly number[][], b: readonly number[]): number[] {
  const n = b.length;
  const rows = A.map((row, i) => [...row, b[i]]);
  for (let column = 0; column < n; column++) {
    const pivot = rows.reduce(
      (best, row, i) =>
        i >= column && Math.abs(row[column]) > Math.abs(rows[best][column]) ? i : best,
      column,
    );
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    const top = rows[column];
    if (!(Math.abs(top[column]) > 1e-300)) {
      throw new Error(
        "The Hessian has no inverse here, so Newton's method has no step: along some direction the " +
          "function is not curved at all. Start elsewhere.",
      );
    }
    for (const row of rows.slice(column + 1)) {
      const factor = row[column] / top[column];
      for (let k = column; k <= n; k++) {
        row[k] -= factor * top[k];
      }
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    const row = rows[i];
    const known = x.reduce((sum, xk, k) => (k > i ? sum + row[k] * xk : sum), 0);
    x[i] = (row[n] - known) / row[i];
  }
  return x;
}
