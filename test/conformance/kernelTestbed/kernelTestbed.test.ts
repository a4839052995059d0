// What runtimed's kernel-testbed asks of a kernel, by the names that its board gives its 27 tests.
// https://github.com/runtimed/kernel-testbed; karenina.patch beside this file adds the kernel to it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Request, Subscriber } from "zeromq";
import { Sockets } from "../../../kernel/front/sockets";
import type { Kernel, Message } from "../../../runner/client";
import { type ConnectionInfo, createConnectionFile } from "../../../runner/client/connection";
import { Wire } from "../../../runner/client/message";
import { start } from "../../kernel/process/kernels";

const LIMIT = { timeoutMs: 120_000 };

/** The board's own snippets for TypeScript; those of the two displays are the patch's. */
const patch = readFileSync(join(__dirname, "karenina.patch"), "utf8");
const patched = (key: string): string => {
  const [, text] = new RegExp(`^\\+ +"${key}": (".*"),$`, "m").exec(patch) ?? [];
  return JSON.parse(text ?? "null");
};
const SNIPPETS = {
  complete: "const x = 1",
  completionSetup: "const testVariableForCompletion = 42",
  completionName: "testVariableForCompletion",
  completionPrefix: "testVariableFor",
  rich: '[{letter: "A", frequency: 0.08167}, {letter: "B", frequency: 0.01492}]',
  display: patched("display_data_code"),
  update: patched("update_display_data_code"),
};

const kernel = start();

/** All that a cell causes: its reply, and its messages on iopub. */
async function run(code: string, stdin?: string) {
  const messages: Message[] = [];
  const done = await (await kernel).execute(code, {
    ...LIMIT,
    onOutput: (message) => messages.push(message),
    ...(stdin === undefined ? {} : { onStdin: () => stdin }),
  });
  const types = messages.map(({ header }) => header.msg_type);
  return { ...done, messages, types };
}

async function ask(type: string, content: object, channel: "shell" | "control" = "shell") {
  return (await (await kernel).request(type, content, { channel, ...LIMIT })).content;
}

const streamOf = ({ messages }: { messages: Message[] }, name: string) =>
  messages.map(({ content }) => (content.name === name ? content.text : "")).join("");

const TESTS: Record<string, (k: Kernel) => Promise<unknown>> = {
  heartbeat_responds: () =>
    withSockets(async ({ hb_port }) => {
      const heart = new Request({ linger: 0 });
      try {
        heart.connect(`tcp://127.0.0.1:${hb_port}`);
        await heart.send("ping");
        assert.equal(String(await heart.receive()), "ping");
      } finally {
        heart.close();
      }
    }),
  // JEP 65.
  iopub_welcome: () =>
    withSockets(async ({ iopub_port, key }) => {
      const subscriber = new Subscriber({ linger: 0 });
      try {
        subscriber.connect(`tcp://127.0.0.1:${iopub_port}`);
        subscriber.subscribe("topic");
        const { header, content } = new Wire(key).decode(await subscriber.receive());
        assert.deepEqual([header.msg_type, content.subscription], ["iopub_welcome", "topic"]);
      } finally {
        subscriber.close();
      }
    }),
  kernel_info_reply_valid: async () =>
    assert.equal((await ask("kernel_info_request", {})).status, "ok"),
  kernel_info_has_language_info: async ({ info }) =>
    assert.ok((info.language_info as { name: string }).name),
  kernel_info_has_protocol_version: async ({ info }) => assert.ok(info.protocol_version),
  execute_stdout: async () =>
    assert.match(streamOf(await run("console.log('hello')"), "stdout"), /hello/),
  execute_stderr: async () =>
    assert.match(streamOf(await run("console.error('error')"), "stderr"), /error/),
  execute_reply_ok: async () => assert.equal((await run(SNIPPETS.complete)).status, "ok"),
  status_busy_idle_lifecycle: async () => {
    const { messages } = await run(SNIPPETS.complete);
    const states = messages.flatMap(({ content }) => content.execution_state ?? []);
    assert.deepEqual(states, ["busy", "idle"]);
  },
  execute_input_broadcast: async () =>
    assert.ok((await run(SNIPPETS.complete)).types.includes("execute_input")),
  complete_request: async () => {
    await run(SNIPPETS.completionSetup);
    const code = SNIPPETS.completionPrefix;
    const reply = await ask("complete_request", { code, cursor_pos: code.length });
    assert.equal(reply.status, "ok");
    assert.deepEqual(reply.matches, [SNIPPETS.completionName]);
  },
  inspect_request: async () => {
    await run(SNIPPETS.completionSetup);
    const code = SNIPPETS.completionName;
    const content = { code, cursor_pos: code.length, detail_level: 0 };
    assert.equal((await ask("inspect_request", content)).status, "ok");
  },
  is_complete_complete: async () =>
    assert.equal(
      (await ask("is_complete_request", { code: SNIPPETS.complete })).status,
      "complete",
    ),
  is_complete_incomplete: async () =>
    assert.equal((await ask("is_complete_request", { code: "const x = {" })).status, "incomplete"),
  history_request: async () => {
    await run(SNIPPETS.complete);
    const request = { hist_access_type: "tail", n: 10, output: false, raw: true };
    assert.equal((await ask("history_request", request)).status, "ok");
  },
  comm_info_request: async () => assert.equal((await ask("comm_info_request", {})).status, "ok"),
  error_handling: async () => {
    const { status, types } = await run("function function");
    assert.equal(status, "error");
    assert.ok(types.includes("error"));
  },
  display_data: async () => assert.ok((await run(SNIPPETS.display)).types.includes("display_data")),
  update_display_data: async () => {
    const { types } = await run(SNIPPETS.update);
    assert.ok(types.includes("display_data") && types.includes("update_display_data"));
  },
  execute_result: async () => assert.ok((await run("1 + 1")).types.includes("execute_result")),
  rich_execute_result: async () =>
    assert.ok((await run(SNIPPETS.rich)).types.includes("execute_result")),
  stdin_input_request: async () => {
    const { status, outputs } = await run("prompt('Enter: ')", '"test_input_42"');
    assert.equal(status, "ok");
    assert.match(JSON.stringify(outputs), /test_input_42/);
  },
  comms_lifecycle: async (k) => {
    const closed = new Promise<unknown>((resolve) => {
      const stop = k.listen((_channel, { header, content }) => {
        if (header.msg_type === "comm_close") {
          stop();
          resolve(content.comm_id);
        }
      });
    });
    const content = { comm_id: "test-comm", target_name: "jupyter.kernel_testbed.test", data: {} };
    // Nobody answers comm messages but by a comm_close.
    k.request("comm_open", content, LIMIT).catch(() => {});
    assert.equal(await closed, "test-comm");
    assert.equal((await run(SNIPPETS.complete)).status, "ok");
  },
  interrupt_request: async () =>
    assert.equal((await ask("interrupt_request", {}, "control")).status, "ok"),
  execution_count_increments: async () => {
    const first = await run(SNIPPETS.complete);
    const second = await run(SNIPPETS.complete);
    assert.equal(second.executionCount, (first.executionCount ?? 0) + 1);
  },
  parent_header_correlation: async () => {
    const { messages, reply } = await run("console.log('hello')");
    const parents = new Set(messages.map(({ parent_header }) => parent_header.msg_id));
    assert.deepEqual([...parents], [reply.parent_header.msg_id]);
  },
  shutdown_reply: async () =>
    assert.equal((await ask("shutdown_request", { restart: false }, "control")).status, "ok"),
};

/** The kernel's sockets alone, whose ports a test may look at. */
async function withSockets(look: (info: ConnectionInfo) => Promise<void>): Promise<void> {
  const { info, remove } = await createConnectionFile("testbed");
  const sockets = new Sockets(info);
  try {
    await sockets.open(() => {});
    await look(info);
  } finally {
    sockets.close();
    remove();
  }
}

test("there are as many as on the board", () => {
  assert.equal(Object.keys(TESTS).length, 27);
});

for (const [name, check] of Object.entries(TESTS)) {
  test(name, async () => {
    await check(await kernel);
  });
}
