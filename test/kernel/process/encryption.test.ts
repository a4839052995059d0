// CurveZMQ: sockets that talk to nobody but those who hold the kernel's key.
import assert from "node:assert/strict";
import { test } from "node:test";
import { printed, result, start } from "./kernels";

const kernel = start(undefined, { encrypted: true });
const LIMIT = { timeoutMs: 120_000 };

test("a kernel with keys runs cells, asks, is stopped and beats, all of it encrypted", async () => {
  const k = await kernel;
  const done = await k.execute("console.log('hidden'); prompt('Name?')", {
    ...LIMIT,
    onStdin: () => "Kitty",
  });
  assert.equal(printed(done), "hidden\n");
  assert.equal(result(done), "'Kitty'");
  const stopped = await k.execute("console.log('on'); while (true) {}", {
    ...LIMIT,
    onOutput: ({ header }) => {
      if (header.msg_type === "stream") {
        void k.interrupt(LIMIT);
      }
    },
  });
  assert.equal(stopped.status, "error");
  assert.equal(result(await k.execute("1 + 1", LIMIT)), "2");
  assert.deepEqual(k.protocolFaults, []);
});
