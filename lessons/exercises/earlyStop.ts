/**
 * The epoch, from 1, after which early stopping ends a training, right as it stands; the options are where
 * students go wrong.
 *
 * @param better is a loss an improvement over the best one so far?
 * @param setsBack does an improvement set the count of epochs without one back to 0?
 */
export function earlyStop(
  losses: number[],
  patience: number,
  { better = (loss: number, best: number) => loss < best, setsBack = true } = {},
): number {
  let [best, without] = [Number.POSITIVE_INFINITY, 0];
  for (const [index, loss] of losses.entries()) {
    if (better(loss, best)) {
      best = loss;
      if (setsBack) {
        without = 0;
      }
    } else if (++without === patience) {
      return index + 1;
    }
  }
  return losses.length;
}
