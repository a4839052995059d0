import { readFileSync } from "node:fs";
import { type Kernel, startKernel } from "../../runner/client";
import { median } from "../training/contest";
import type { Contestant } from "./contestants";
import { measureControls } from "./controls";

/** What was measured of one kernel; milliseconds and megabytes, null where it has no such thing. */
export interface Figures {
  /** From the start of the process to the answer to the first request. */
  startMs: number;
  /** `1+1` after one idle second. */
  firstCellMs: number;
  /** `1+1` once others ran, the median. */
  warmCellMs: number;
  /** The slowest but ten of 1,000 such cells. */
  slowCellMs: number;
  /** The cell that imports @tensorflow/tfjs. */
  importMs: number | null;
  /** A short cell after that import, the median. */
  afterImportMs: number | null;
  /** Tab on a tensor's member, the median. */
  completionMs: number;
  /** Shift-Tab on a library's function, the median. */
  inspectionMs: number;
  /** Resident memory of the kernel's process after the import. */
  memoryMb: number | null;
  /** By how much it grew over 200 cells, after 200 to warm up. */
  growthMb: number | null;
  /** From a slider's move to a step of a training with that rate, the median; the kernel's part. */
  rateMs: number | null;
  /** From a slider's move to the figure that `interact` draws for it, the median. */
  figureMs: number | null;
}

/** Beyond it a kernel counts as failed. */
const LIMIT = { timeoutMs: 30_000 };
const REPEATS = 30;
const CELLS = 200;
const MANY = 1000;

/** Starts a kernel, measures it, and ends it. */
export async function measure(contestant: Contestant, cwd: string): Promise<Figures> {
  const began = performance.now();
  const kernel = await startKernel({ spec: contestant.spec, cwd });
  const startMs = performance.now() - began;
  try {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const firstCellMs = await cell(kernel, "1+1");
    const warmCellMs = await repeated((i) => cell(kernel, `1+${i}`));
    const slowCellMs = await percentile99((i) => cell(kernel, `1+${i}`));
    const { importLibrary, useLibrary } = contestant;
    const importMs = importLibrary ? await cell(kernel, importLibrary) : null;
    const afterImportMs = useLibrary ? await repeated((i) => cell(kernel, useLibrary(i))) : null;
    const completionMs = await repeated((i) =>
      help(kernel, "complete_request", contestant.completion(i)),
    );
    const inspectionMs = await repeated((i) =>
      help(kernel, "inspect_request", contestant.inspection(i)),
    );
    const memoryMb = residentMb(kernel.pid);
    await cells(kernel, contestant, 0);
    const before = residentMb(kernel.pid);
    await cells(kernel, contestant, CELLS);
    const after = residentMb(kernel.pid);
    return {
      startMs,
      firstCellMs,
      warmCellMs,
      slowCellMs,
      importMs,
      afterImportMs,
      completionMs,
      inspectionMs,
      memoryMb,
      growthMb: before === null || after === null ? null : after - before,
      ...(contestant.controls ? await measureControls(kernel) : { rateMs: null, figureMs: null }),
    };
  } finally {
    await kernel.shutdown();
  }
}

/**
 * Sends a request and gives its reply's content and the time until that came. Then, outside that
 * time, it waits for the `idle`: stock tslab fails when the next request comes while it sends that,
 * and now and then never sends it.
 */
async function ask(kernel: Kernel, type: string, content: object) {
  const idle = new Set<string>();
  let noticed = () => {};
  const stop = kernel.listen((channel, { header, parent_header, content }) => {
    if (channel === "iopub" && header.msg_type === "status" && content.execution_state === "idle") {
      idle.add(parent_header.msg_id ?? "");
      noticed();
    }
  });
  try {
    const began = performance.now();
    const reply = await kernel.request(type, content, LIMIT);
    const took = performance.now() - began;
    const request = reply.parent_header.msg_id ?? "";
    const patience = performance.now() + 1000;
    while (!idle.has(request) && performance.now() < patience) {
      await new Promise<void>((resolve) => {
        noticed = resolve;
        setTimeout(resolve, patience - performance.now()).unref();
      });
    }
    return { reply: reply.content, took };
  } finally {
    stop();
  }
}

/** The time from sending a cell to its reply, in milliseconds. The cell must succeed. */
async function cell(kernel: Kernel, code: string): Promise<number> {
  const content = { code, silent: false, store_history: true, user_expressions: {} };
  const { reply, took } = await ask(kernel, "execute_request", content);
  if (reply.status !== "ok") {
    throw new Error(`${kernel.spec.name} failed on ${code}: ${JSON.stringify(reply)}`);
  }
  return took;
}

async function cells(kernel: Kernel, { ordinaryCell }: Contestant, from: number): Promise<void> {
  for (let i = from; i < from + CELLS; i++) {
    await cell(kernel, ordinaryCell(i));
  }
}

async function help(kernel: Kernel, request: string, code: string): Promise<number> {
  const content = { code, cursor_pos: code.length, detail_level: 0 };
  const { reply, took } = await ask(kernel, request, content);
  const matches = reply.matches as unknown[] | undefined;
  if (reply.status !== "ok" || reply.found === false || matches?.length === 0) {
    throw new Error(`${kernel.spec.name} has no help on ${code}: ${JSON.stringify(reply)}`);
  }
  return took;
}

async function repeated(once: (i: number) => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    times.push(await once(i));
  }
  return median(times);
}

/** What 99 of 100 take at most. */
async function percentile99(once: (i: number) => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < MANY; i++) {
    times.push(await once(i));
  }
  return times.sort((a, b) => a - b)[Math.ceil(0.99 * MANY) - 1];
}

/** Resident memory in megabytes; null where the system does not tell it this way. */
function residentMb(pid: number | undefined): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}
