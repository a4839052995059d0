import { escape as escapeHtml } from "html-escaper";
import type { Figure } from "../figures/figure";
import { type HistoryFigureRow, type HistoryOptions, historyFigure } from "../figures/history";
import { formatNumber } from "../figures/numberFormat";
import { host, type ProgressBar } from "../host/host";
import { display, formatDuration, Rate } from "./display";
import { figureHtml, figureText } from "./figureHtml";
import { figurePicture } from "./show";

/** What a view of something that runs shows: the curve, how far it is, the newest sample. */
export class LiveState {
  sample = "";
  done = 0;
  total: number | undefined;
  finished = false;
  private readonly rows: HistoryFigureRow[] = [];
  private readonly rate = new Rate();
  private readonly options: HistoryOptions & { title: string };
  private lost: { count: number; step: number; loss: number } | undefined;
  /** The newest ones, finite or not. */
  private loss: number | undefined;
  private validationLoss: number | undefined;
  /** What some row has a finite value of: a line of nothing but gaps would be refused. */
  private readonly drawable = new Set<string>();
  private now: number;

  /** @param startedAt milliseconds, as `mark` takes them */
  constructor(
    options: HistoryOptions & { title: string },
    private readonly startedAt: number,
  ) {
    this.options = options;
    this.now = startedAt;
  }

  get title(): string {
    return this.options.title;
  }

  /**
   * Takes a row. What is not finite in it is a gap, and so is a loss of 0 on a logarithmic axis: a
   * picture must not end a training.
   */
  add(row: HistoryFigureRow): void {
    const { step, epoch, gradientNorm, learningRate, seconds } = row;
    this.loss = row.loss;
    this.validationLoss = row.validationLoss ?? this.validationLoss;
    const hasPlace = (value: number | undefined) =>
      value === undefined || this.options.lossScale !== "log" || value > 0;
    const loss = hasPlace(row.loss) ? row.loss : Number.NaN;
    const validationLoss = hasPlace(row.validationLoss) ? row.validationLoss : Number.NaN;
    if (!Number.isFinite(loss)) {
      this.lost = { step, loss: row.loss, count: (this.lost?.count ?? 0) + 1 };
    }
    const values = { loss, gradientNorm, learningRate, validationLoss };
    for (const [name, value] of Object.entries(values)) {
      if (Number.isFinite(value)) {
        this.drawable.add(name);
      }
    }
    this.rows.push({
      step,
      epoch,
      loss: orGap(loss),
      seconds,
      gradientNorm: gradientNorm === undefined ? undefined : orGap(gradientNorm),
      learningRate: learningRate === undefined ? undefined : orGap(learningRate),
      validationLoss: validationLoss === undefined ? undefined : orGap(validationLoss),
    });
  }

  /** Notes how far it is at a time, in milliseconds. */
  mark(now: number): void {
    this.now = now;
    this.rate.mark(this.done, now);
  }

  /** The curve so far, with gaps; undefined before the first row whose loss can be drawn. */
  figure(): Figure | undefined {
    const { drawable, options } = this;
    if (!drawable.has("loss")) {
      return undefined;
    }
    const isInVain = this.validationLoss !== undefined && !drawable.has("validationLoss");
    const rows = isInVain
      ? this.rows.map((row) => ({ ...row, validationLoss: undefined }))
      : this.rows;
    const panels = options.panels?.filter((panel) => drawable.has(panel));
    return historyFigure(rows, { ...options, ...(panels ? { panels } : {}) });
  }

  /** One line: how far, the newest loss, the speed, the time that is left or was taken. */
  line(): string {
    const parts: string[] = [];
    const done = formatNumber(this.done);
    parts.push(
      this.total === undefined ? `step ${done}` : `${done} of ${formatNumber(this.total)}`,
    );
    if (this.loss !== undefined) {
      parts.push(`loss ${numberText(this.loss)}`);
    }
    if (this.validationLoss !== undefined) {
      parts.push(`validation loss ${numberText(this.validationLoss)}`);
    }
    const rate = this.finished ? this.rate.overall : this.rate.lately;
    if (rate !== undefined) {
      parts.push(`${formatNumber(Number(rate.toPrecision(3)))} steps/s`);
    }
    const left = this.total === undefined ? undefined : this.rate.secondsLeft(this.total);
    if (this.finished) {
      parts.push(`took ${formatDuration((this.now - this.startedAt) / 1000)}`);
    } else if (left !== undefined) {
      parts.push(`${formatDuration(left)} left`);
    }
    if (this.lost) {
      const { count, step, loss } = this.lost;
      const rows = count === 1 ? "1 row" : `${formatNumber(count)} rows`;
      parts.push(`${rows} not drawn: the loss was ${loss} at step ${formatNumber(step)}`);
    }
    return parts.join(" · ");
  }
}

function orGap(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

function numberText(value: number): string {
  return Number.isFinite(value) ? formatNumber(value) : String(value);
}

/** Where something that runs is shown. */
export interface LiveView {
  /** Least milliseconds from one `draw` to the next. */
  readonly everyMs: number;
  draw(state: LiveState): void;
  /** Draws for the last time, what will stay. */
  finish(state: LiveState): void;
  /** A new sample has come. */
  sample(text: string): void;
}

let count = 0;

/**
 * One output that is replaced as things go on. While it runs the plot is drawn by the browser only; at
 * the end a picture is put in, for the notebook as it is stored.
 */
export class NotebookView implements LiveView {
  // Unlike in any other process: a page may show outputs of a kernel that has ended.
  private readonly id = `karenina-live-${host.process.id}-${count++}`;
  private shown = false;

  constructor(readonly everyMs: number) {}

  draw(state: LiveState): void {
    this.show(state, false);
  }

  finish(state: LiveState): void {
    this.show(state, true);
  }

  sample(): void {
    // Shown with the next drawing.
  }

  private show(state: LiveState, withPicture: boolean): void {
    const figure = state.figure();
    const picture = figure && withPicture ? figurePicture(figure) : undefined;
    const html = [
      figure
        ? figureHtml(figure, { keepAs: this.id, picture })
        : `<b>${escapeHtml(state.title)}</b>`,
      bar(state),
      `<div>${escapeHtml(state.line())}</div>`,
      state.sample && `<pre style="white-space: pre-wrap">${escapeHtml(state.sample)}</pre>`,
    ];
    const text = [
      `${state.title}: ${state.line()}`,
      figure && withPicture ? figureText(figure) : "",
      state.sample,
    ];
    display(
      {
        "text/html": `<div>${html.join("")}</div>`,
        "text/plain": text.filter((part) => part !== "").join("\n"),
      },
      { id: this.id, update: this.shown },
    );
    this.shown = true;
  }
}

function bar({ done, total, finished, title }: LiveState): string {
  if (total === undefined || (finished && done >= total)) {
    return "";
  }
  const label = escapeHtml(title);
  return `<progress value="${done}" max="${total}" aria-label="${label}" style="width: 100%"></progress>`;
}

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

/** A bar at a terminal, with samples above it. Without a known end, lines as in a log. */
export class BarView implements LiveView {
  readonly everyMs = 100;
  private readonly log: LogView;
  private loggedAt = Number.NEGATIVE_INFINITY;
  private isDrawn = false;

  constructor(
    private readonly bar: ProgressBar,
    private readonly logEveryMs: number,
    private readonly now: () => number,
  ) {
    this.log = new LogView(logEveryMs);
  }

  draw(state: LiveState): void {
    if (state.total === undefined) {
      if (this.now() - this.loggedAt < this.logEveryMs) {
        return;
      }
      this.loggedAt = this.now();
      this.log.draw(state);
      return;
    }
    this.isDrawn = true;
    this.bar.update(state.done, state.total, state.line());
  }

  finish(state: LiveState): void {
    if (this.isDrawn) {
      this.draw(state);
      this.bar.stop();
    }
    this.log.finish(state);
  }

  sample(text: string): void {
    if (this.isDrawn) {
      this.bar.log(text);
    } else {
      this.log.sample(text);
    }
  }
}

function print(text: string): void {
  display({ "text/plain": text });
}
