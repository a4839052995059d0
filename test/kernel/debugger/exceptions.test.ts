import assert from "node:assert/strict";
import { test } from "node:test";
import { errorOf } from "../process/kernels";
import { DebugClient } from "./client";

const client = DebugClient.start();

/** Where a cell stops by its errors, and how it ends. */
async function stopsOf(code: string, filters: string[]) {
  const c = await client;
  await c.ask("setExceptionBreakpoints", { filters });
  const from = c.events.length;
  let ended = false;
  const run = c.kernel.execute(code).then((result) => {
    ended = true;
    return result;
  });
  const seen: string[] = [];
  for (;;) {
    await Promise.race([c.event("stopped"), run]);
    if (ended) {
      break;
    }
    const info = await c.ask("exceptionInfo");
    const [{ line }] = await c.stack();
    seen.push(`${line}: ${info.description} (${info.breakMode})`);
    await c.ask("continue");
  }
  c.abandon();
  const stopped = c.events.slice(from).filter(({ event }) => event === "stopped");
  assert.ok(stopped.every(({ body }) => body.reason === "exception"));
  return { seen, result: await run };
}

const CAUGHT = "try {\n  JSON.parse('{');\n  throw new Error('never');\n} catch {\n  1;\n}\n2";
const UNCAUGHT = `const f = (x: number) => {\n  throw new RangeError("no " + x);\n};\nf(3);`;
const LATER =
  "await null;\nasync function g() {\n  await null;\n  throw new TypeError('late');\n}\nawait g();";
const LATER_CAUGHT = `async function h() {
  await null;
  throw new TypeError('kept');
}
try {
  await h();
} catch {
  1;
}`;

test("caught errors stop where they are thrown", async () => {
  const { seen, result } = await stopsOf(CAUGHT, ["caught"]);
  assert.equal(seen.length, 1);
  assert.match(seen[0], /^2: SyntaxError: .* \(always\)$/);
  assert.equal(result.status, "ok");
});

test("errors that the user catches do not stop as uncaught ones", async () => {
  assert.deepEqual((await stopsOf(CAUGHT, ["uncaught"])).seen, []);
  assert.deepEqual((await stopsOf(LATER_CAUGHT, ["uncaught"])).seen, []);
});

test("an error that fails the cell stops as an uncaught one, though the kernel catches it", async () => {
  const { seen, result } = await stopsOf(UNCAUGHT, ["uncaught"]);
  assert.deepEqual(seen, ["2: RangeError: no 3 (unhandled)"]);
  assert.equal(errorOf(result).ename, "RangeError");
  assert.deepEqual((await stopsOf(UNCAUGHT, ["caught"])).seen, []);
});

test("so do errors behind an await", async () => {
  const { seen, result } = await stopsOf(LATER, ["uncaught"]);
  assert.deepEqual(seen, ["4: TypeError: late (unhandled)"]);
  assert.equal(errorOf(result).evalue, "late");
});

test("what is caught by an async caller is caught", async () => {
  assert.deepEqual((await stopsOf(LATER_CAUGHT, ["caught"])).seen, ["3: TypeError: kept (always)"]);
});

test("Python's filters mean the same; none stops nothing", async () => {
  assert.equal((await stopsOf(CAUGHT, ["raised"])).seen.length, 1);
  assert.equal((await stopsOf(UNCAUGHT, ["raised"])).seen.length, 1);
  assert.deepEqual(
    (await stopsOf(`${CAUGHT};${UNCAUGHT.replace("f =", "f2 =").replace("f(", "f2(")}`, [])).seen,
    [],
  );
});

test("errors of the type check stop nothing", async () => {
  const { seen, result } = await stopsOf("const n: number = 'x';", ["caught", "uncaught"]);
  assert.deepEqual(seen, []);
  assert.equal(errorOf(result).ename, "TypeScriptError");
});

test("errors within packages and Node that they catch themselves stop nothing", async () => {
  const { seen } = await stopsOf(
    "import { readFile } from 'node:fs/promises';\nconst found = await import('typescript');\nfound.default.version.length > 0",
    ["caught"],
  );
  assert.deepEqual(seen, []);
});
