import { spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { OUT, pythonEnvironment } from "./environment";
import type { TestOutcome } from "./report";

export interface SuiteOptions {
  python: string;
  kernel: string;
  /** Runs only tests whose names hold all these words. */
  only?: string[];
  /** Starts the kernel with `transport_encryption="required"`. */
  encrypted?: boolean;
  onOutcome: (test: TestOutcome & { seconds: number }) => void;
}

/**
 * Runs the Python suite on one kernel. What kernels and Python's own libraries write to their
 * terminals goes to a log beside the report, so that only outcomes are shown.
 * @throws Error where the suite itself broke down.
 */
export async function runSuite({
  python,
  kernel,
  only = [],
  encrypted = false,
  onOutcome,
}: SuiteOptions) {
  // Inside the project, so that cells resolve its packages; apart, so that they litter nothing.
  const cwd = join(OUT, "work");
  mkdirSync(cwd, { recursive: true });
  const logFile = join(OUT, `${kernel}.log`);
  const log = openSync(logFile, "w");
  const words = only.length > 0 ? ["--only", ...only] : [];
  const curve = encrypted ? ["--encrypted"] : [];
  const child = spawn(python, ["-m", "suite", kernel, "--results", "3", ...curve, ...words], {
    cwd,
    env: pythonEnvironment(),
    stdio: ["ignore", log, log, "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const tests: TestOutcome[] = [];
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const test = JSON.parse(line) as TestOutcome & { seconds: number };
    tests.push({ name: test.name, outcome: test.outcome, detail: test.detail });
    onOutcome(test);
  }
  const code = await ended;
  if (code !== 0) {
    throw new Error(
      `The suite broke off after ${tests.length} tests (exit ${code}): see ${logFile}`,
    );
  }
  return tests;
}
