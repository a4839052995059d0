import { engine } from "../engine/choice";
import { tf } from "../engine/tensorflow";

/** The Euclidean norm of all gradients taken together as one vector. */
export function globalNorm(gradients: tf.Tensor[]): number {
  requireGradients(gradients);
  let squares = 0;
  for (const gradient of gradients) squares += engine().sumOfSquares(gradient);
  return Math.sqrt(squares);
}

/**
 * Shortens gradients that are longer together than `maxNorm` to that length, keeping their direction
 * (Pascanu, Mikolov & Bengio 2013). Shorter ones are returned as they are.
 *
 * @returns the gradients to use, which are the given ones unless they were clipped (then new tensors,
 *   for the caller to dispose of), and their norm before clipping
 */
export function clipByGlobalNorm(
  gradients: tf.Tensor[],
  maxNorm: number,
): { gradients: tf.Tensor[]; norm: number } {
  checkPositive("maxNorm", maxNorm);
  const norm = globalNorm(gradients);
  if (!(norm > maxNorm)) return { gradients, norm };
  const scale = maxNorm / norm;
  return { gradients: engine().scaled(gradients, scale), norm };
}

/** Limits every number of the gradients to -limit ... limit; returns new tensors. */
export function clipByValue(gradients: tf.Tensor[], limit: number): tf.Tensor[] {
  checkPositive("limit", limit);
  requireGradients(gradients);
  return engine().limited(gradients, limit);
}

/** @throws Error where one is no tensor of float32, which TensorFlow would refuse in its own words */
function requireGradients(gradients: tf.Tensor[]): void {
  for (const [place, gradient] of gradients.entries()) {
    if (gradient instanceof tf.Tensor && gradient.dtype === "float32") continue;
    const given =
      gradient instanceof tf.Tensor ? `a tensor of ${gradient.dtype}` : String(gradient);
    throw new Error(`gradients[${place}] is ${given}, but must be a tensor of float32.`);
  }
}

function checkPositive(name: string, value: number): void {
  if (value > 0) return;
  throw new Error(`${name} is ${value}, but must be above 0; leave clipping out to switch it off.`);
}
