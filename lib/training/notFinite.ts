/**
 * Where a loss, its gradient or a prediction stopped being a number. Of a training step, the weights
 * are those before it.
 */
export class NotFiniteError extends Error {
  override name = "NotFiniteError";
}
