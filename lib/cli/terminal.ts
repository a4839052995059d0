import { MultiBar, Presets, type SingleBar } from "cli-progress";

/**
 * What a command tells while it works: lines on stdout, and at a terminal a progress bar below them.
 */
export class Terminal {
  private bars: MultiBar | undefined;
  private bar: SingleBar | undefined;
  /** Whether somebody looks on. */
  readonly isInteractive = process.stderr.isTTY === true;

  constructor(private readonly quiet = false) {}

  line(text = ""): void {
    if (this.quiet) return;
    // A line between a bar's redraws would be torn apart by it.
    if (this.bars && process.stdout.isTTY) this.bars.log(`${text}\n`);
    else process.stdout.write(`${text}\n`);
  }

  note(text: string): void {
    if (this.bars) this.bars.log(`${text}\n`);
    else process.stderr.write(`${text}\n`);
  }

  /** Draws the bar; nothing where nobody looks on. */
  progress(done: number, total: number, text: string): void {
    if (!this.isInteractive || this.quiet) return;
    this.bars ??= new MultiBar(
      {
        format: "{bar} {percentage}% · {text}",
        barsize: 24,
        hideCursor: true,
        stream: process.stderr,
        // Ctrl-C is the command's own business.
        gracefulExit: false,
      },
      Presets.shades_classic,
    );
    this.bar ??= this.bars.create(total, done, { text });
    this.bar.setTotal(total);
    this.bar.update(done, { text });
  }

  endProgress(): void {
    this.bars?.stop();
    this.bars = undefined;
    this.bar = undefined;
  }
}
