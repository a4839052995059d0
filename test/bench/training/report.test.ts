import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { Performance } from "../../../bench/training/contest";
import { writeTableInto } from "../../../bench/training/index";
import { makeRows, markdownTable } from "../../../bench/training/report";
import { workloads } from "../../../bench/training/workloads";

const W5 = workloads.filter(({ name }) => name === "W5");
const performance = (engine: string, turns: number[]): Performance => ({
  engine,
  turns,
  loss: 1,
  peakBytes: 300 * 2 ** 20,
  cores: 2,
  foreignCores: 0,
});

test("the table sets the library beside the fastest of the others, turn by turn", () => {
  const rows = makeRows(
    W5[0],
    [
      performance("karenina", [0.004, 0.004, 0.005]),
      performance("karenina-wasm", [0.001, 0.001, 0.001]),
      performance("pytorch", [0.008, 0.004, 0.005]),
      performance("jax", [0.01, 0.01, 0.01]),
    ],
    100,
  );
  const [head, rule, line, ...more] = markdownTable(W5, rows).split("\n");
  assert.equal(more.length, 0);
  const cells = (text: string) => text.split("|").map((cell) => cell.trim());
  assert.deepEqual(cells(head).slice(2, 6), [
    "karenina",
    "PyTorch",
    "JAX",
    "karenina on WebAssembly",
  ]);
  assert.match(rule, /^[| -]+$/);
  // The turns' ratios beside PyTorch are 2, 1 and 1; the library's own WebAssembly is no other.
  assert.deepEqual(cells(line).slice(2), [
    "4.00 ms",
    "5.00 ms",
    "10.0 ms",
    "1.00 ms",
    "1.00 x (1.00 to 1.50)",
    `${Math.round((100 * W5[0].gflop) / 0.004 / 100)} %`,
    "300 MB (300 MB)",
    "",
  ]);
});

test("alone, the library has nobody to be compared with", () => {
  const rows = makeRows(W5[0], [performance("karenina", [0.004])], 100);
  assert.match(markdownTable(W5, rows).split("\n")[2], /\| 4\.00 ms +\| +\| \d+ % +\| 300 MB +\|$/);
});

test("a README keeps one table for each machine, the newest first", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "bench-"));
  const file = path.join(folder, "README.md");
  const write = (processor: string, markdown: string) =>
    writeTableInto(file, {
      markdown,
      rows: [],
      machine: {
        processor,
        instructions: "AVX2",
        caches: "L1 32K",
        cores: 2,
        sgemmGflops: 100,
        date: "2026-11-30",
        versions: "PyTorch 2",
      },
    });
  try {
    fs.writeFileSync(file, "before\n\n<!-- bench -->\n<!-- /bench -->\n\nafter\n");
    write("A", "| old |");
    write("B", "| b |");
    write("A", "| new |");
    assert.equal(
      fs.readFileSync(file, "utf8"),
      [
        "before\n\n<!-- bench -->",
        "<!-- machine: 2 cores of A, AVX2 -->",
        "2026-11-30: 2 cores of A, AVX2; L1 32K; matrix product 100 GFLOP/s; PyTorch 2.",
        "| new |",
        "<!-- machine: 2 cores of B, AVX2 -->",
        "2026-11-30: 2 cores of B, AVX2; L1 32K; matrix product 100 GFLOP/s; PyTorch 2.",
        "| b |",
        "<!-- /bench -->\n\nafter\n",
      ].join("\n\n"),
    );
    fs.writeFileSync(file, "nothing");
    assert.throws(() => write("A", "| |"), /has no place for the table/);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
