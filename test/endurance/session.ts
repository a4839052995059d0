import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findKernelSpec, startKernel } from "../../runner/client";
import { READINGS, type Reading, vitalsOf } from "./course";
import { kinds, MODULE, PREPARATION } from "./sessionCells";

export interface SessionOptions {
  /** How many cells are run. */
  cells: number;
  /** Over how long they are spread; a cell waits for its turn. */
  minutes: number;
}

const ROOT = join(__dirname, "../..");

/**
 * One kernel's long session: cells of every kind that a lesson has in turns, each answer checked,
 * with Tab, Shift-Tab and Stop between them.
 *
 * @throws Error that names the cell whose answer was wrong
 */
export async function longSession(
  { cells, minutes }: SessionOptions,
  report: (reading: Reading) => void,
): Promise<void> {
  const cwd = join(ROOT, "build/endurance/session");
  mkdirSync(cwd, { recursive: true });
  const spec = findKernelSpec("karenina", { root: ROOT });
  const kernel = await startKernel({ spec, cwd });
  try {
    const prepared = await kernel.execute(PREPARATION, { timeoutMs: 60_000 });
    if (prepared.status !== "ok") {
      throw new Error(JSON.stringify(prepared.outputs));
    }
    const begun = performance.now();
    let busy = 0;
    const every = Math.max(kinds.length, Math.round(cells / READINGS));
    for (let i = 0; i < cells; i++) {
      await pause(Math.max(0, begun + (i * minutes * 60_000) / cells - performance.now()));
      writeFileSync(join(cwd, MODULE), `export const edited = ${i};\n`);
      const started = performance.now();
      await kinds[i % kinds.length](kernel, i);
      busy += performance.now() - started;
      if ((i + 1) % every === 0) {
        report({ done: i + 1, milliseconds: busy / every, ...vitalsOf(kernel.pid!) });
        busy = 0;
      }
    }
  } finally {
    await kernel.shutdown();
  }
}
