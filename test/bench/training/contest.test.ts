import assert from "node:assert/strict";
import { test } from "node:test";
import { type Contestant, contest, median } from "../../../bench/training/contest";
import { makeRows } from "../../../bench/training/report";
import { workloads } from "../../../bench/training/workloads";

/** A contestant that claims the same time for every step. */
function claiming(engine: string, seconds: number, failing = false): Contestant {
  const program = `
    console.log("a library's greeting");
    console.log(JSON.stringify({ ready: true }));
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      if (${failing}) throw new Error("out of memory");
      const steps = Number(line.split(" ")[1]);
      console.log(JSON.stringify({
        seconds: new Array(steps).fill(${seconds}), loss: 2.5, peakBytes: 2 ** 30, cpuSeconds: 0 }));
    });`;
  return { engine, command: process.execPath, args: ["-e", program] };
}

const options = { rounds: 3, steps: 2, cwd: process.cwd() };

test("contestants take turns, and their ratios come out", async () => {
  const results = await contest([claiming("karenina", 0.5), claiming("pytorch", 1)], options);
  assert.deepEqual(
    results.map(({ turns }) => turns),
    [
      [0.5, 0.5, 0.5],
      [1, 1, 1],
    ],
  );
  const workload = workloads[0];
  const rows = makeRows(workload, results, 2 * workload.gflop);
  assert.equal(rows[0].secondsPerStep, 0.5);
  assert.deepEqual(rows[0].ratio, { pytorch: 2 });
  assert.deepEqual(rows[1].ratio, { karenina: 0.5 });
  assert.equal(rows[0].fractionOfPeak, 1);
  assert.equal(rows[0].loss, 2.5);
});

test("a contestant that fails is named with its last words", async () => {
  await assert.rejects(
    contest([claiming("karenina", 1), claiming("keras", 1, true)], options),
    /keras ended early.*out of memory/s,
  );
  await assert.rejects(
    contest([{ engine: "missing", command: "/no/such/program", args: [] }], options),
    /ENOENT/,
  );
});

test("the median is the middle, or the mean of the two in the middle", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
});

test("a step of each training takes the operations that its sizes make", () => {
  const gflop = Object.fromEntries(workloads.map((w) => [w.name, Math.round(w.gflop * 100) / 100]));
  assert.deepEqual(
    [gflop.W1, gflop.W2, gflop.W3, gflop.W5, gflop.W6],
    [204.51, 3.62, 0.56, 0.41, 23.35],
  );
});
