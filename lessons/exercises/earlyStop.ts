/** Where early stopping ends, and the epoch whose weights it gives back; epochs count from 1. */
export interface EarlyStop {
  best: number;
  stop: number;
}

/**
 * The rule of early stopping, right as it stands; the options are where students go wrong.
 *
 * @param better is a loss an improvement over the best one so far?
 * @param setsBack does an improvement set the count of epochs without one back to 0?
 */
export function earlyStop(
  losses: number[],
  patience: number,
  { better = (loss: number, best: number) => loss < best, setsBack = true } = {},
): EarlyStop {
  let [best, bestEpoch, without] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const [index, loss] of losses.entries()) {
    if (better(loss, best)) {
      [best, bestEpoch] = [loss, index + 1];
      if (setsBack) {
        without = 0;
      }
    } else if (++without === patience) {
      return { best: bestEpoch, stop: index + 1 };
    }
  }
  return { best: bestEpoch, stop: losses.length };
}
