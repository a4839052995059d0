import assert from "node:assert/strict";
import { test } from "node:test";
import { murmur2 } from "../../../kernel/debugger/cellFiles";
import { start } from "../process/kernels";
import { type Body, DebugClient } from "./client";

/**
 * The tests of ipykernel's own debugger (tests/test_debugger.py), in TypeScript, and what front ends
 * ask besides.
 */

const CODE = `function f(a: number, b: number) {
  const c = a + b;
  return c;
}
f(2, 3)`;

test("before it is started it says how cells are called, and no more than that", async () => {
  const client = new DebugClient(await start());
  const info = await client.ask("debugInfo");
  assert.equal(info.isStarted, false);
  assert.equal(info.hashMethod, "Murmur2");
  assert.equal(typeof info.hashSeed, "number");
  assert.deepEqual([info.breakpoints, info.stoppedThreads], [[], []]);
  assert.deepEqual([info.richRendering, info.copyToGlobals], [true, true]);
  const refused = await client.reply("setBreakpoints", { source: { path: "/x" }, breakpoints: [] });
  assert.equal(refused.success, false);
  assert.match(String(refused.message), /initialize and attach/);
  assert.equal(client.kernel.info.debugger, true);
  assert.ok((client.kernel.info.supported_features as string[]).includes("debugger"));
});

test("initialize and attach start it; disconnect ends it, and it starts again", async () => {
  const client = new DebugClient(await start());
  const body = await client.ask("initialize", { clientID: "test-client", adapterID: "" });
  assert.equal(body.supportsConfigurationDoneRequest, true);
  assert.deepEqual(
    body.exceptionBreakpointFilters.map(({ filter }: Body) => filter),
    ["caught", "uncaught"],
  );
  await client.ask("attach");
  await client.event("initialized");
  assert.deepEqual(await client.event("thread"), { reason: "started", threadId: 1 });
  assert.equal((await client.ask("debugInfo")).isStarted, true);
  await client.ask("disconnect", { restart: false, terminateDebuggee: true });
  assert.equal((await client.ask("debugInfo")).isStarted, false);
  await client.open();
  assert.equal((await client.ask("debugInfo")).isStarted, true);
  assert.deepEqual((await client.ask("threads")).threads, [{ id: 1, name: "cells" }]);
});

test("replies carry what the protocol asks for; unknown requests fail in words", async () => {
  const client = await DebugClient.start();
  const reply = await client.reply("evaluate", { expression: "'a' + 'b'", context: "repl" });
  assert.deepEqual([reply.type, reply.success, reply.command], ["response", true, "evaluate"]);
  assert.equal(typeof reply.request_seq, "number");
  assert.equal(reply.body.result, "'ab'");
  const unknown = await client.reply("fly");
  assert.equal(unknown.success, false);
  assert.match(String(unknown.message), /knows no request fly/);
});

test("a cell is called by its text's hash, as front ends compute it", async () => {
  const client = new DebugClient(await start());
  const { hashSeed, tmpFilePrefix, tmpFileSuffix } = await client.ask("debugInfo");
  for (const code of ["", "a", "ab", "abc", "abcd", CODE, "'Анна Каренина'"]) {
    const { sourcePath } = await client.ask("dumpCell", { code });
    assert.equal(sourcePath, `${tmpFilePrefix}${murmur2(code, hashSeed)}${tmpFileSuffix}`);
    assert.deepEqual((await client.ask("source", { source: { path: sourcePath } })).content, code);
  }
  // Published values: of the reference implementation in C.
  assert.equal(murmur2("", 0), 0);
  assert.equal(murmur2("a", 0), 0x92685f5e);
});

test("a breakpoint is set in a dumped cell and listed by debugInfo", async () => {
  const client = await DebugClient.start();
  const { sourcePath } = await client.ask("dumpCell", { code: CODE });
  const [breakpoint] = await client.breakAt(sourcePath, 2);
  assert.deepEqual([breakpoint.verified, breakpoint.line], [true, 2]);
  assert.equal(breakpoint.source.path, sourcePath);
  const { breakpoints } = await client.ask("debugInfo");
  assert.deepEqual(breakpoints, [{ source: sourcePath, breakpoints: [{ line: 2 }] }]);
  await client.ask("configurationDone");
});

test("it stops at a breakpoint, also in a cell that begins with empty lines", async () => {
  const client = await DebugClient.start();
  for (const [code, line] of [
    [CODE, 2],
    [`\n\n${CODE}`, 7],
  ] as const) {
    await client.breakIn(code, line);
    await client.ask("configurationDone");
    const ended = client.kernel.execute(code);
    assert.equal((await client.event("stopped")).reason, "breakpoint");
    assert.equal((await client.stack())[0].line, line);
    assert.deepEqual((await client.ask("debugInfo")).stoppedThreads, [1]);
    await client.ask("continue");
    assert.equal((await ended).status, "ok");
    assert.deepEqual((await client.ask("debugInfo")).stoppedThreads, []);
  }
});

test("variables are shown richly, without a stop and at one", async () => {
  const client = await DebugClient.start();
  await client.kernel.execute(
    "const text = 'Hello the world'; const html = { [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>hi</b>' }) };",
  );
  const { variables } = await client.ask("inspectVariables");
  assert.deepEqual(
    variables.map(({ name }: Body) => name),
    ["text", "html"],
  );
  const rich = await client.ask("richInspectVariables", { variableName: "text" });
  assert.deepEqual(rich.data, { "text/plain": "'Hello the world'" });
  await client.breakIn(CODE, 3);
  const ended = client.kernel.execute(CODE);
  await client.event("stopped");
  const [{ id: frameId }] = await client.stack();
  const atStop = (variableName: string) =>
    client.ask("richInspectVariables", { variableName, frameId });
  assert.deepEqual((await atStop("c")).data, { "text/plain": "5" });
  assert.deepEqual((await atStop("html")).data, { "text/html": "<b>hi</b>" });
  const refused = await client.reply("richInspectVariables", { variableName: "f(1)" });
  assert.equal(refused.success, false);
  await client.ask("continue");
  await ended;
});

test("a local is copied to the session: at once for the debugger, and for the next cell with its type", async () => {
  const client = await DebugClient.start();
  await client.breakIn(CODE, 3);
  const ended = client.kernel.execute(CODE);
  await client.event("stopped");
  const [{ id }] = await client.stack();
  await client.ask("copyToGlobals", {
    srcVariableName: "c",
    dstVariableName: "kept",
    srcFrameId: id,
  });
  const local = (await client.variables("Locals")).get("c");
  const global = (await client.variables("Globals")).get("kept");
  assert.deepEqual([global?.value, global?.type], [local?.value, local?.type]);
  const refused = await client.reply("copyToGlobals", {
    srcVariableName: "a + b",
    dstVariableName: "kept",
    srcFrameId: id,
  });
  assert.equal(refused.success, false);
  await client.ask("continue");
  await ended;
  const { outputs } = await client.kernel.execute("kept.toFixed(1)");
  assert.match(JSON.stringify(outputs), /'5\.0'/);
  const wrong = await client.kernel.execute("kept.length");
  assert.match(JSON.stringify(wrong.outputs), /TS2339/);
});
