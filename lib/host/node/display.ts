import { MultiBar, type Options, Presets, type SingleBar } from "cli-progress";
import type { Display, DisplayTarget, ProgressBar } from "../host";
import { tslabTarget } from "./tslab";

/** Stock tslab's cell where it runs this process, else the terminal. */
export const nodeDisplay: Display = {
  target: () => tslabTarget() ?? terminalTarget,

  progressBar(title) {
    // A build server's terminal is read as a log.
    if (!process.stderr.isTTY || process.env.CI) return undefined;
    return new TerminalBar(title, process.stderr);
  },
};

/** Standard output: the text form of everything. */
const terminalTarget: DisplayTarget = {
  kind: "terminal",
  show: (bundle) => {
    const text = bundle["text/plain"] ?? `(no text form: ${Object.keys(bundle).join(", ")})`;
    process.stdout.write(`${String(text).replace(/\n$/, "")}\n`);
  },
};

/** A bar that is drawn at its first update. */
export class TerminalBar implements ProgressBar {
  private readonly bars: MultiBar;
  private bar: SingleBar | undefined;

  constructor(
    private readonly title: string,
    stream: NodeJS.WritableStream,
    options: Options = {},
  ) {
    this.bars = new MultiBar(
      {
        format: `${title && "{title} "}{bar} {percentage}% · {text}`,
        barsize: 24,
        hideCursor: true,
        stopOnComplete: true,
        stream,
        ...options,
      },
      Presets.shades_classic,
    );
  }

  update(done: number, total: number, text: string): void {
    this.bar ??= this.bars.create(total, done, { title: this.title, text: "" });
    this.bar.setTotal(total);
    this.bar.update(done, { title: this.title, text });
  }

  log(text: string): void {
    this.bars.log(`${text}\n`);
  }

  stop(): void {
    this.bars.stop();
  }
}
