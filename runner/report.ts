import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import junit from "junit-report-builder";
import type { Assertion } from "./countedCode";
import { type Failure, failureLine, plain } from "./judge";
import { writeAtomically } from "./notebookFile";
import type { Outcome } from "./outcomes";

/** One notebook's row in report.json. */
export interface NotebookReport {
  /** Relative to the project, with forward slashes. */
  path: string;
  ok: boolean;
  /** Code cells that have code. */
  cells: number;
  /** Those that the kernel ran to their end. */
  executed: number;
  seconds: number;
  /** One line that names the cell, its first line and the error; null where all went well. */
  error: string | null;
  /** Of a run over seeds: what KARENINA_SEED was, or null where the notebook's own seeds held. */
  seed?: number | null;
}

/** How often one assertion held over the seeds. */
export interface AssertionReport extends Assertion {
  /** The notebook, as in its rows. */
  path: string;
  /** Seeds in which it held each time that it was evaluated. */
  held: number;
  /** Seeds in which it was evaluated, or should have been but for an error before it. */
  of: number;
  failures: { seed: number | null; message: string }[];
}

/** report.json: read by other tools, so its fields are fixed. */
export interface Report {
  kernel: string;
  mode: string;
  notebooks: NotebookReport[];
  /** Of a run over seeds: all assertions of all notebooks, in their order. */
  assertions?: AssertionReport[];
}

/** A notebook's row with what came of its assertions. */
export interface CountedRow {
  row: NotebookReport;
  outcomes: readonly Outcome[];
}

/** How often each assertion held; rows of the same notebook are runs of the same text. */
export function countOutcomes(runs: readonly CountedRow[]): AssertionReport[] {
  const counted = new Map<string, AssertionReport>();
  for (const { row, outcomes } of runs) {
    for (const [index, { cell, line, text, held, message = "" }] of outcomes.entries()) {
      const key = `${index} ${row.path}`;
      const entry = counted.get(key) ?? {
        path: row.path,
        cell,
        line,
        text,
        held: 0,
        of: 0,
        failures: [],
      };
      counted.set(key, entry);
      entry.held += held ? 1 : 0;
      entry.of += held === undefined ? 0 : 1;
      if (held === false) {
        entry.failures.push({ seed: row.seed ?? null, message });
      }
    }
  }
  return [...counted.values()];
}

/** A row's notebook and, in a run over seeds, its seed. */
export function rowName({ path, seed }: Pick<NotebookReport, "path" | "seed">): string {
  return seed === undefined ? path : `${path}, ${seed === null ? "its own seeds" : `seed ${seed}`}`;
}

/** Removes the last run's reports, so that an unfinished run leaves none that could be mistaken. */
export function removeReports(folder: string): void {
  for (const name of ["report.json", "junit.xml"]) {
    rmSync(join(folder, name), { force: true });
  }
}

/** Writes report.json and junit.xml. */
export function writeReports(
  folder: string,
  report: Report,
  failures: ReadonlyMap<NotebookReport, Failure>,
): void {
  mkdirSync(folder, { recursive: true });
  writeAtomically(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeAtomically(join(folder, "junit.xml"), junitText(report, failures));
}

function junitText(
  { kernel, mode, notebooks }: Report,
  failures: ReadonlyMap<NotebookReport, Failure>,
): string {
  const builder = junit.newBuilder();
  const suite = builder.testSuite().name(`notebooks on ${kernel}, ${mode} mode`);
  for (const row of notebooks) {
    const test = suite
      .testCase()
      .className(`notebooks.${kernel}.${mode}`)
      .name(rowName(row))
      .file(row.path)
      .time(row.seconds);
    const failure = failures.get(row);
    if (failure) {
      test.failure(plain(failureLine(failure)), "NotebookFailure");
      test.stacktrace(plain(failure.details ?? failureLine(failure)));
    }
  }
  return builder.build();
}
