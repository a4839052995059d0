import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../runner/notebookFile";

/** What became of one test. */
export interface TestOutcome {
  /** `Group: what is tested`. */
  name: string;
  outcome: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped; empty where it passed. */
  detail: string;
}

/** report.json: read by other tools, so its fields are fixed. */
export interface Report {
  kernel: string;
  passed: number;
  failed: number;
  skipped: number;
  tests: TestOutcome[];
}

export function reportOf(kernel: string, tests: TestOutcome[]): Report {
  const count = (outcome: TestOutcome["outcome"]) =>
    tests.filter((test) => test.outcome === outcome).length;
  return {
    kernel,
    passed: count("passed"),
    failed: count("failed"),
    skipped: count("skipped"),
    tests,
  };
}

/** Writes `report.json`, and the same under the kernel's name for later comparisons. */
export function writeReport(folder: string, report: Report, names: string[]): void {
  for (const name of names) {
    writeAtomically(join(folder, name), `${JSON.stringify(report, null, 2)}\n`);
  }
}

export function readReport(file: string): Report {
  return JSON.parse(readFileSync(file, "utf8")) as Report;
}

/**
 * The scores of several kernels side by side, a row a group of tests, in plain text.
 *
 * @param reports The kernel that was asked for first, those it is compared with after it.
 */
export function scoreTable(reports: Report[]): string {
  const groups = [...new Set(reports.flatMap(({ tests }) => tests.map(groupOf)))];
  const rows = [
    ["", ...reports.map((report) => report.kernel)],
    ...groups.map((group) => [
      group,
      ...reports.map((report) =>
        score(
          reportOf(
            report.kernel,
            report.tests.filter((test) => groupOf(test) === group),
          ),
        ),
      ),
    ]),
    ["All", ...reports.map(score)],
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => row.map((text, column) => text.padEnd(widths[column] + 2)).join(""))
    .map((line) => line.trimEnd())
    .join("\n");
}

function groupOf(test: TestOutcome): string {
  return test.name.split(":")[0];
}

function score({ passed, failed, skipped }: Report): string {
  const parts = [`${passed} passed`];
  if (failed > 0) {
    parts.push(`${failed} failed`);
  }
  if (skipped > 0) {
    parts.push(`${skipped} skipped`);
  }
  return parts.join(", ");
}
