// A front end that opens the comm hears which of its cells are stale, and of nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "./kernels";

test("the comm tells the stale cells by the front end's ids, when they change", async () => {
  const kernel = await start();
  const heard: unknown[] = [];
  kernel.listen((channel, { header, content }) => {
    if (channel === "iopub" && header.msg_type === "comm_msg") {
      heard.push(content.data);
    }
  });
  await kernel.execute("const base = 2;", { cellId: "a" });
  await kernel.execute("const doubled = base * 2;", { cellId: "b" });
  await kernel.execute("const fourfold = doubled * 2;", { cellId: "c" });
  await kernel.execute("const base = 3;", { cellId: "a" });
  assert.deepEqual(heard, [], "nobody has asked yet");
  // Nobody answers comm messages; the cell after it comes when it is through.
  void kernel
    .request(
      "comm_open",
      { comm_id: "marks", target_name: "karenina.cells.stale", data: {} },
      { timeoutMs: 120_000 },
    )
    .catch(() => {});
  await kernel.execute("'nothing changes'", { cellId: "d" });
  await kernel.execute("const doubled = base * 2;", { cellId: "b" });
  await kernel.execute("const fourfold = doubled * 2;", { cellId: "c" });
  await kernel.execute("const base = 4;", { cellId: "a" });
  await kernel.execute("await jupyter.cells.runStale();", { cellId: "e" });
  assert.deepEqual(heard, [
    { cells: { b: ["base"], c: ["doubled"] } },
    { cells: { c: ["doubled"] } },
    { cells: {} },
    { cells: { b: ["base"], c: ["doubled"] } },
    { cells: {} },
  ]);
  await kernel.shutdown();
});
