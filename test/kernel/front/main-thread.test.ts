import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

const root = join(__dirname, "../../..");
const STOPWATCH = join(root, "kernel/front/main-thread.ts");

/** Has a worker time what the main thread does meanwhile; resolves with what its stopwatch shows. */
async function timed(work: () => void): Promise<number> {
  const code = `
    const { parentPort } = require("node:worker_threads");
    const { MainThreadStopwatch } = require(${JSON.stringify(STOPWATCH)});
    parentPort.once("message", () => {
      clearInterval(timer);
      stopwatch.update();
      parentPort.postMessage(stopwatch.elapsed);
    });
    const stopwatch = new MainThreadStopwatch();
    const timer = setInterval(() => stopwatch.update(), 25);
    parentPort.postMessage("ready");
  `;
  const tsx = join(root, "node_modules/tsx/dist/cjs/index.cjs");
  const worker = new Worker(code, { eval: true, execArgv: ["-r", tsx] });
  await once(worker, "message");
  work();
  worker.postMessage("done");
  const [elapsed] = await once(worker, "message");
  await worker.terminate();
  return elapsed;
}

/** Computes for so many milliseconds on the wall's clock; returns what the process had of them. */
function compute(milliseconds: number): number {
  const before = process.cpuUsage();
  for (const end = performance.now() + milliseconds; performance.now() < end; );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test("the stopwatch runs while the main thread is held up in a wait", async () => {
  const elapsed = await timed(() => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  });
  assert.ok(elapsed > 350, `${elapsed} of 400 ms`);
});

test("it runs while the main thread computes, and stands still while others have the processors", async (t) => {
  if (process.platform !== "linux") {
    t.skip("other systems do not tell how a thread fares");
    return;
  }
  const others = Array.from({ length: 4 * availableParallelism() }, () =>
    spawn(process.execPath, ["-e", "console.log(); for (;;);"], {
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  t.after(() => {
    for (const other of others) other.kill("SIGKILL");
  });
  await Promise.all(others.map(({ stdout }) => once(stdout, "data")));
  let used = 0;
  const elapsed = await timed(() => {
    used = compute(2000);
  });
  assert.ok(used < 1500, `the others left ${used} of 2000 ms`);
  assert.ok(elapsed > 0.5 * used && elapsed < used + 100, `${elapsed} ms, had ${used} ms`);
});
