import { mkdirSync, readFileSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import { codeCells } from "./codeCells";
import { executeNotebook, type Limits, type NotebookRun } from "./execute";
import { type Failure, failureLine } from "./judge";
import type { KernelSource } from "./kernels";
import {
  type Notebook,
  notebookText,
  parseNotebook,
  upgradeNotebook,
  writeAtomically,
} from "./notebookFile";
import type { Outcome } from "./outcomes";
import {
  countOutcomes,
  type NotebookReport,
  type Report,
  removeReports,
  rowName,
  writeReports,
} from "./report";
import { copyPaths, storeExecuted } from "./store";

/** Hears how the run goes. */
export interface RunListener {
  started(path: string, cells: number): void;
  progressed(path: string, over: number): void;
  finished(row: NotebookReport, outcome: { skipped: number; failure?: Failure }): void;
  warned(path: string, text: string): void;
}

export interface RunOptions {
  /** Absolute paths. */
  notebooks: readonly string[];
  /** The project: reported paths are relative to it. */
  root: string;
  spec: KernelSource;
  mode: string;
  limits: Limits;
  /** How many notebooks run at once. */
  jobs: number;
  /** Whether outputs are stored in the notebooks themselves. */
  write: boolean;
  /** Where executed copies and reports go. */
  outFolder: string;
  env: NodeJS.ProcessEnv;
  listener: RunListener;
  /** Stops the run: running cells are interrupted, no further notebook is begun. */
  signal?: AbortSignal;
  heartbeatTimeoutMs?: number;
  /**
   * Runs each notebook so many times, first with its own seeds, then with KARENINA_SEED at 2, 3, ...,
   * and counts how often each assertion held. Default: one run, which ends at a failed assertion.
   */
  seeds?: number;
}

interface Job {
  path: string;
  /** The path as reported. */
  name: string;
  /** See {@link NotebookReport.seed}. */
  seed: number | null | undefined;
  copy: string;
  /** The file's text when it was read. */
  text: string;
  notebook: Notebook;
}

/**
 * Executes notebooks, goes on after one that fails, and writes executed copies, report.json and
 * junit.xml. A run that was stopped is reported too, the rest as not executed.
 * @throws Error before anything is started where a file cannot be read or is no notebook.
 */
export async function runNotebooks(options: RunOptions): Promise<Report> {
  const { notebooks, root, outFolder, spec, mode } = options;
  const copies = copyPaths(notebooks, root, outFolder);
  const jobs = notebooks.flatMap((path, index): Job[] => {
    const text = readFileSync(path, "utf8");
    const name = reportedPath(path, root);
    return seedsOf(options).map((seed) => {
      const copy = seed ? copies[index].replace(/(\.ipynb)?$/, `.seed-${seed}$1`) : copies[index];
      return { path, name, seed, copy, text, notebook: parseNotebook(text, name) };
    });
  });
  removeReports(outFolder);
  mkdirSync(outFolder, { recursive: true });

  const rows = new Map<Job, NotebookReport>();
  const failures = new Map<NotebookReport, Failure>();
  const outcomes = new Map<Job, readonly Outcome[]>();
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const run = await runJob(job, options);
      const row = reportRow(job, run);
      rows.set(job, row);
      outcomes.set(job, run.outcomes ?? []);
      if (run.failure) {
        failures.set(row, run.failure);
      }
      options.listener.finished(row, run);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));

  const report: Report = { kernel: spec.name, mode, notebooks: jobs.map((job) => rows.get(job)!) };
  if (options.seeds !== undefined) {
    report.assertions = countOutcomes(
      jobs.map((job) => ({ row: rows.get(job)!, outcomes: outcomes.get(job)! })),
    );
  }
  writeReports(outFolder, report, failures);
  return report;
}

async function runJob(job: Job, options: RunOptions): Promise<NotebookRun> {
  const { path, seed, copy, notebook } = job;
  const { listener, mode, signal } = options;
  const name = rowName({ path: job.name, seed });
  upgradeNotebook(notebook);
  listener.started(name, codeCells(notebook).length);
  const run = await executeNotebook(notebook, {
    path,
    spec: options.spec,
    // Nobody's progress, unless the variable names a file, and nobody's history: a program runs the
    // cells, no student.
    env: {
      KARENINA_PROGRESS: "",
      ...options.env,
      KARENINA_HISTORY: "off",
      KARENINA_MODE: mode,
      ...seedVariable(seed),
    },
    countAssertions: options.seeds !== undefined,
    limits: options.limits,
    signal,
    heartbeatTimeoutMs: options.heartbeatTimeoutMs,
    onProgress: (over) => listener.progressed(name, over),
  });
  writeAtomically(copy, notebookText(notebook));
  if (options.write && !run.failure) {
    run.failure = store(job, listener);
  }
  return run;
}

function store({ path, name, text, notebook }: Job, listener: RunListener): Failure | undefined {
  if (readFileSync(path, "utf8") !== text) {
    return { summary: "it was not stored: the file was changed while it was being executed" };
  }
  try {
    const warning = storeExecuted(path, notebook);
    if (warning) {
      listener.warned(name, warning);
    }
    return undefined;
  } catch (error) {
    return { summary: (error as Error).message };
  }
}

/** The first run is that of a user who sets no seed. */
function seedsOf({ seeds }: RunOptions): (number | null | undefined)[] {
  return seeds === undefined
    ? [undefined]
    : Array.from({ length: seeds }, (_, index) => (index === 0 ? null : index + 1));
}

/** Without a run over seeds the user's variable stays; the library reads an empty one as none. */
function seedVariable(seed: number | null | undefined): NodeJS.ProcessEnv {
  return seed === undefined ? {} : { KARENINA_SEED: `${seed ?? ""}` };
}

function reportRow({ name, seed }: Job, run: NotebookRun): NotebookReport {
  return {
    path: name,
    ok: run.failure === undefined,
    cells: run.cells,
    executed: run.executed,
    seconds: Math.round(run.seconds * 1000) / 1000,
    error: run.failure ? failureLine(run.failure) : null,
    ...(seed !== undefined && { seed }),
  };
}

function reportedPath(path: string, root: string): string {
  const inside = relative(root, path);
  return (inside.startsWith("..") || isAbsolute(inside) ? path : inside).split(sep).join("/");
}
