import cliProgress from "cli-progress";
import { type Failure, firstLine } from "./judge";
import { type AssertionReport, type NotebookReport, type Report, rowName } from "./report";
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
    const lines = [`${verdict(row)} ${rowName(row)}  ${counted}  ${seconds(row)}`];
    if (failure) {
      lines.push(indent(row.error!));
      if (failure.details && failure.details !== failure.summary) {
        lines.push(indent(lastLines(failure.details, 20)));
      }
    }
    this.print(lines.join("\n"));
    const bar = this.bars.get(rowName(row));
    if (bar) {
      this.multiBar?.remove(bar);
      this.bars.delete(rowName(row));
    }
  }

  warned(path: string, text: string): void {
    this.print(`warn ${path}  ${text}`);
  }

  /** The closing table. */
  summarize({ kernel, mode, notebooks, assertions }: Report, folder: string): void {
    this.multiBar?.stop();
    const width = Math.max(...notebooks.map((row) => rowName(row).length));
    const rows = notebooks.map((row) =>
      [
        verdict(row),
        rowName(row).padEnd(width),
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
    const counts = assertions ? [assertionCounts(assertions)] : [];
    this.stream.write(`\n${[...rows, ...counts, closing].join("\n")}\n`);
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

/** What did not always hold, and how many did. */
function assertionCounts(assertions: readonly AssertionReport[]): string {
  const failed = assertions.filter(({ held, of }) => held < of);
  const never = assertions.filter(({ of }) => of === 0).length;
  const lines = failed.flatMap(({ path, cell, line, text, held, of, failures }) => [
    `held ${held}/${of}  ${path}, cell ${cell}, line ${line}: ${text}`,
    ...failures.map(({ seed, message }) =>
      indent(`${seed === null ? "its own seeds" : `seed ${seed}`}: ${firstLine(message) ?? ""}`),
    ),
  ]);
  lines.push(
    `${assertions.length - failed.length - never} of ${assertions.length} assertions held in every run` +
      (never > 0 ? `, ${never} were never evaluated` : ""),
  );
  return `\n${lines.join("\n")}\n`;
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
