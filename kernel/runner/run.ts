import { mkdirSync, readFileSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import type { KernelSpec } from "../client";
import { codeCells } from "./code-cells";
import { executeNotebook, type Failure, type Limits, type NotebookRun } from "./execute";
import {
  type Notebook,
  notebookText,
  parseNotebook,
  upgradeNotebook,
  writeAtomically,
} from "./notebook-file";
import {
  failureLine,
  type NotebookReport,
  type Report,
  removeReports,
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
  spec: KernelSpec;
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
}

interface Job {
  path: string;
  /** The path as reported. */
  name: string;
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
  const jobs = notebooks.map((path, index): Job => {
    const text = readFileSync(path, "utf8");
    const name = reportedPath(path, root);
    return { path, name, copy: copies[index], text, notebook: parseNotebook(text, name) };
  });
  removeReports(outFolder);
  mkdirSync(outFolder, { recursive: true });

  const rows = new Map<Job, NotebookReport>();
  const failures = new Map<NotebookReport, Failure>();
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const run = await runJob(job, options);
      const row = reportRow(job, run);
      rows.set(job, row);
      if (run.failure) {
        failures.set(row, run.failure);
      }
      options.listener.finished(row, run);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));

  const report: Report = { kernel: spec.name, mode, notebooks: jobs.map((job) => rows.get(job)!) };
  writeReports(outFolder, report, failures);
  return report;
}

async function runJob(job: Job, options: RunOptions): Promise<NotebookRun> {
  const { path, name, copy, notebook } = job;
  const { listener, mode, signal } = options;
  upgradeNotebook(notebook);
  listener.started(name, codeCells(notebook).length);
  const run = await executeNotebook(notebook, {
    path,
    spec: options.spec,
    env: { ...options.env, KARENINA_MODE: mode },
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

function reportRow({ name }: Job, run: NotebookRun): NotebookReport {
  return {
    path: name,
    ok: run.failure === undefined,
    cells: run.cells,
    executed: run.executed,
    seconds: Math.round(run.seconds * 1000) / 1000,
    error: run.failure ? failureLine(run.failure) : null,
  };
}

function reportedPath(path: string, root: string): string {
  const inside = relative(root, path);
  return (inside.startsWith("..") || isAbsolute(inside) ? path : inside).split(sep).join("/");
}
