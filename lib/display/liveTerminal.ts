import { MultiBar, Presets, type SingleBar } from "cli-progress";
import { display } from "./display";
import type { LiveView } from "./live";
import type { LiveState } from "./liveState";

/** Lines in a log file, one every few seconds; the samples as they come. */
export class LogView implements LiveView {
  constructor(readonly everyMs: number) {}

  draw(state: LiveState): void {
    print(`${state.title}: ${state.line()}`);
  }

  finish(state: LiveState): void {
    this.draw(state);
  }

  sample(text: string): void {
    print(text);
  }
}

/** A progress bar at a terminal, with samples above it. Without a known end, lines as in a log. */
export class BarView implements LiveView {
  readonly everyMs = 100;
  private readonly log: LogView;
  private loggedAt = Number.NEGATIVE_INFINITY;
  private bars: MultiBar | undefined;
  private bar: SingleBar | undefined;

  constructor(
    private readonly logEveryMs: number,
    private readonly now: () => number,
    private readonly stream: NodeJS.WritableStream = process.stderr,
  ) {
    this.log = new LogView(logEveryMs);
  }

  draw(state: LiveState): void {
    const { total, done, title } = state;
    if (total === undefined) {
      if (this.now() - this.loggedAt < this.logEveryMs) return;
      this.loggedAt = this.now();
      this.log.draw(state);
      return;
    }
    this.bars ??= new MultiBar(
      {
        format: "{title} {bar} {percentage}% · {line}",
        barsize: 24,
        hideCursor: true,
        stopOnComplete: true,
        stream: this.stream,
      },
      Presets.shades_classic,
    );
    this.bar ??= this.bars.create(total, done, { title, line: "" });
    this.bar.setTotal(total);
    this.bar.update(done, { title, line: state.line() });
  }

  finish(state: LiveState): void {
    if (this.bars) {
      this.draw(state);
      this.bars.stop();
    }
    this.log.finish(state);
  }

  sample(text: string): void {
    if (this.bars) this.bars.log(`${text}\n`);
    else this.log.sample(text);
  }
}

function print(text: string): void {
  display({ "text/plain": text });
}
