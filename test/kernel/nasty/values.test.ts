// Values that are hard to show: the cell says what it can, and the kernel lives.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Cells } from "./cells";

const MEGABYTE = 1024 * 1024;

let cells: Cells;
before(async () => {
  cells = await Cells.start();
  await cells.ok("const treasure = 41;");
});
afterEach(() => cells.assertAlive());
after(() => cells?.end());

test("a string of 200 MB as a value is cut to what a front end can show", async () => {
  const { result } = await cells.ok(`"x".repeat(${200 * MEGABYTE})`);
  assert.ok(result !== undefined && result.length < 5 * MEGABYTE, `${result?.length}`);
  assert.match(result, /more characters/);
});

test("50 MB printed in one call arrive whole", async () => {
  const { stdout } = await cells.ok(`console.log("y".repeat(${50 * MEGABYTE}));`);
  assert.equal(stdout.length, 50 * MEGABYTE + 1);
});

test("a circular object is shown with its circle named", async () => {
  const { result } = await cells.ok(
    "const ring: { self?: unknown } = {};\nring.self = ring;\nring",
  );
  assert.match(result ?? "", /Circular/);
});

test("an object a thousand levels deep is shown", async () => {
  const { result } = await cells.ok(
    "let deep: unknown = null;\nfor (let i = 0; i < 1000; i++) deep = { deep };\ndeep",
  );
  assert.match(result ?? "", /\[Object\]/);
});

test("getters that throw are not called", async () => {
  const { result } = await cells.ok(
    '({ get bad(): number { throw new Error("called"); }, good: 1 })',
  );
  assert.match(result ?? "", /bad: \[Getter\]/);
});

test("a proxy whose every trap throws is shown, or what it throws is reported", async () => {
  const { result, traceback } = await cells.run(
    'const trap = () => { throw new Error("trapped"); };\n' +
      "new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap,\n" +
      "  getOwnPropertyDescriptor: trap }) as object",
  );
  assert.match(result ?? traceback, /trapped|\{/);
});

test("a display method that throws is reported as an error", async () => {
  const { traceback, stderr } = await cells.run(
    '({ [Symbol.for("Jupyter.display")]() { throw new Error("cannot be shown"); } })',
  );
  assert.match(traceback + stderr, /cannot be shown/);
});

test("a display method that gives nonsense is reported as an error", async () => {
  const { traceback, stderr } = await cells.run('({ [Symbol.for("Jupyter.display")]: () => 42 })');
  assert.match(traceback + stderr, /MIME/);
});

test("a custom inspection that throws is reported as an error", async () => {
  const { traceback, stderr } = await cells.run(
    'import { inspect } from "node:util";\n' +
      '({ [inspect.custom]() { throw new Error("no look"); } })',
  );
  assert.match(traceback + stderr, /no look/);
});

test("an array of a hundred million numbers is abridged", async () => {
  const { result } = await cells.ok("new Uint8Array(100_000_000)");
  assert.match(result ?? "", /more items/);
  assert.ok((result ?? "").length < MEGABYTE);
});

test("half a surrogate pair does not spoil the message", async () => {
  const { stdout, result } = await cells.ok('console.log("a\\ud800b");\n"c\\udc00d"');
  assert.match(stdout, /^a.b\n$/u);
  assert.match(result ?? "", /c.*d/u);
});

test("control characters arrive as they were printed", async () => {
  const { stdout } = await cells.ok('console.log("\\u0000\\u0007\\u001b[31mred");');
  assert.equal(stdout, "\u0000\u0007\u001b[31mred\n");
});

test("a generator left open goes on in the next cell", async () => {
  const { result } = await cells.ok(
    "function* steps() { try { yield 1; yield 2; } finally { console.log('closed'); } }\n" +
      "const open = steps();\nopen.next()",
  );
  assert.equal(result, "{ value: 1, done: false }");
  assert.equal((await cells.ok("open.next()")).result, "{ value: 2, done: false }");
});

test("a value that looks like a promise but never settles can be stopped", async () => {
  const stopped = await cells.stop(
    'console.log("started");\nawait ({ then() {} } as unknown as Promise<void>);',
  );
  assert.equal(stopped.status, "error");
});
