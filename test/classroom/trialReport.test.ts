import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ClassroomReport,
  markdown,
  memoryFor,
  type StudentRow,
  sizingOf,
} from "./trial/report";

const row = (student: string, own: number): StudentRow => ({
  student,
  serverSeconds: 4,
  kernelSeconds: 2,
  lessonSeconds: 60,
  peak: { pss: own + 1e8, own, anonymous: own, cpuSeconds: 30 },
});

const measured = {
  rows: [row("a", 6e8), row("b", 8e8)],
  together: { pss: 1.5e9, own: 1.3e9 },
  hubPss: 1e8,
};

test("what all share is there once, the rest for each student", () => {
  const sizing = sizingOf(measured);
  assert.deepEqual(sizing, { shared: 3e8, own: 7e8, cpuSeconds: 30 });
  assert.equal(memoryFor(sizing, 10), 7.3e9);
});

test("the report tells each student, sizes, and what was not refused", () => {
  const report: ClassroomReport = {
    ...measured,
    machine: { cores: 2, processor: "a processor", memoryGb: 24, loadBefore: 0.5 },
    kernel: "karenina",
    notebook: "notebooks/07.ipynb",
    totalSeconds: 70,
    barriers: [
      { attempt: "read", holds: true, seen: "EACCES" },
      { attempt: "write", holds: false, seen: "done" },
    ],
    sizing: sizingOf(measured),
  };
  const text = markdown(report);
  assert.match(text, /\| a \| 4\.0 s \| 2\.0 s \| 60\.0 s \| 700 MB \| 600 MB \| 30\.0 s \|/);
  assert.match(text, /\| 20 \| 14\.3 GB \|/);
  assert.match(text, /- refused: read \(EACCES\)\n- NOT REFUSED: write \(done\)/);
});
