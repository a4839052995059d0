import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KernelError, OutputArea } from "./client";
import { type CodeCell, codeCells, storeOutputs } from "./codeCells";
import { type Failure, type Fault, firstLine, judge } from "./judge";
import { type KernelSource, type NotebookKernel, startFrom } from "./kernels";
import { type Notebook, sourceOf } from "./notebookFile";
import { failedAssertions, type Outcome, OutcomeRecorder } from "./outcomes";

/** Time limits in seconds; 0 means none. */
export interface Limits {
  cell: number;
  notebook: number;
}

export interface ExecuteNotebookOptions {
  /** The notebook's file: the kernel works in its folder. */
  path: string;
  /** Where its kernel comes from. */
  spec: KernelSource;
  /** Variables that win over those of the kernel's specification. */
  env: NodeJS.ProcessEnv;
  limits: Limits;
  /** Stops the run: the cell is interrupted, then the kernel killed. */
  signal?: AbortSignal;
  /** See the client's StartOptions. */
  heartbeatTimeoutMs?: number;
  /**
   * Whether the outcome of each assertion is recorded. One that fails does not end its cell then; the
   * run has failed all the same. The kernel must be a Node.js process.
   */
  countAssertions?: boolean;
  /** Called after every code cell with how many are over. */
  onProgress?: (over: number) => void;
}

export interface NotebookRun {
  /** Code cells that have code. */
  cells: number;
  /** Those that the kernel ran to their end, be it a good one or not. */
  executed: number;
  /** Those that are tagged `skip-execution`. */
  skipped: number;
  seconds: number;
  failure?: Failure;
  /** Where assertions are counted: each with its outcome, in the notebook's order. */
  outcomes?: Outcome[];
}

/**
 * Runs a notebook's code cells in order on a kernel of its own and puts their outputs and counts
 * into the notebook. Stops at the first cell that fails; that is a result, not a rejection.
 */
export async function executeNotebook(
  notebook: Notebook,
  options: ExecuteNotebookOptions,
): Promise<NotebookRun> {
  const started = performance.now();
  const cells = codeCells(notebook);
  const run: NotebookRun = {
    cells: cells.length,
    executed: 0,
    skipped: cells.filter(({ skip }) => skip).length,
    seconds: 0,
  };
  if (run.skipped === run.cells) {
    run.failure = {
      summary:
        run.cells === 0
          ? "the notebook has no code cell: nothing ran"
          : 'every code cell is tagged "skip-execution": nothing ran',
    };
    return run;
  }
  if (options.signal?.aborted) {
    run.failure = { summary: "the run was interrupted before this notebook began" };
    return run;
  }
  const recorder = options.countAssertions ? new OutcomeRecorder(cells) : undefined;
  let kernel: NotebookKernel | undefined;
  try {
    kernel = await startFrom(options.spec, {
      cwd: dirname(options.path),
      env: recorder?.environment(options.env) ?? options.env,
      signal: options.signal,
      heartbeatTimeoutMs: options.heartbeatTimeoutMs,
    });
    notebook.metadata.language_info ??= kernel.info.language_info;
    run.failure = await runCells(kernel, cells, run, options, started);
  } catch (error) {
    if (!(error instanceof KernelError)) {
      throw error;
    }
    run.failure = { summary: firstLine(error.message)!, details: error.message };
  } finally {
    // A failed kernel may hang on; there is nothing to be gained by asking it politely.
    await (run.failure ? kernel?.kill() : kernel?.shutdown());
    run.outcomes = recorder?.outcomes(run.failure);
    recorder?.dispose();
  }
  run.failure ??= failedAssertions(run.outcomes ?? []);
  storeOutputs(cells);
  run.seconds = (performance.now() - started) / 1000;
  return run;
}

async function runCells(
  kernel: NotebookKernel,
  cells: readonly CodeCell[],
  run: NotebookRun,
  options: ExecuteNotebookOptions,
  started: number,
): Promise<Failure | undefined> {
  const { limits, signal } = options;
  const notebookEnd = limits.notebook ? started + limits.notebook * 1000 : Infinity;
  const done: CodeCell[] = [];
  const last = cells.findLast(({ skip }) => !skip);
  for (const [index, cell] of cells.entries()) {
    if (!cell.skip) {
      cell.area = new OutputArea(kernel.displays);
      const remaining = Math.max(notebookEnd - performance.now(), 0);
      const fault = await runCell(kernel, cell, {
        limits,
        signal,
        timeoutMs: Math.min(limits.cell ? limits.cell * 1000 : Infinity, remaining),
        drainMs: cell === last ? 200 : undefined,
        afterError: done.at(-1)?.errorExpected ?? false,
      });
      run.executed += fault?.ran === false ? 0 : 1;
      if (fault) {
        return inCell(cell, fault);
      }
      done.push(cell);
      const late = lateFailure(done);
      if (late) {
        return late;
      }
    }
    options.onProgress?.(index + 1);
  }
  return undefined;
}

interface CellOptions {
  limits: Limits;
  signal: AbortSignal | undefined;
  timeoutMs: number;
  drainMs: number | undefined;
  /** The cell before raised an error that was expected. */
  afterError: boolean;
}

/**
 * How long a kernel may refuse cells after an error. Stock tslab does so for 0.2 s, although it was
 * asked not to (`stop_on_error: false`): too short for a person to notice.
 */
const REFUSAL_MS = 300;

/** Runs one cell; `ran` is false in the fault where the kernel did not bring it to an end. */
async function runCell(
  kernel: NotebookKernel,
  { code, area, errorExpected }: CodeCell,
  { limits, signal, timeoutMs, drainMs, afterError }: CellOptions,
): Promise<(Fault & { ran?: boolean }) | undefined> {
  let stop: (() => void) | undefined;
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) {
      stop();
    }
  });
  const execute = () =>
    kernel.execute(code, { area, timeoutMs, drainMs, stopOnError: !errorExpected });
  try {
    let result = await Promise.race([execute(), stopped]);
    if (afterError && result && /^abort(ed)?$/.test(result.status)) {
      await sleep(REFUSAL_MS);
      result = await Promise.race([execute(), stopped]);
    }
    if (!result) {
      await interruptAndWait(kernel);
      return { summary: "the run was interrupted", ran: false };
    }
    const { status, outputs, reply } = result;
    const fault = judge({ status, outputs, reply: reply.content }, errorExpected);
    return fault && { ...fault, ran: status === "ok" || status === "error" };
  } catch (error) {
    if (!(error instanceof KernelError)) {
      throw error;
    }
    if (error.kind === "timeout") {
      await interruptAndWait(kernel);
      return { summary: limitText(limits, timeoutMs), ran: false };
    }
    return { summary: firstLine(error.message)!, details: error.message, ran: false };
  } finally {
    signal?.removeEventListener("abort", stop!);
  }
}

function limitText(limits: Limits, timeoutMs: number): string {
  return limits.cell && timeoutMs >= limits.cell * 1000
    ? `the cell ran longer than ${limits.cell} s, the limit for a cell (--timeout-cell)`
    : `the notebook ran longer than ${limits.notebook} s, its limit (--timeout-notebook)`;
}

/** Interrupts and waits until the kernel is idle, so that the traceback is had, or for a second. */
async function interruptAndWait(kernel: NotebookKernel): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(finish, 1000);
    const stop = kernel.listen((channel, { header, content }) => {
      if (
        channel === "iopub" &&
        header.msg_type === "status" &&
        content.execution_state === "idle"
      ) {
        // The reply to an interrupt message has an idle of its own, a moment before the cell's.
        setTimeout(finish, 50);
      }
    });
    function finish() {
      clearTimeout(timer);
      stop();
      resolve();
    }
    kernel.interrupt({ timeoutMs: 1000 }).catch(() => {});
  });
}

/** An error that a cell's timers or promises raised after the cell had been found good. */
function lateFailure(done: readonly CodeCell[]): Failure | undefined {
  for (const cell of done) {
    const { errorExpected, area } = cell;
    const late = !errorExpected && judge({ status: "ok", outputs: area.outputs }, false);
    if (late) {
      return inCell(cell, { ...late, summary: `${late.summary} (raised after the cell's end)` });
    }
  }
  return undefined;
}

function inCell({ number, cell }: CodeCell, { summary, details }: Fault): Failure {
  return { cell: number, line: firstLine(sourceOf(cell)), summary, details };
}
