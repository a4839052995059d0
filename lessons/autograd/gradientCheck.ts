import { tf } from "karenina";
import { Value } from "./value";

/** A gradient beside its numeric estimate. */
export interface GradientCheck {
  /** What differentiation gave, one number for each input. */
  analytic: number[];
  /** What central differences gave. */
  numeric: number[];
  /** The largest |analytic - numeric| / max(1, |analytic|, |numeric|); NaN where one of them is. */
  largestError: number;
}

/**
 * Compares the gradient that `backward()` finds with central differences,
 *
 *     ∂f/∂xᵢ ≈ (f(x + h eᵢ) - f(x - h eᵢ)) / 2h,
 *
 * whose own error falls with h². A right gradient has a `largestError` below about 1e-7, unless the
 * function has a kink within h of the point, as relu has at 0.
 *
 * @param f from values to one value
 * @param at the point, one number for each parameter of `f`
 * @param options.step h, default 1e-5
 *
 * @example
 * checkGradient((x, y) => x.mul(y).tanh(), [0.5, -2]).largestError; // about 1e-11
 */
export function checkGradient(
  f: (...inputs: Value[]) => Value,
  at: readonly number[],
  { step = 1e-5 }: { step?: number } = {},
): GradientCheck {
  requirePositive(step);
  const inputs = at.map((x) => new Value(x));
  f(...inputs).backward();
  const evaluate = (x: number[]) => f(...x.map((each) => new Value(each))).data;
  return compare(
    inputs.map((input) => input.gradient),
    centralDifferences(evaluate, at, step),
  );
}

/**
 * {@link checkGradient} for a function of a tensor. Tensors hold float32 numbers of seven digits, so
 * the step must be larger, and a right gradient has a `largestError` up to about 1e-3.
 *
 * @param f from a tensor of any shape to a scalar, made of tf operations
 * @param at the point; it stays yours
 * @param options.step h, default 0.01
 * @returns gradients flattened, in the order of `at.dataSync()`
 */
export function checkTensorGradient(
  f: (x: tf.Tensor) => tf.Tensor,
  at: tf.Tensor,
  { step = 0.01 }: { step?: number } = {},
): GradientCheck {
  requirePositive(step);
  const analytic = tf.tidy(() => [...tf.grad(f)(at).dataSync()]);
  const evaluate = (x: number[]) => tf.tidy(() => f(tf.tensor(x, at.shape)).dataSync()[0]);
  return compare(analytic, centralDifferences(evaluate, [...at.dataSync()], step));
}

function centralDifferences(
  f: (x: number[]) => number,
  at: readonly number[],
  step: number,
): number[] {
  return at.map((_, i) => {
    const moved = (by: number) => f(at.map((x, k) => (k === i ? x + by : x)));
    return (moved(step) - moved(-step)) / (2 * step);
  });
}

function compare(analytic: number[], numeric: number[]): GradientCheck {
  const errors = analytic.map((a, i) => {
    const n = numeric[i];
    return Math.abs(a - n) / Math.max(1, Math.abs(a), Math.abs(n));
  });
  return { analytic, numeric, largestError: Math.max(0, ...errors) };
}

function requirePositive(step: number): void {
  if (step > 0 && Number.isFinite(step)) {
    return;
  }
  throw new RangeError(`step is ${step}, but must be a small number above 0, such as 1e-5.`);
}
