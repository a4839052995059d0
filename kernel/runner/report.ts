import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import junit from "junit-report-builder";
import type { Failure } from "./execute";
import { plain } from "./judge";
import { writeAtomically } from "./notebook-file";

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
}

/** report.json: read by other tools, so its fields are fixed. */
export interface Report {
  kernel: string;
  mode: string;
  notebooks: NotebookReport[];
}

/** A failure in one line. */
export function failureLine({ cell, line, summary }: Failure): string {
  return cell === undefined ? summary : `cell ${cell}, "${line}": ${summary}`;
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
      .name(row.path)
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
