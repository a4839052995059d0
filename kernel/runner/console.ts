import cliProgress from "cli-progress";
import type { Failure } from "./execute";
import type { NotebookReport, Report } from "./report";
import type { RunListener } from "./run";

/** Tells of a run on the terminal: bars while notebooks run, a line when each has ended. */
export class ConsoleListener implements RunListener {
  private readonly bars = new Map<string, cliProgress.SingleBar>();
  private readonly multiBar: cliProgress.MultiBar | undefined;

  constructor(private readonly stream: NodeJS.WriteStream = process.stdout) {
    if (stream.isTTY) {
      this.multiBar = new cliProgress.MultiBar(
        {
          stream,
          format: "     {name}  {bar}  {value}/{total} cells  {duration_formatted}",
          hideCursor: true,
          clearOnComplete: true,
          // Without these two the bars swallow Ctrl-C's handler and the rest of the output.
          gracefulExit: false,
          emptyOnZero: true,
        },
        cliProgress.Presets.rect,
      );
    }
  }

  started(path: string, cells: number): void {
    const bar = this.multiBar?.create(cells, 0, { name: path });
    if (bar) {
      this.bars.set(path, bar);
    }
  }

  progressed(path: string, over: number): void {
    this.bars.get(path)?.update(over);
  }

  finished(row: NotebookReport, { skipped, failure }: { skipped: number; failure?: Failure }) {
    const bar = this.bars.get(row.path);
    if (bar) {
      this.multiBar?.remove(bar);
      this.bars.delete(row.path);
    }
    const counted = `${row.executed} of ${row.cells} cells${skipped ? `, ${skipped} skipped` : ""}`;
    this.print(`${verdict(row)} ${row.path}  ${counted}  ${seconds(row)}`);
    if (failure) {
      this.print(indent(row.error!));
      if (failure.details && failure.details !== failure.summary) {
        this.print(indent(lastLines(failure.details, 20)));
      }
    }
  }

  warned(path: string, text: string): void {
    this.print(`warn ${path}  ${text}`);
  }

  /** The closing table. */
  summarize({ kernel, mode, notebooks }: Report, folder: string): void {
    this.multiBar?.stop();
    const width = Math.max(...notebooks.map(({ path }) => path.length));
    const rows = notebooks.map((row) =>
      [
        verdict(row),
        row.path.padEnd(width),
        `${row.executed}/${row.cells}`.padStart(7),
        seconds(row).padStart(10),
      ].join(" "),
    );
    const failed = notebooks.filter(({ ok }) => !ok).length;
    const total = notebooks.reduce((sum, row) => sum + row.seconds, 0);
    const closing =
      `${notebooks.length - failed} of ${notebooks.length} notebooks passed on ${kernel} in ` +
      `${mode} mode, ${total.toFixed(1)} s in all. Executed copies and reports: ${folder}`;
    this.stream.write(`\n${[...rows, closing].join("\n")}\n`);
  }

  private print(text: string): void {
    if (this.multiBar && this.bars.size > 0) {
      this.multiBar.log(`${text}\n`);
    } else {
      this.stream.write(`${text}\n`);
    }
  }
}

function verdict({ ok }: NotebookReport): string {
  return ok ? "ok  " : "FAIL";
}

function seconds(row: NotebookReport): string {
  return `${row.seconds.toFixed(1)} s`;
}

function lastLines(text: string, count: number): string {
  return text.split("\n").slice(-count).join("\n");
}

function indent(text: string): string {
  return text.replace(/^/gm, "       ");
}
