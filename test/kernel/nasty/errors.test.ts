// Failures of the nasty kind: each is reported in the cell that caused it, and the kernel lives.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Cells, eventually } from "./cells";

let cells: Cells;
before(async () => {
  cells = await Cells.start();
  await cells.ok("const treasure = 41;");
});
afterEach(() => cells.assertAlive());
after(() => cells?.end());

test("endless recursion is an error of readable length", async () => {
  const { ename, traceback } = await cells.error(
    "const dig = (depth: number): number => 1 + dig(depth + 1);\ndig(0)",
  );
  assert.equal(ename, "RangeError");
  assert.ok(traceback.split("\n").length < 100);
});

test("a syntax error in an imported file names the file and the line", async () => {
  cells.write("broken.ts", "export const fine = 1;\nexport const = 2;\n");
  const { traceback } = await cells.error('import { fine } from "./broken";\nfine');
  assert.match(traceback, /broken\.ts:2/);
  cells.write("broken.ts", "export const fine = 1;\n");
  assert.equal((await cells.ok('import { fine } from "./broken";\nfine')).result, "1");
});

test("an imported file that throws names the file and the line", async () => {
  cells.write("throws.ts", 'interface Gone {}\n\nthrow new Error("while loading");\nexport {};\n');
  const { traceback } = await cells.error('import "./throws";');
  assert.match(traceback, /throws\.ts:3/);
  assert.match(traceback, /while loading/);
});

test("null and undefined can be thrown", async () => {
  assert.match((await cells.error("throw null;")).traceback, /null/);
  assert.match((await cells.error("throw undefined;")).traceback, /undefined/);
});

test("an error that cannot be looked at is still an error", async () => {
  await cells.error("throw { get message() { throw new Error('inner'); } };");
  await cells.error("throw new Proxy({}, { get() { throw new Error('inner'); } });");
  await cells.error(
    "const odd = new Error('odd');\n" +
      "Object.defineProperty(odd, 'stack', { get() { throw new Error('inner'); } });\nthrow odd;",
  );
});

test("causes and gathered errors are reported", async () => {
  const { traceback } = await cells.error(
    'throw new AggregateError([new Error("first"), new Error("second")], "both",\n' +
      '  { cause: new Error("the cause") });',
  );
  for (const text of ["both", "first", "second", "the cause"]) {
    assert.match(traceback, new RegExp(text));
  }
});

test("a cell that overwrites how stacks are made still fails readably", async () => {
  const { evalue } = await cells.error(
    "Error.prepareStackTrace = () => { throw new Error('no stack for you'); };\n" +
      'throw new Error("real one");',
  );
  await cells.ok('Reflect.deleteProperty(Error, "prepareStackTrace");');
  assert.equal(evalue, "real one");
});

test("process.exit, abort-like exits and exit handlers do not end the kernel", async () => {
  await cells.error("process.exit(1);");
  await cells.error("await null; process.exit(0);");
  await cells.run('process.emit("SIGINT", "SIGINT");');
  await cells.ok("process.exitCode = 7;");
});

test("an emitter's unheard error fails its cell", async () => {
  const { evalue } = await cells.error(
    'import { EventEmitter } from "node:events";\n' +
      'setImmediate(() => new EventEmitter().emit("error", new Error("unheard")));\n' +
      "await new Promise((resolve) => setTimeout(resolve, 2000));",
  );
  assert.equal(evalue, "unheard");
});

test("a rejection after the cell's end is reported under the cell", async () => {
  const cell = cells.begin(
    'setTimeout(() => { void Promise.reject(new Error("too late")); }, 100);\n0;',
  );
  assert.equal((await cell.finished).status, "ok");
  await eventually(() => /too late/.test(cell.soFar().traceback + cell.soFar().stderr));
});

test("a worker thread that throws fails its cell", async () => {
  const { traceback } = await cells.error(
    'import { Worker } from "node:worker_threads";\n' +
      "const worker = new Worker(\"throw new Error('in the worker')\", { eval: true });\n" +
      'await new Promise((resolve) => worker.on("exit", resolve));',
  );
  assert.match(traceback, /in the worker/);
});

test("Windows line ends do not shift the error's line", async () => {
  const { traceback } = await cells.error('const a = 1;\r\n\r\nthrow new Error("x" + a);\r\n');
  assert.match(traceback, /cell-\d+\.ts:3/);
});

test("a return, a stray break and an unknown name are errors", async () => {
  for (const code of ["return 5;", "break;", "nobody_knows_me;"]) {
    await cells.error(code);
  }
});

test("groups of the console end with the cell that failed in them, and not with others", async () => {
  await cells.error('console.group("a"); console.groupCollapsed("b"); throw new Error("x");');
  assert.equal((await cells.ok('console.log("at the margin");')).stdout, "at the margin\n");
  await cells.ok('console.group("kept");');
  await cells.error('console.group("lost"); throw new Error("x");');
  assert.equal((await cells.ok('console.log("within");')).stdout, "  within\n");
  await cells.ok("console.groupEnd(); console.groupEnd();");
  assert.equal((await cells.ok('console.log("again");')).stdout, "again\n");
});

test("a rejection that a later cell handles is no warning", async () => {
  const cell = cells.begin('const rejected = Promise.reject(new Error("unhandled"));\n0;');
  await cell.finished;
  const later = await cells.ok(
    "await rejected.catch(() => {}); await new Promise((resolve) => setTimeout(resolve, 1)); 1",
  );
  assert.equal(later.stderr, "");
});

test("code made from text may import", async () => {
  const { result, stderr } = await cells.ok(
    "const load = new Function(\"return import('node:path')\");\n(await load()).sep.length",
  );
  assert.equal(result, "1");
  assert.equal(stderr, "");
});

test("console.trace and failed assertions have Node's headers", async () => {
  const { stderr } = await cells.ok('console.trace("here %d", 5);');
  assert.match(stderr, /^Trace: here 5\n {4}at cell-\d+\.ts:1:9/);
  const { traceback } = await cells.error('import assert from "node:assert";\nassert.equal(1, 2);');
  assert.match(traceback, /AssertionError\S* \[ERR_ASSERTION\]: 1 == 2/);
  assert.doesNotMatch(traceback, /\[ERR_ASSERTION\] \[ERR_ASSERTION\]/);
});

test("an object without a place to call on has its message in the user's words", async () => {
  await cells.ok("const something: any = {};");
  const { evalue, traceback } = await cells.error("something.run()");
  assert.equal(evalue, "something.run is not a function");
  assert.doesNotMatch(traceback, /cell_\d|exports\./);
});
