import { mkdirSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { writeAtomically } from "../../runner/notebookFile";
import { findContestants } from "./contestants";
import { type Figures, measure } from "./measure";
import { type Goal, goalsOf, type KernelRow, markdown, medians } from "./report";

const ROOT = resolve(__dirname, "../..");

/** Where the figures are written, relative to the project. */
export const KERNEL_REPORT = "build/bench/kernel.json";

export interface KernelBenchOptions {
  /** How often every kernel gets its turn. Default 3. */
  rounds?: number;
  /** Which kernels to measure. Default: all that are found. */
  kernels?: string[];
}

export interface KernelReport {
  machine: Record<string, string | number>;
  rows: KernelRow[];
  goals: Goal[];
  markdown: string;
}

/**
 * Measures Jupyter kernels side by side: each round starts every kernel once, in an order that
 * changes from round to round, so that what slows the machine for a while slows them all. A kernel
 * that fails is left out from then on, and the report says why.
 * The report is written to build/bench/kernel.json.
 */
export async function benchKernels({
  rounds = 3,
  kernels,
}: KernelBenchOptions = {}): Promise<KernelReport> {
  const { found, missing } = findContestants(ROOT);
  const contestants = found.filter(({ name }) => !kernels || kernels.includes(name));
  if (contestants.length === 0) {
    throw new Error(`None of these kernels is here: ${kernels?.join(", ")}. Run npm run setup.`);
  }
  if (!kernels && missing.length > 0) {
    console.error(`Left out: ${missing.join(", ")}`);
  }
  // Inside the project, whose packages the cells import.
  const cwd = join(ROOT, "build/bench/work");
  mkdirSync(cwd, { recursive: true });
  const measured = contestants.map((): Figures[] => []);
  const failures: (string | undefined)[] = contestants.map(() => undefined);
  const load: number[] = [loadavg()[0]];
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contestants.length; i++) {
      const turn = (round + i) % contestants.length;
      if (failures[turn] !== undefined) {
        continue;
      }
      console.error(`round ${round + 1} of ${rounds}: ${contestants[turn].name}`);
      try {
        measured[turn].push(await measure(contestants[turn], cwd));
      } catch (error) {
        failures[turn] = `round ${round + 1}: ${(error as Error).message}`;
        console.error(`${contestants[turn].name} failed and is left out: ${failures[turn]}`);
      }
    }
    load.push(loadavg()[0]);
  }
  const rows = contestants.map(({ name }, i) => ({
    kernel: name,
    figures: medians(measured[i]),
    failure: failures[i],
  }));
  const goals = goalsOf(rows);
  const report: KernelReport = {
    machine: {
      processor: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
      memoryGb: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      rounds,
      highestLoad: Math.max(...load),
    },
    rows,
    goals,
    markdown: markdown(rows, goals),
  };
  writeAtomically(join(ROOT, KERNEL_REPORT), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}
