import assert from "node:assert/strict";
import { test } from "node:test";
import { SHARED, type ToFront } from "../../../kernel/channel";
import { Link } from "../../../kernel/process/link";

function linkWith(limit: number) {
  const shared = new Int32Array(new SharedArrayBuffer(4 * SHARED.length));
  const sent: string[] = [];
  const worker = {
    postMessage(message: ToFront) {
      if (message.type === "stream") {
        sent.push(message.text);
      }
    },
  };
  return { link: new Link(worker as never, shared, limit), shared, sent };
}

test("a piece of output longer than the limit goes out where nothing is before it", () => {
  const { link, shared, sent } = linkWith(10);
  link.stream("stdout", "x".repeat(50), undefined);
  assert.equal(sent.join("").length, 50);
  assert.equal(shared[SHARED.backlog], 50);
});

test("printing waits for room, and no longer than until Stop", async () => {
  const { link, shared, sent } = linkWith(10);
  link.stream("stdout", "x".repeat(11), undefined);
  // Nobody takes it: only Stop, which is set from elsewhere, ends the wait.
  const { Worker } = await import("node:worker_threads");
  const other = new Worker(
    'const { workerData } = require("node:worker_threads"); workerData[0] = 1; Atomics.notify(workerData, 4);',
    { eval: true, workerData: shared },
  );
  link.stream("stdout", "y", undefined);
  assert.equal(shared[SHARED.stop], 1);
  assert.deepEqual(sent, ["x".repeat(11), "y"]);
  await other.terminate();
});
