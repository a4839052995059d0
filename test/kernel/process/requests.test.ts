import assert from "node:assert/strict";
import { test } from "node:test";
import { printed, result, start } from "./kernels";

const kernel = start();

async function ask(type: string, content: object, channel: "shell" | "control" = "shell") {
  const reply = await (await kernel).request(type, content, { channel, timeoutMs: 120_000 });
  return reply.content as Record<string, unknown>;
}

test("kernel_info says who this is", async () => {
  const info = await ask("kernel_info_request", {});
  assert.equal(info.implementation, "karenina-kernel");
  assert.equal(info.protocol_version, "5.5");
  assert.deepEqual(info.supported_features, ["kernel subshells", "debugger"]);
  assert.equal((info.language_info as { name: string }).name, "typescript");
});

test("kernel_info, history and comm_info are answered while a loop is running", async () => {
  const k = await kernel;
  const busy = k.execute("console.log('on'); while (true) {}", {
    onOutput: async ({ header }) => {
      if (header.msg_type === "stream") {
        assert.equal((await ask("kernel_info_request", {})).status, "ok");
        assert.equal((await ask("kernel_info_request", {}, "control")).status, "ok");
        assert.equal((await ask("comm_info_request", {})).status, "ok");
        await k.interrupt();
      }
    },
  });
  assert.equal((await busy).status, "error");
});

test("history knows what was run", async () => {
  const k = await kernel;
  await k.execute("const past = 1");
  await k.execute("past + 1");
  await k.execute("'secret'", { storeHistory: false });
  const { history } = await ask("history_request", {
    hist_access_type: "tail",
    n: 2,
    output: false,
    raw: true,
  });
  assert.deepEqual(
    (history as unknown[][]).map((entry) => entry[2]),
    ["const past = 1", "past + 1"],
  );
  const found = await ask("history_request", {
    hist_access_type: "search",
    pattern: "*past +*",
    n: 5,
    output: true,
    raw: true,
  });
  assert.deepEqual(
    (found.history as unknown[][]).map((entry) => entry[2]),
    [["past + 1", null]],
  );
});

test("positions count characters, not UTF-16 units", async () => {
  const code = 'const smile = "😀😀"; smile.toUpp';
  const reply = await ask("complete_request", { code, cursor_pos: [...code].length });
  assert.deepEqual(reply.matches, ["toUpperCase"]);
  assert.equal(reply.cursor_start, [...code].length - 5);
  const inspected = await ask("inspect_request", {
    code,
    cursor_pos: [...code].length - 7,
    detail_level: 0,
  });
  assert.match((inspected.data as Record<string, string>)["text/plain"], /const smile: "😀😀"/);
  assert.deepEqual(await ask("is_complete_request", { code: "if (a) {" }), {
    status: "incomplete",
    indent: "  ",
  });
});

test("comms: the front end opens one, both sides speak, an unknown target is closed", async () => {
  const k = await kernel;
  await k.execute(
    "jupyter.comms.register('echo', (comm) => { comm.onMessage = (data) => comm.send({ back: data }); });",
  );
  const heard: [string, unknown][] = [];
  const stop = k.listen((channel, { header, content }) => {
    if (channel === "iopub" && header.msg_type.startsWith("comm_")) {
      heard.push([header.msg_type, content.data ?? null]);
    }
  });
  // Nobody answers comm messages: the kernel's info, asked for after them, comes when they are through.
  const send = (type: string, content: object) =>
    void k.request(type, content, { timeoutMs: 120_000 }).catch(() => {});
  send("comm_open", { comm_id: "c1", target_name: "echo", data: {} });
  send("comm_msg", { comm_id: "c1", data: { n: 1 } });
  send("comm_open", { comm_id: "c2", target_name: "nobody", data: {} });
  await k.execute("1");
  stop();
  assert.deepEqual(heard, [
    ["comm_msg", { back: { n: 1 } }],
    ["comm_close", {}],
  ]);
  assert.deepEqual((await ask("comm_info_request", { target_name: "echo" })).comms, {
    c1: { target_name: "echo" },
  });
});

test("a kernel that serves something beside a running cell is busy all the while", async () => {
  const k = await kernel;
  const states: string[] = [];
  const stop = k.listen((channel, { header, content }) => {
    if (channel === "iopub" && header.msg_type === "status") {
      states.push(String(content.execution_state));
    }
  });
  let asked = false;
  await k.execute(
    "console.log('on'); await new Promise((r) => setTimeout(r, 200)); console.log()",
    {
      onOutput: async ({ header }) => {
        if (header.msg_type === "stream" && !asked) {
          asked = true;
          await ask("kernel_info_request", {});
          await ask("complete_request", { code: "Mat", cursor_pos: 3 });
        }
      },
    },
  );
  stop();
  // What is left of the test before may come first.
  const during = states.slice(states.indexOf("busy"));
  assert.ok(during.filter((state) => state === "idle").length > 1, states.join());
  assert.deepEqual(
    during.filter((state, i) => state === "idle" && during[i + 1] !== "busy"),
    ["idle"],
    "only the cell's own end leaves the kernel idle",
  );
});

test("output while a question of the editor's is answered still belongs to its cell", async () => {
  const k = await kernel;
  const running = k.execute(
    "const during = 1; for (let i = 0; i < 5; i++) { await new Promise((r) => setTimeout(r, 40)); console.log(i); }",
  );
  await ask("complete_request", { code: "Mat", cursor_pos: 3 });
  assert.equal(printed(await running), "0\n1\n2\n3\n4\n");
  assert.equal(result(await k.execute("during + 1")), "2");
});

test("a cell that asks about a name is answered with a page of help", async () => {
  const k = await kernel;
  for (const code of ["Math.max?", "?Math.max", "Math.max??"]) {
    const { status, reply } = await k.execute(code);
    assert.equal(status, "ok");
    const [page] = reply.content.payload as { source: string; data: Record<string, string> }[];
    assert.equal(page.source, "page");
    assert.match(page.data["text/plain"], /max\(\.\.\.values: number\[\]\): number/);
  }
  assert.equal((await ask("is_complete_request", { code: "Math.max?" })).status, "complete");
});

test("a cell that ends in display shows nothing besides", async () => {
  const { outputs } = await (await kernel).execute('display({ "text/html": "<b>x</b>" });');
  assert.deepEqual(
    outputs.map(({ output_type }) => output_type),
    ["display_data"],
  );
});

test("comms: metadata and buffers go along, so that widgets know their protocol", async () => {
  const k = await kernel;
  const heard: unknown[] = [];
  const stop = k.listen((channel, { header, metadata, buffers }) => {
    if (channel === "iopub" && header.msg_type.startsWith("comm_")) {
      heard.push([header.msg_type, metadata, buffers?.length]);
    }
  });
  await k.execute(
    'const widget = jupyter.comms.open("jupyter.widget", { state: {} }, { metadata: { version: "2.1.0" }, buffers: [new Uint8Array(2)] });' +
      'widget.send({ method: "update" }, { metadata: { n: 1 } }); widget.close();',
  );
  stop();
  assert.deepEqual(heard, [
    ["comm_open", { version: "2.1.0" }, 1],
    ["comm_msg", { n: 1 }, 0],
    ["comm_close", {}, 0],
  ]);
});
