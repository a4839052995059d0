import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { Command } from "commander";
import { findPython, OUT, ROOT } from "./environment";
import { type Report, readReport, reportOf, scoreTable, writeReport } from "./report";
import { runSuite } from "./runSuite";

/** The kernel that sets the standard, and whose score stands beside every other's. */
const REFERENCE = "python3";

/** The kernel that must pass. Others are measured for comparison, and their failures are facts. */
const OURS = "karenina";

interface CliOptions {
  kernel: string;
  only: string[];
  fresh: boolean;
  reference: boolean;
  encrypted: boolean;
}

new Command("conformance")
  .description(
    "Run the Jupyter protocol suite on a kernel and print its score beside ipykernel's. " +
      `Fails where a test of the ${OURS} kernel fails. Report: build/conformance/report.json`,
  )
  .option("--kernel <name>", `${OURS}, tslab, ${REFERENCE} or any TypeScript kernel`, OURS)
  .option("--only <words...>", "run only tests whose names hold all these words", [])
  .option("--encrypted", 'start the kernel with transport_encryption="required"', false)
  .option("--fresh", `run ${REFERENCE} again although its score is known`, false)
  .option("--no-reference", `do not run ${REFERENCE} for comparison`)
  .action(run)
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });

async function run({ kernel, only, fresh, reference, encrypted }: CliOptions): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  const python = findPython();
  const report = await measure(python, kernel, { only, encrypted });
  if (only.length > 0 || encrypted) {
    console.log(`\n${scoreTable([report])}`);
  } else {
    writeReport(OUT, report, ["report.json", `${kernel}.json`]);
    const others = [];
    if (reference && kernel !== REFERENCE) {
      others.push(await referenceReport(python, fresh));
    }
    console.log(`\n${scoreTable([report, ...others])}\n`);
    console.log(`Written to ${relative(ROOT, join(OUT, "report.json"))}`);
  }
  process.exitCode = kernel === OURS && !isAccepted(report) ? 1 : 0;
}

async function measure(
  python: string,
  kernel: string,
  options: { only?: string[]; encrypted?: boolean } = {},
): Promise<Report> {
  console.log(`${kernel}:`);
  const tests = await runSuite({
    python,
    kernel,
    ...options,
    onOutcome: ({ name, outcome, detail, seconds }) => {
      const mark = { passed: "ok  ", failed: "FAIL", skipped: "skip" }[outcome];
      console.log(`  ${mark} ${name} (${seconds.toFixed(1)} s)`);
      if (detail) {
        console.log(detail.replace(/^/gm, "         "));
      }
    },
  });
  return reportOf(kernel, tests);
}

/** The reference's score: known as long as no file of the suite is younger than it. */
async function referenceReport(python: string, fresh: boolean): Promise<Report> {
  const name = `${REFERENCE}.json`;
  const known = join(OUT, name);
  const suite = readdirSync(join(__dirname, "suite"), { recursive: true, encoding: "utf8" });
  const isCurrent =
    existsSync(known) &&
    suite.every(
      (file) => statSync(join(__dirname, "suite", file)).mtimeMs < statSync(known).mtimeMs,
    );
  if (isCurrent && !fresh) {
    return readReport(known);
  }
  const report = await measure(python, REFERENCE);
  writeReport(OUT, report, [name]);
  return report;
}

function isAccepted({ failed, passed, tests }: Report): boolean {
  return failed === 0 && passed > 0 && tests.every(({ outcome }) => outcome !== "skipped");
}
