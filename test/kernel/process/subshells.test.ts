// Subshells (JEP 91): cells beside the main shell's.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../runner/client";
import { errorOf, printed, result, start } from "./kernels";

const kernel = start();
const LIMIT = { timeoutMs: 120_000 };

async function ask(type: string, content: object = {}) {
  const options = { channel: "control", ...LIMIT } as const;
  return (await (await kernel).request(type, content, options)).content;
}

async function open(): Promise<string> {
  const { status, subshell_id } = await ask("create_subshell_request");
  assert.equal(status, "ok");
  return String(subshell_id);
}

/** Runs a cell in the main shell, and `meanwhile` once it has printed. */
async function during(code: string, meanwhile: () => Promise<void>) {
  let asked: Promise<void> | undefined;
  const done = await (await kernel).execute(code, {
    ...LIMIT,
    onOutput: ({ header }) => {
      if (header.msg_type === "stream") {
        asked ??= meanwhile();
      }
    },
  });
  await asked;
  return done;
}

test("they are created, listed and deleted", async () => {
  const [one, two] = [await open(), await open()];
  assert.deepEqual((await ask("list_subshell_request")).subshell_id, [one, two]);
  assert.deepEqual(await ask("delete_subshell_request", { subshell_id: one }), { status: "ok" });
  assert.deepEqual((await ask("list_subshell_request")).subshell_id, [two]);
  const gone = await ask("delete_subshell_request", { subshell_id: one });
  assert.deepEqual([gone.status, gone.ename], ["error", "UnknownSubshell"]);
  const lost = await (await kernel).execute("1", { ...LIMIT, subshell: one });
  assert.equal(lost.status, "error");
  assert.match(String(lost.reply.content.evalue), /no subshell/);
  assert.equal(result(await (await kernel).execute("1 + 1", { ...LIMIT, subshell: two })), "2");
});

test("a cell of one runs while the main shell's waits; each output has its own parent", async () => {
  const k = await kernel;
  const subshell = await open();
  await k.execute("let release = () => {}; let count = 0;");
  const main = await during(
    "console.log('main 1'); await new Promise<void>((r) => { release = r; }); console.log('main 2', count); count",
    async () => {
      const beside = await k.execute(
        "console.log('beside 1'); await new Promise((r) => setTimeout(r, 20)); count = 5; console.log('beside 2'); count * 2",
        { ...LIMIT, subshell },
      );
      assert.equal(printed(beside), "beside 1\nbeside 2\n");
      assert.equal(result(beside), "10");
      assert.equal(beside.reply.parent_header.subshell_id, subshell);
      assert.equal((await k.execute("release()", { ...LIMIT, subshell })).status, "ok");
    },
  );
  assert.equal(printed(main), "main 1\nmain 2 5\n");
  assert.equal(result(main), "5");
});

test("cells of one subshell run one after the other, and an error aborts those behind it there only", async () => {
  const k = await kernel;
  const subshell = await open();
  const main = await during(
    "console.log('on'); await new Promise((r) => setTimeout(r, 300)); 'main'",
    async () => {
      const beside = (code: string) => k.execute(code, { ...LIMIT, subshell });
      const ended = await Promise.all([
        beside("const order = [1]; await new Promise((r) => setTimeout(r, 50)); order.push(2);"),
        beside("order.push(3); order.join()"),
        beside("throw new RangeError('here')"),
        beside("'never'"),
      ]);
      assert.equal(result(ended[1]), "'1,2,3'");
      assert.equal(errorOf(ended[2]).evalue, "here");
      assert.equal(ended[3].status, "aborted");
    },
  );
  assert.equal(result(main), "'main'");
});

test("names, counts and history are one session's", async () => {
  const k = await kernel;
  const subshell = await open();
  const first = await k.execute("const shared = 20", LIMIT);
  const second = await k.execute("const more: number = shared + 1; more", { ...LIMIT, subshell });
  assert.equal(result(second), "21");
  assert.equal(second.executionCount, (first.executionCount ?? 0) + 1);
  assert.equal(result(await k.execute("more * 2", LIMIT)), "42");
  const { content } = await k.request("history_request", { hist_access_type: "tail", n: 2 }, LIMIT);
  assert.deepEqual(
    (content.history as unknown[][]).map((entry) => entry[2]),
    ["const more: number = shared + 1; more", "more * 2"],
  );
});

test("Stop ends what runs in all of them, and all go on", async () => {
  const k = await kernel;
  const subshell = await open();
  let beside: Promise<{ status: string }> | undefined;
  const main = await during("console.log('on'); await new Promise(() => {});", async () => {
    beside = k.execute("await new Promise(() => {});", { ...LIMIT, subshell });
    // It has begun when it is counted as running: an input message says so.
    await until(
      ({ header, content }) =>
        header.msg_type === "execute_input" && String(content.code).startsWith("await"),
    );
    await k.interrupt({ timeoutMs: 120_000 });
  });
  assert.equal(errorOf(main).ename, "KeyboardInterrupt");
  assert.equal((await beside)?.status, "error");
  assert.equal(result(await k.execute("1 + 1", { ...LIMIT, subshell })), "2");
  assert.equal(result(await k.execute("1 + 1", LIMIT)), "2");
});

test("a loop in one is stopped as anywhere", async () => {
  const k = await kernel;
  const subshell = await open();
  const looping = await k.execute("console.log('loops'); while (true) {}", {
    ...LIMIT,
    subshell,
    onOutput: ({ header }) => {
      if (header.msg_type === "stream") {
        void k.interrupt({ timeoutMs: 120_000 });
      }
    },
  });
  assert.equal(errorOf(looping).ename, "KeyboardInterrupt");
});

test("a question of one is answered by who sent the cell", async () => {
  const k = await kernel;
  const subshell = await open();
  const main = await during(
    "console.log('on'); await new Promise((r) => setTimeout(r, 200)); 7",
    async () => {
      const asked = await k.execute("prompt('Who?')", {
        ...LIMIT,
        subshell,
        onStdin: () => "Levin",
      });
      assert.equal(result(asked), "'Levin'");
    },
  );
  assert.equal(result(main), "7");
});

test("what is deleted lets its cell end and aborts those behind it", async () => {
  const k = await kernel;
  const subshell = await open();
  await k.execute("let finish = () => {};", LIMIT);
  const running = k.execute("await new Promise<void>((r) => { finish = r; }); 'ended'", {
    ...LIMIT,
    subshell,
  });
  const waiting = k.execute("1", { ...LIMIT, subshell });
  await until(
    ({ header, content }) =>
      header.msg_type === "execute_input" && String(content.code).includes("finish = r"),
  );
  await ask("delete_subshell_request", { subshell_id: subshell });
  assert.equal((await waiting).status, "aborted");
  await k.execute("finish()", LIMIT);
  assert.equal(result(await running), "'ended'");
});

test("usage says what the process and its machine use", async () => {
  const usage = await ask("usage_request");
  const { kernel_memory, kernel_cpu, cpu_count, host_cpu_percent, pid } = usage as Record<
    string,
    number
  >;
  assert.equal(pid, (await kernel).pid);
  assert.ok(kernel_memory > 20e6 && cpu_count >= 1 && kernel_cpu >= 0);
  assert.ok(host_cpu_percent >= 0 && host_cpu_percent <= 100);
  const memory = usage.host_virtual_memory as Record<string, number>;
  assert.equal(memory.used + memory.free, memory.total);
});

/** Resolves with the next message on iopub that is as expected. */
async function until(expected: (message: Message) => boolean): Promise<void> {
  const k = await kernel;
  await new Promise<void>((resolve) => {
    const stop = k.listen((channel, message) => {
      if (channel === "iopub" && expected(message)) {
        stop();
        resolve();
      }
    });
  });
}
