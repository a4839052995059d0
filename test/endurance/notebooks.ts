import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { descendantsOf } from "../../bench/usage";
import { findKernelSpec } from "../../runner/client";
import { runNotebooks } from "../../runner/run";
import { type Reading, vitalsOf } from "./course";

const ROOT = join(__dirname, "../..");
const FOLDER = join(ROOT, "build/endurance/notebooks");

/** Every tenth notebook imports the library and draws; that takes most of a lesson's start. */
function cellsOf(i: number): string[] {
  const plain = [`const number: number = ${i};`, 'console.log("x".repeat(10_000));', "number + 1"];
  const drawing = [
    'import { lineFigure } from "karenina";',
    'lineFigure([0, 1], [number, 0], { title: "A line" })',
  ];
  return i % 10 === 0 ? [...plain, ...drawing] : plain;
}

function write(i: number): string {
  const path = join(FOLDER, `notebook-${i}.ipynb`);
  const cells = cellsOf(i).map((source, place) => ({
    cell_type: "code",
    id: `cell-${place}`,
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  }));
  writeFileSync(path, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return path;
}

/**
 * Executes notebooks one after another by one runner, and reads the runner after every
 * tenth: its memory, its open files, and that no kernel has outlived its notebook.
 *
 * @throws Error where a notebook failed or a kernel was left over
 */
export async function manyNotebooks(
  { notebooks: count }: { notebooks: number },
  report: (reading: Reading) => void,
): Promise<void> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const notebooks = Array.from({ length: count }, (_, i) => write(i));
  let done = 0;
  let since = performance.now();
  const { notebooks: rows } = await runNotebooks({
    notebooks,
    root: ROOT,
    jobs: 1,
    mode: "fast",
    write: false,
    env: {},
    spec: findKernelSpec("karenina", { root: ROOT }),
    limits: { cell: 60, notebook: 60 },
    outFolder: join(FOLDER, "out"),
    listener: {
      started: () => {},
      progressed: () => {},
      warned: () => {},
      finished: () => {
        if (++done % 10 > 0) {
          return;
        }
        const milliseconds = (performance.now() - since) / 10;
        report({ done, milliseconds, ...vitalsOf(process.pid) });
        since = performance.now();
      },
    },
  });
  const failed = rows.filter(({ ok }) => !ok);
  if (failed.length > 0) {
    throw new Error(`${failed.length} failed, first: ${failed[0].error}`);
  }
  const left = descendantsOf(String(process.pid)).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("karenina-kernel"),
  );
  if (left.length > 0) {
    throw new Error(`Kernels were left over: ${left.join(", ")}.`);
  }
}
