import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { type Look, MainThreadStopwatch } from "../../../kernel/front/mainThread";

const root = join(__dirname, "../../..");
const STOPWATCH = join(root, "kernel/front/mainThread.ts");

/** What a stopwatch shows after these looks at the thread. */
function shown(...looks: Look[]): number {
  const [first, ...others] = looks;
  let now = first;
  const stopwatch = new MainThreadStopwatch(() => now);
  for (now of others) {
    stopwatch.update();
  }
  return stopwatch.elapsed;
}

test("a thread that is held up in a wait is timed by the clock", () => {
  const waiting = (at: number): Look => ({ at, used: 50, ready: false });
  assert.equal(shown(waiting(1000), waiting(1025), waiting(1400)), 400);
});

test("one that is ready is timed by the processor time that it gets, be it little or none", () => {
  const ready = (at: number, used: number): Look => ({ at, used, ready: true });
  assert.equal(shown(ready(0, 70), ready(500, 70), ready(2000, 70)), 0);
  assert.equal(shown(ready(0, 70), ready(500, 80), ready(2000, 270)), 200);
});

test("each stretch counts as the thread is found at its end", () => {
  const looks: Look[] = [
    { at: 0, used: 0, ready: true },
    { at: 100, used: 10, ready: true },
    { at: 300, used: 10, ready: false },
    { at: 900, used: 30, ready: true },
  ];
  assert.equal(shown(...looks), 10 + 200 + 20);
});

/** Longer than any of it takes on a busy machine: it ends a test that hangs. */
const GUARD_MS = 120_000;

/**
 * Keeps this thread at work until a worker's stopwatch, on the real thread, shows 200 ms.
 * @param work goes on until the flag is raised
 */
async function timed(work: (flag: Int32Array<SharedArrayBuffer>) => void): Promise<void> {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const code = `
    const { parentPort, workerData: flag } = require("node:worker_threads");
    const { MainThreadStopwatch } = require(${JSON.stringify(STOPWATCH)});
    parentPort.once("message", () => {
      const stopwatch = new MainThreadStopwatch();
      const timer = setInterval(() => {
        stopwatch.update();
        if (stopwatch.elapsed < 200) return;
        clearInterval(timer);
        Atomics.store(flag, 0, 1);
        Atomics.notify(flag, 0);
      }, 25);
    });
    parentPort.postMessage("ready");
  `;
  const tsx = join(root, "node_modules/tsx/dist/cjs/index.cjs");
  const worker = new Worker(code, { eval: true, execArgv: ["-r", tsx], workerData: flag });
  await once(worker, "message");
  worker.postMessage("go");
  work(flag);
  await worker.terminate();
}

test("on the real thread it runs while that is held up in a wait", async () => {
  let outcome = "";
  await timed((flag) => {
    outcome = Atomics.wait(flag, 0, 0, GUARD_MS);
  });
  assert.notEqual(outcome, "timed-out");
});

test("and while it computes", async () => {
  let raised = false;
  await timed((flag) => {
    const end = performance.now() + GUARD_MS;
    while (!raised && performance.now() < end) {
      raised = Atomics.load(flag, 0) === 1;
    }
  });
  assert.ok(raised);
});
