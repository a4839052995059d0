import { formatDuration, Rate } from "../display/rate";
import type { HistoryRow } from "../training/history";
import type { Terminal } from "./terminal";

const DRAW_EVERY_MS = 100;

/** Tells how a training goes on: torch-rnn's lines, with speed and time left; at a terminal a bar. */
export class TrainingReport {
  private readonly rate = new Rate(50);
  private drawnAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly terminal: Terminal,
    private readonly plan: {
      /** Steps in an epoch, epochs, and steps between lines (0: no lines). */
      stepsPerEpoch: number;
      epochs: number;
      printEvery: number;
    },
  ) {}

  /** @param step where the training begins */
  begin(step: number): void {
    this.rate.mark(step, performance.now());
  }

  step({ step, loss }: HistoryRow): void {
    const { stepsPerEpoch, epochs, printEvery } = this.plan;
    const total = stepsPerEpoch * epochs;
    const now = performance.now();
    const isDrawn = this.terminal.isInteractive && now - this.drawnAt >= DRAW_EVERY_MS;
    const isPrinted = printEvery > 0 && step % printEvery === 0;
    if (!isDrawn && !isPrinted) return;
    this.rate.mark(step, now);
    // Epochs done, this step included: 10.00 / 10 at the last one. (torch-rnn's line is one ahead.) Rounded
    // down, since 10.00 is said of an epoch that is over.
    const epoch = (Math.floor((100 * step) / stepsPerEpoch) / 100).toFixed(2);
    const line = `Epoch ${epoch} / ${epochs}, i = ${step} / ${total}, loss = ${loss.toFixed(6)}${this.speed(total)}`;
    if (isPrinted) this.terminal.line(line);
    if (isDrawn) {
      this.drawnAt = now;
      this.terminal.progress(step, total, line);
    }
  }

  private speed(total: number): string {
    const { lately } = this.rate;
    const left = this.rate.secondsLeft(total);
    if (lately === undefined || left === undefined) return "";
    return `, ${lately < 10 ? lately.toFixed(1) : Math.round(lately)} it/s, ${formatDuration(left)} left`;
  }
}
