import { randomState, restoreRandomState } from "../../engine/random";
import { type SampleOptions, sample } from "../../sampling/sample";
import type { TrainingCallback } from "./callback";

/** Options of `writeSamples`: those of `sample`, and when and where to. */
export interface WriteSamplesOptions extends SampleOptions {
  /** Steps from one sample to the next. Default 100. */
  every?: number;
  /** What becomes of a sample. Default: it is printed after its step. */
  show?: (text: string, step: number) => void;
}

/** The callback, and what it has let the network write in the latest training. */
export interface WriteSamples extends TrainingCallback {
  readonly samples: readonly { step: number; text: string }[];
}

/**
 * Lets a character network write while it learns. Neither its carried state nor the random numbers of
 * the training change by that: the losses are those of a training without samples.
 *
 * @throws RangeError for a number of steps out of range
 *
 * @example
 * writeSamples({ vocabulary, every: 200, prime: "Анна", length: 150, show: (text) => live.text(text) });
 */
export function writeSamples(options: WriteSamplesOptions): WriteSamples {
  const { every = 100, show = print, ...settings } = options;
  if (!(Number.isInteger(every) && every >= 1)) {
    throw new RangeError(`every is ${every}, but must be a whole number of steps from 1 up.`);
  }
  const samples: { step: number; text: string }[] = [];
  return {
    samples,
    onTrainBegin(training) {
      // Samples of an earlier training go; of one that is resumed, those after the place of resuming.
      while (samples.length > 0 && samples.at(-1)!.step > training.step) samples.pop();
    },
    async onStep({ step }, model) {
      if (step % every !== 0) return;
      const before = randomState();
      const text = await sample(model, settings);
      if (before) restoreRandomState(before);
      samples.push({ step, text });
      show(text, step);
    },
  };
}

function print(text: string, step: number): void {
  console.log(`step ${step}: ${text}`);
}
