// Runs what is missing of the matrix and keeps each result, so that a stopped matrix can go on.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { executeNotebook, type Limits } from "../../runner/execute";
import { failureLine } from "../../runner/judge";
import type { KernelMaker, KernelSource } from "../../runner/kernels";
import { parseNotebook, writeAtomically } from "../../runner/notebookFile";
import type { Outcome } from "../../runner/outcomes";
import { dataVariables } from "./data";
import { type Run, resultFile } from "./plan";

/** What came of a run. */
export interface Result {
  key: string;
  ok: boolean;
  seconds: number;
  /** One line; null where all went well. */
  error: string | null;
  /** Each assertion, in the lesson's order; none of a run in a page. */
  outcomes: Outcome[];
}

export interface RunMatrixOptions {
  runs: readonly Run[];
  /** The kernel of engines in Node.js. */
  spec: KernelSource;
  /** That of engines in a page. */
  pages?: KernelMaker;
  limits: Limits;
  /** How many runs at once. */
  jobs: number;
  /** Where results lie. */
  folder: string;
  /** Whether results that are there are made again. */
  fresh: boolean;
  /** Stops the matrix; what was done is kept. */
  signal?: AbortSignal;
  /** Hears of a run that has ended: how many of those that had to be run are over. */
  onResult?: (run: Run, result: Result, over: number, of: number) => void;
}

/**
 * Runs the cells of the matrix that have no result or an old one.
 * @returns the results there are now; runs that were not come to are missing.
 */
export async function runMatrix(options: RunMatrixOptions): Promise<Map<Run, Result>> {
  const { runs, folder, fresh, signal } = options;
  const results = new Map<Run, Result>();
  for (const run of runs) {
    const kept = fresh ? undefined : readResult(resultFile(folder, run), run.key);
    if (kept) {
      results.set(run, kept);
    }
  }
  const waiting = runs.filter((run) => !results.has(run));
  const of = waiting.length;
  let over = 0;
  const worker = async () => {
    for (let run = waiting.shift(); run && !signal?.aborted; run = waiting.shift()) {
      const { result, conclusive } = await runOne(run, options);
      // What was interrupted says nothing of the lesson.
      if (signal?.aborted && !result.ok) {
        return;
      }
      if (conclusive) {
        const file = resultFile(folder, run);
        mkdirSync(dirname(file), { recursive: true });
        writeAtomically(file, `${JSON.stringify(result, null, 1)}\n`);
      }
      results.set(run, result);
      over += 1;
      options.onResult?.(run, result, over, of);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  return results;
}

/** Runs a lesson; it is not conclusive where its kernel did not even start. */
async function runOne(
  run: Run,
  options: RunMatrixOptions,
): Promise<{ result: Result; conclusive: boolean }> {
  const { lesson, engine, data, seed, key } = run;
  const notebook = parseNotebook(lesson.text, lesson.name);
  const { failure, seconds, outcomes } = await executeNotebook(notebook, {
    path: lesson.path,
    spec: kernelFor(run, options),
    env: {
      KARENINA_MODE: "fast",
      KARENINA_SEED: `${seed ?? ""}`,
      ...engine.env,
      ...dataVariables(data, options.folder),
    },
    limits: options.limits,
    signal: options.signal,
    countAssertions: !engine.inPage,
  });
  const result = {
    key,
    ok: failure === undefined,
    seconds: Math.round(seconds * 10) / 10,
    error: failure ? failureLine(failure) : null,
    outcomes: outcomes ?? [],
  };
  return { result, conclusive: failure === undefined || failure.cell !== undefined };
}

function kernelFor({ engine }: Run, { spec, pages }: RunMatrixOptions): KernelSource {
  if (!engine.inPage) {
    return spec;
  }
  if (!pages) {
    throw new Error(`Engine ${engine.name} needs kernels in pages.`);
  }
  return pages;
}

function readResult(file: string, key: string): Result | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  try {
    const result = JSON.parse(readFileSync(file, "utf8")) as Result;
    return result.key === key ? result : undefined;
  } catch {
    // Not one of ours: the run replaces it.
    return undefined;
  }
}
