import cliProgress from "cli-progress";
import type { Failure } from "./execute";
import type { NotebookReport, Report } from "./report";
import type { RunListener } from "./run";

/** Tells of a run on the terminal: bars while notebooks run, a line when each has ended. */
export class ConsoleListener implements RunListener {
  private readonly bars = new Map<string, cliProgress.SingleBar>();
  private readonly multiBar: cliProgress.MultiBar | undefined;
  private readonly begun = performance.now();

  constructor(private readonly stream: NodeJS.WriteStream = process.stdout) {
    if (stream.isTTY) {
      this.multiBar = new cliProgress.MultiBar(
        {
          stream,
          format: "     {name}  {bar}  {value}/{total} cells  {duration_formatted}",
          clearOnComplete: true,
          // The bars' own handler would end the process at Ctrl-C before the kernels are stopped.
          gracefulExit: false,
          // A notebook of no cells shows an empty bar, not a full one.
          emptyOnZero: true,
        },
        cliProgress.Presets.rect,
      );
      // The bars switch line wrapping off; whatever ends the process, switch it on again.
      process.once("exit", () => this.multiBar?.stop());
    }
  }

  started(path: string, cells: number): void {
    if (this.multiBar) {
      this.bars.set(path, this.multiBar.create(cells, 0, { name: path }));
    } else {
      this.print(`run  ${path}  ${cells} cells`);
    }
  }

  progressed(path: string, over: number): void {
    this.bars.get(path)?.update(over);
  }

  finished(row: NotebookReport, { skipped, failure }: { skipped: number; failure?: Failure }) {
    const counted = `${row.executed} of ${row.cells} cells${skipped ? `, ${skipped} skipped` : ""}`;
    const lines = [`${verdict(row)} ${row.path}  ${counted}  ${seconds(row)}`];
    if (failure) {
      lines.push(indent(row.error!));
      if (failure.details && failure.details !== failure.summary) {
        lines.push(indent(lastLines(failure.details, 20)));
      }
    }
    this.print(lines.join("\n"));
    const bar = this.bars.get(row.path);
    if (bar) {
      this.multiBar?.remove(bar);
      this.bars.delete(row.path);
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
    // Not the sum: notebooks may have run at the same time.
    const total = (performance.now() - this.begun) / 1000;
    const closing =
      `${notebooks.length - failed} of ${notebooks.length} notebooks passed on ${kernel} in ` +
      `${mode} mode, ${total.toFixed(1)} s in all. Executed copies and reports: ${folder}`;
    this.stream.write(`\n${[...rows, closing].join("\n")}\n`);
  }

  private print(text: string): void {
    if (this.multiBar) {
      // Only text that goes through the bars stays above them; each line wipes the bar it covers.
      this.multiBar.log(`${text.replace(/$/gm, "\u001b[K")}\n`);
      this.multiBar.update();
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
