import { formatDuration, Rate } from "../display/display";
import { TerminalBar } from "../host/node/display";
import type { TrainingCallback } from "../training/callbacks/callback";

/** How a user calls a command: through npm in a checkout, by its own name where the package is installed. */
export function callOf(verb: string, options = ""): string {
  const call = __filename.endsWith(".ts") ? `npm run ${verb} --` : `karenina ${verb}`;
  return options ? `${call} ${options}` : call.replace(/ --$/, "");
}

/**
 * What a command tells while it works: lines on stdout, and at a terminal a progress bar below them.
 */
export class Terminal {
  private bar: TerminalBar | undefined;
  /** Whether somebody looks on. */
  readonly isInteractive = process.stderr.isTTY === true;

  constructor(private readonly quiet = false) {}

  line(text = ""): void {
    if (this.quiet) {
      return;
    }
    // A line between a bar's redraws would be torn apart by it.
    if (this.bar && process.stdout.isTTY) {
      this.bar.log(text);
    } else {
      process.stdout.write(`${text}\n`);
    }
  }

  note(text: string): void {
    if (this.bar) {
      this.bar.log(text);
    } else {
      process.stderr.write(`${text}\n`);
    }
  }

  /** Draws the bar; nothing where nobody looks on. */
  progress(done: number, total: number, text: string): void {
    if (!this.isInteractive || this.quiet) {
      return;
    }
    this.bar ??= new TerminalBar("", process.stderr, {
      // Lines may follow a full bar, and Ctrl-C is the command's own business.
      stopOnComplete: false,
      gracefulExit: false,
    });
    this.bar.update(done, total, text);
  }

  endProgress(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

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
    if (lately === undefined || left === undefined) {
      return "";
    }
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
      if (!isDrawn && !isPrinted) {
        return;
      }
      rate.mark(step, now);
      // Epochs done, this step included: 10.00 / 10 at the last one. (torch-rnn's line is one ahead.)
      // Rounded down, since 10.00 is said of an epoch that is over.
      const epoch = (Math.floor((100 * step) / stepsPerEpoch) / 100).toFixed(2);
      const line = `Epoch ${epoch} / ${epochs}, i = ${step} / ${total}, loss = ${loss.toFixed(6)}${speed()}`;
      if (isPrinted) {
        terminal.line(line);
      }
      if (isDrawn) {
        drawnAt = now;
        terminal.progress(step, total, line);
      }
    },
  };
}
