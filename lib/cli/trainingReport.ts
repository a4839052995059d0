import { formatDuration, Rate } from "../display/display";
import type { TrainingCallback } from "../training/callbacks/callback";
import type { Terminal } from "./terminal";

const DRAW_EVERY_MS = 100;

/** How many steps a training will have, and how often a line is printed. */
export interface ReportPlan {
  stepsPerEpoch: number;
  epochs: number;
  /** Steps from one line to the next; 0: no lines. */
  printEvery: number;
}

/** Reports how a training goes on: torch-rnn's lines, with speed and time left; at a terminal a bar. */
export function reportTraining(
  terminal: Terminal,
  { stepsPerEpoch, epochs, printEvery }: ReportPlan,
): TrainingCallback {
  const rate = new Rate(50);
  const total = stepsPerEpoch * epochs;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const speed = () => {
    const { lately } = rate;
    const left = rate.secondsLeft(total);
    if (lately === undefined || left === undefined) return "";
    const perSecond = lately < 10 ? lately.toFixed(1) : Math.round(lately);
    return `, ${perSecond} it/s, ${formatDuration(left)} left`;
  };
  return {
    onTrainBegin({ step }) {
      rate.mark(step, performance.now());
    },
    onStep({ step, loss }) {
      const now = performance.now();
      const isDrawn = terminal.isInteractive && now - drawnAt >= DRAW_EVERY_MS;
      const isPrinted = printEvery > 0 && step % printEvery === 0;
      if (!isDrawn && !isPrinted) return;
      rate.mark(step, now);
      // Epochs done, this step included: 10.00 / 10 at the last one. (torch-rnn's line is one ahead.)
      // Rounded down, since 10.00 is said of an epoch that is over.
      const epoch = (Math.floor((100 * step) / stepsPerEpoch) / 100).toFixed(2);
      const line = `Epoch ${epoch} / ${epochs}, i = ${step} / ${total}, loss = ${loss.toFixed(6)}${speed()}`;
      if (isPrinted) terminal.line(line);
      if (isDrawn) {
        drawnAt = now;
        terminal.progress(step, total, line);
      }
    },
  };
}
