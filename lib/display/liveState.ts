import type { Figure } from "../figures/figure";
import { type HistoryFigureRow, type HistoryOptions, historyFigure } from "../figures/history";
import { formatNumber } from "../figures/numbers";
import { formatDuration, Rate } from "./rate";

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
  private validationLoss: number | undefined;
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

  /** Takes a row. What is not finite in it cannot be drawn: a picture must not end a training. */
  add(row: HistoryFigureRow): void {
    if (!Number.isFinite(row.loss)) {
      this.lost = { step: row.step, loss: row.loss, count: (this.lost?.count ?? 0) + 1 };
      return;
    }
    const { step, epoch, loss, seconds } = row;
    this.rows.push({
      step,
      epoch,
      loss,
      seconds,
      gradientNorm: finite(row.gradientNorm),
      learningRate: finite(row.learningRate),
      validationLoss: finite(row.validationLoss),
    });
    this.validationLoss = finite(row.validationLoss) ?? this.validationLoss;
  }

  /** Notes how far it is at a time, in milliseconds. */
  mark(now: number): void {
    this.now = now;
    this.rate.mark(this.done, now);
  }

  /** The curve so far; undefined before the first row. */
  figure(): Figure | undefined {
    const { rows, options } = this;
    if (rows.length === 0) return undefined;
    const panels = options.panels?.filter((panel) => rows.some((row) => row[panel] !== undefined));
    return historyFigure(rows, { ...options, ...(panels ? { panels } : {}) });
  }

  /** One line: how far, the newest loss, the speed, the time that is left or was taken. */
  line(): string {
    const parts: string[] = [];
    const done = formatNumber(this.done);
    parts.push(
      this.total === undefined ? `step ${done}` : `${done} of ${formatNumber(this.total)}`,
    );
    const last = this.rows[this.rows.length - 1];
    if (last) parts.push(`loss ${formatNumber(last.loss)}`);
    if (this.validationLoss !== undefined) {
      parts.push(`validation loss ${formatNumber(this.validationLoss)}`);
    }
    const rate = this.finished ? this.rate.overall : this.rate.lately;
    if (rate !== undefined) parts.push(`${formatNumber(Number(rate.toPrecision(3)))} steps/s`);
    const left = this.total === undefined ? undefined : this.rate.secondsLeft(this.total);
    if (this.finished) parts.push(`took ${formatDuration((this.now - this.startedAt) / 1000)}`);
    else if (left !== undefined) parts.push(`${formatDuration(left)} left`);
    if (this.lost) {
      const { count, step, loss } = this.lost;
      const rows = count === 1 ? "1 row" : `${formatNumber(count)} rows`;
      parts.push(`${rows} not drawn: the loss was ${loss} at step ${formatNumber(step)}`);
    }
    return parts.join(" · ");
  }
}

function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
