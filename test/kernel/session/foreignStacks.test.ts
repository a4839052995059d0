// Stacks of Firefox and Safari: recorded ones, and a session in an engine that writes as Firefox's does.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nodeHost, Session } from "../../../kernel/index";
import { describeError } from "../../../kernel/process/errors";
import type { ForeignStacks, WriteStack } from "../../../kernel/session/host";
import { areWithin, foreignCalls, isForeign } from "../../../kernel/session/run/foreignStacks";
import { projectFolder } from "./folder";

/** Recorded in Firefox 153: code with a `sourceURL`, run by `eval` in a worker. */
const FIREFOX = {
  methods: `A@/home/notebooks/cell-5.ts:2:33
m@/home/notebooks/cell-5.ts:2:67
plain/<@/home/notebooks/cell-5.ts:3:40
plain@/home/notebooks/cell-5.ts:3:25
o.later@/home/notebooks/cell-5.ts:5:30
held</<@/home/notebooks/cell-5.ts:5:154
get q@/home/notebooks/cell-5.ts:4:54
@/home/notebooks/cell-5.ts:7:24
onmessage@blob:null/785857d7-3123-4ea3-b015-bdc2dc01f750:1:131
`,
  eval: `@blob:null/785857d7 line 1 > eval line 7 > eval:1:6
anonymous@http://127.0.0.1:36713/worker.js line 1 > eval line 7 > Function:3:2
@http://127.0.0.1:36713/course.js line 12 > Function:3:2
@/home/notebooks/cell-5.ts:7:52
`,
  kernel: `refuse@/home/notebooks/cell-5.ts:6:11
@/home/notebooks/cell-6.ts:12:40
run/execute</<@http://127.0.0.1:36713/worker.js:16207:22
createRuntime/<.start</<@http://127.0.0.1:36713/worker.js:11231:16
on/this.port.onmessage@http://127.0.0.1:36713/worker.js:10895:51
`,
};

/** Recorded in the shell of JavaScriptCore 2.50. */
const SAFARI = `A@/tmp/cell-5.js:1:47
@/tmp/cell-5.js:2:41
map@[native code]
plain@/tmp/cell-5.js:2:28
eval code@
eval@[native code]
anonymous@
@/tmp/cell-5.js:7:51
global code@/tmp/cell-5.js:8:10`;

test("calls that Firefox has written are put as V8 writes them", () => {
  assert.deepEqual(foreignCalls(FIREFOX.methods), [
    "    at A (/home/notebooks/cell-5.ts:2:33)",
    "    at m (/home/notebooks/cell-5.ts:2:67)",
    "    at /home/notebooks/cell-5.ts:3:40",
    "    at plain (/home/notebooks/cell-5.ts:3:25)",
    "    at o.later (/home/notebooks/cell-5.ts:5:30)",
    "    at /home/notebooks/cell-5.ts:5:154",
    "    at get q (/home/notebooks/cell-5.ts:4:54)",
    "    at /home/notebooks/cell-5.ts:7:24",
    "    at onmessage (blob:null/785857d7-3123-4ea3-b015-bdc2dc01f750:1:131)",
  ]);
  assert.deepEqual(foreignCalls(FIREFOX.eval), [
    "    at eval (<anonymous>:1:6)",
    "    at eval (<anonymous>:3:2)",
    "    at eval (eval at <anonymous> (http://127.0.0.1:36713/course.js:12:1), <anonymous>:3:2)",
    "    at /home/notebooks/cell-5.ts:7:52",
  ]);
  assert.deepEqual(foreignCalls(FIREFOX.kernel), [
    "    at refuse (/home/notebooks/cell-5.ts:6:11)",
    "    at /home/notebooks/cell-6.ts:12:40",
    "    at http://127.0.0.1:36713/worker.js:16207:22",
    "    at http://127.0.0.1:36713/worker.js:11231:16",
    "    at this.port.onmessage (http://127.0.0.1:36713/worker.js:10895:51)",
  ]);
});

test("what a call waited for makes it one that goes on", () => {
  const calls = foreignCalls(
    "async*f@a.ts:1:2\nsetTimeout handler*@a.ts:3:4\npromise callback*g@b.ts:5:6",
  );
  assert.deepEqual(calls, [
    "    at async f (a.ts:1:2)",
    "    at async a.ts:3:4",
    "    at async g (b.ts:5:6)",
  ]);
});

test("calls that Safari has written are put as V8 writes them", () => {
  assert.deepEqual(foreignCalls(SAFARI), [
    "    at A (/tmp/cell-5.js:1:47)",
    "    at /tmp/cell-5.js:2:41",
    "    at map (<anonymous>)",
    "    at plain (/tmp/cell-5.js:2:28)",
    "    at anonymous (<anonymous>)",
    "    at /tmp/cell-5.js:7:51",
    "    at /tmp/cell-5.js:8:10",
  ]);
});

test("a stack of V8 or of somebody's own is not taken for a foreign one", () => {
  for (const stack of [...Object.values(FIREFOX), SAFARI, ""]) {
    assert.ok(isForeign(stack), stack);
  }
  const own = "Error: somebody@example.org\n    at f (a.js:1:2)";
  for (const stack of [own, "Error: none", "f@a.js:1:2\n    at g (a.js:1:2)"]) {
    assert.ok(!isForeign(stack), stack);
  }
});

test("calls are within others where the same run of a function made them", () => {
  const others = ["    at f (a.ts:1:9)", "    at b.ts:1:1"];
  assert.ok(areWithin(["    at g (a.ts:9:9)", "    at f (a.ts:1:1)", "    at b.ts:1:1"], others));
  assert.ok(!areWithin(["    at g (a.ts:9:9)"], others));
  assert.ok(!areWithin(["    at g (a.ts:9:9)", "    at f (a.ts:1:1)", "    at b.ts:2:1"], others));
});

/** V8, made to write stacks as SpiderMonkey does. */
class WrittenAsFirefox implements ForeignStacks {
  private readonly awaits = new WeakMap<Error, string[]>();

  watch(write: WriteStack): void {
    Error.prepareStackTrace = (error, sites) =>
      write(error, this.calls(sites), this.awaits.get(error) ?? []);
  }

  private calls(sites: NodeJS.CallSite[]): string {
    const called = sites.filter((site) => !site.isAsync());
    const call = (site: NodeJS.CallSite) => {
      const place = [site.getFileName(), site.getLineNumber(), site.getColumnNumber()];
      return `${site.getFunctionName() ?? ""}@${place.join(":")}`;
    };
    return called.map(call).join("\n");
  }

  rewrite(): void {}

  awaited<T>(value: T): T {
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = (_, sites) => this.calls(sites);
    const here = String(new Error().stack);
    Error.prepareStackTrace = prepareStackTrace;
    if (value instanceof Promise) {
      value.then(undefined, (error: Error) => {
        this.awaits.set(error, [...(this.awaits.get(error) ?? []), here]);
      });
    }
    return value;
  }
}

let session: Session;

before(() => {
  const host = nodeHost();
  const engine = { ...host.engine, stacks: new WrittenAsFirefox() };
  const isMachinery = (file: string) => host.isMachinery(file) || file === __filename;
  session = new Session({ folder: projectFolder(), host: { ...host, engine, isMachinery } });
  session.install();
});
after(() => {
  Reflect.deleteProperty(Error, "prepareStackTrace");
});

async function failureOf(code: string): Promise<string> {
  const error = await session.execute(code).then(
    () => assert.fail(`It did not fail: ${code}`),
    (error: unknown) => error,
  );
  return describeError(error, session).traceback.join("\n");
}

test("errors have their header, and cells' places without the kernel's", async () => {
  await session.execute(
    "function refuse(x: number): never {\n  throw new RangeError('no ' + x);\n}",
  );
  const failure = await failureOf("const y = 3;\nrefuse(y);");
  assert.match(failure, /^cell-1\.ts:2\n2 \| {3}throw new RangeError/);
  const calls = / no 3\n {4}at refuse \(cell-1\.ts:2:9\)\n {4}at cell-2\.ts:2:1$/;
  assert.match(failure, calls);
});

test("functions that awaited the error have lines, as in V8", async () => {
  const code = `async function later(x: number) {
  await 1;
  refuse(x);
}
async function outer() {
  return await later(4);
}
const y4 = await outer();`;
  const calls =
    /at refuse \(cell-1\.ts:2:9\)\n {4}at later \(cell-3\.ts:3:3\)\n {4}at async outer \(cell-3\.ts:6:10\)\n {4}at async cell-3\.ts:8:12$/;
  assert.match(await failureOf(code), calls);
  const atOnce = "const y5 = await (async () => refuse(5))();";
  assert.match(
    await failureOf(atOnce),
    /cell-1\.ts:2:9\)\n {4}at cell-4[^ ]*\n {4}at cell-4[^ ]*$/,
  );
});

test("a message that quotes emitted code is put in terms of the cell", async () => {
  const code = 'import * as path from "node:path";\n(path as any).nothing();';
  assert.match(await failureOf(code), /TypeError.*: path\.nothing is not a function\n/);
});

test("code reads the same stack", async () => {
  const { value } = await session.execute("const f = () => new Error('x').stack;\nf()");
  assert.match(String(value), /^Error: x\n {4}at f \(cell-6\.ts:1:17\)\n {4}at cell-6\.ts:2:1$/);
});
