import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  type Kernel,
  KernelError,
  type Output,
  OutputArea,
  startKernel,
} from "../../../runner/client";
import { eventually, isRunning, scripted, withGrowingLimit } from "./kernels";

const started: Kernel[] = [];
after(() => Promise.all(started.map((kernel) => kernel.kill())));

async function start(...traits: string[]): Promise<Kernel> {
  const kernel = await startKernel({ spec: scripted(...traits) });
  started.push(kernel);
  return kernel;
}

function textOf(outputs: readonly Output[]): string {
  return outputs.map((output) => (output.output_type === "stream" ? output.text : "")).join("");
}

function kind(expected: string) {
  return (error: unknown) => error instanceof KernelError && error.kind === expected;
}

/** One kernel for the tests that leave it well. */
const shared = startKernel({ spec: scripted() });
after(async () => (await shared).shutdown());

test("a cell gives its status, count, outputs and reply", async () => {
  const kernel = await shared;
  const code = 'publish("stream", { name: "stdout", text: "hello" });';
  const heard: string[] = [];
  const result = await kernel.execute(code, {
    onOutput: ({ header }) => heard.push(header.msg_type),
  });
  assert.equal(result.status, "ok");
  assert.deepEqual(result.outputs, [{ output_type: "stream", name: "stdout", text: "hello" }]);
  assert.equal(result.executionCount, result.reply.content.execution_count);
  assert.deepEqual(heard, ["status", "execute_input", "stream", "status"]);
  assert.equal(kernel.info.implementation, "scripted");
});

test("an error of the code is a result, and the next cell runs", async () => {
  const kernel = await shared;
  const failed = await kernel.execute('throw new RangeError("too far")');
  assert.equal(failed.status, "error");
  const [error] = failed.outputs;
  assert.equal(error.output_type === "error" && error.ename, "RangeError");
  assert.equal((await kernel.execute("")).status, "ok");
});

test("100,000 lines and 20,000 updates of a display come through complete", async () => {
  const kernel = await shared;
  const lines = await kernel.execute(
    'for (let i = 0; i < 100000; i++) publish("stream", { name: "stdout", text: i + "\\n" });',
  );
  assert.equal(textOf(lines.outputs), Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join(""));
  let updates = 0;
  const { outputs } = await kernel.execute(
    `const show = (type, i) => publish(type, { data: { "text/plain": String(i) }, metadata: {},
       transient: { display_id: "counter" } });
     show("display_data", 0);
     for (let i = 1; i <= 20000; i++) show("update_display_data", i);`,
    {
      onOutput: ({ header }) => {
        updates += header.msg_type === "update_display_data" ? 1 : 0;
      },
    },
  );
  assert.equal(updates, 20_000);
  assert.deepEqual(outputs, [
    { output_type: "display_data", data: { "text/plain": "20000" }, metadata: {} },
  ]);
});

test("a display is updated from another cell", async () => {
  const kernel = await shared;
  const show = (type: string, text: string) =>
    kernel.execute(
      `publish("${type}", { data: { "text/plain": "${text}" }, transient: { display_id: "d" } })`,
    );
  const { outputs } = await show("display_data", "old");
  await show("update_display_data", "new");
  assert.deepEqual(outputs, [
    { output_type: "display_data", data: { "text/plain": "new" }, metadata: {} },
  ]);
});

test("output that comes after idle still lands in its cell", async () => {
  const kernel = await shared;
  const after = (ms: number) =>
    `later(${ms}, () => publish("stream", { name: "stdout", text: "late" }));`;
  const soon = await kernel.execute(after(5), { drainMs: 1000 });
  assert.equal(textOf(soon.outputs), "late", "stragglers are waited for");
  const { outputs } = await kernel.execute(after(300));
  await eventually(() => textOf(outputs) === "late", "what comes later is still added");
});

test("requests for input are answered; where nobody can answer, that is an error", async () => {
  const kernel = await start();
  const code = 'publish("stream", { name: "stdout", text: await ask("Name? ") });';
  const { outputs } = await kernel.execute(code, { onStdin: async (prompt) => `${prompt}Anna` });
  assert.equal(textOf(outputs), "Name? Anna");
  await assert.rejects(kernel.execute(code), kind("input"));
});

test("allow_stdin says whether there is somebody to ask", async () => {
  const kernel = await shared;
  const code = 'publish("stream", { name: "stdout", text: String(request.content.allow_stdin) });';
  assert.equal(textOf((await kernel.execute(code)).outputs), "false");
  assert.equal(textOf((await kernel.execute(code, { onStdin: () => "" })).outputs), "true");
});

for (const interruptMode of ["signal", "message"] as const) {
  test(`an interrupt by ${interruptMode} stops the cell and keeps the kernel`, async () => {
    const kernel = await startKernel({ spec: { ...scripted(), interruptMode } });
    started.push(kernel);
    const running = kernel.execute(
      "state.kept = 1; publish('clear_output', {}); await interrupted;",
      {
        onOutput: ({ header }) => {
          if (header.msg_type === "clear_output") {
            void kernel.interrupt();
          }
        },
      },
    );
    assert.equal((await running).status, "ok");
    const { outputs } = await kernel.execute(
      'publish("stream", { name: "stdout", text: String(state.kept) });',
    );
    assert.equal(textOf(outputs), "1");
  });
}

test("the time limit rejects and keeps the outputs that there were", async () => {
  const code = 'publish("stream", { name: "stdout", text: "so far" }); await interrupted;';
  await withGrowingLimit(async (timeoutMs) => {
    const kernel = await start();
    const area = new OutputArea();
    await assert.rejects(kernel.execute(code, { timeoutMs, area }), kind("timeout"));
    return textOf(area.outputs) === "so far";
  }, "the output is there");
});

test("a reply without idle is an error, however long the cell may take", async () => {
  const kernel = await start();
  await assert.rejects(
    kernel.execute("withholdIdle()", { idleTimeoutMs: 100, timeoutMs: 60_000 }),
    kind("no-idle"),
  );
});

test("idle without a reply is an error", async () => {
  const kernel = await start();
  await assert.rejects(
    kernel.execute("reply(undefined)", { idleTimeoutMs: 100, timeoutMs: 60_000 }),
    kind("no-reply"),
  );
});

test("an aborted cell is reported as such", async () => {
  const kernel = await shared;
  assert.equal((await kernel.execute('reply({ status: "aborted" })')).status, "aborted");
});

test("a kernel that kills itself is noticed, with what it printed and wrote before", async () => {
  const kernel = await start();
  const area = new OutputArea();
  const running = kernel.execute(
    `publish("stream", { name: "stdout", text: "last output" });
     require("node:fs").writeSync(2, "last words");
     later(100, () => process.kill(process.pid, "SIGKILL"));
     await interrupted;`,
    { area },
  );
  await assert.rejects(running, (error: KernelError) => {
    assert.equal(error.kind, "died");
    assert.match(error.message, /SIGKILL[\s\S]*last words/);
    return true;
  });
  assert.equal(textOf(area.outputs), "last output");
  await assert.rejects(kernel.execute(""), kind("died"));
  await assert.rejects(kernel.request("kernel_info_request", {}), kind("died"));
});

test("a kernel that exits by itself is reported with its exit code", async () => {
  const kernel = await start();
  await assert.rejects(kernel.execute("process.exit(3)"), /exited with code 3/);
});

test("a stopped kernel is found silent", { skip: process.platform !== "linux" }, async () => {
  const kernel = await startKernel({ spec: scripted(), heartbeatTimeoutMs: 400 });
  started.push(kernel);
  const running = kernel.execute('process.kill(process.pid, "SIGSTOP"); await interrupted;');
  await assert.rejects(running, kind("silent"));
});

test("a kernel that computes without answering its heartbeat is not silent", async () => {
  const kernel = await startKernel({ spec: scripted(), heartbeatTimeoutMs: 1500 });
  started.push(kernel);
  const busy = "const end = Date.now() + 5000; while (Date.now() < end);";
  assert.equal((await kernel.execute(busy)).status, "ok");
});

test("forged messages are passed over and noted", async () => {
  const kernel = await start();
  const { outputs } = await kernel.execute(
    `const message = wire.compose("stream", { name: "stdout", text: "forged" }, request.header);
     const frames = wire.encode(message);
     frames[1] = Buffer.from("0".repeat(64));
     await iopub.send(["stream", ...frames]);`,
  );
  assert.deepEqual(outputs, []);
  assert.match(kernel.protocolFaults.join(), /iopub: .*wrong signature/);
});

test("shutdown ends the kernel, its children and its connection file", async () => {
  const kernel = await start();
  const { outputs } = await kernel.execute(
    `const { spawn } = require("node:child_process");
     const child = spawn("sleep", ["600"], { stdio: "ignore" });
     publish("stream", { name: "stdout", text: String(child.pid) });`,
  );
  const child = Number(textOf(outputs));
  assert.ok(isRunning(child));
  await Promise.all([kernel.shutdown(), kernel.shutdown()]);
  assert.ok(!isRunning(kernel.pid!));
  await eventually(() => !isRunning(child), "the kernel's child ends");
  await assert.rejects(kernel.execute(""), kind("closed"));
});

test("a kernel that ignores shutdown is killed", async () => {
  const kernel = await start("ignore-shutdown");
  await kernel.shutdown({ timeoutMs: 200 });
  assert.ok(!isRunning(kernel.pid!));
});
