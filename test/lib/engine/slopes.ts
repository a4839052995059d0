import assert from "node:assert/strict";
import { tf } from "karenina";

/**
 * Holds the gradient by each variable against how much the loss differs a little to both sides, in a
 * direction drawn at random.
 *
 * @param lossNow the loss with the variables as they are, always of the same batch and masks
 * @param distance how far to each side
 */
export function requireSlopes(
  variables: readonly tf.Variable[],
  gradients: readonly tf.Tensor[],
  lossNow: () => number,
  distance: number,
): void {
  for (const [k, variable] of variables.entries()) {
    const direction = tf.randomNormal(variable.shape);
    const slope = tf.tidy(() => tf.sum(tf.mul(direction, gradients[k])).dataSync()[0]);
    const lossAt = (distance: number) => {
      const before = variable.clone();
      tf.tidy(() => variable.assign(tf.add(variable, tf.mul(direction, distance))));
      const moved = lossNow();
      variable.assign(before);
      return moved;
    };
    const difference = (lossAt(distance) - lossAt(-distance)) / (2 * distance);
    const size = tf.tidy(
      () => tf.norm(direction).dataSync()[0] * tf.norm(gradients[k]).dataSync()[0],
    );
    assert.ok(
      Math.abs(difference - slope) <= 5e-3 * size,
      `${variable.name}: ${difference} instead of ${slope} of ${size}`,
    );
  }
}
