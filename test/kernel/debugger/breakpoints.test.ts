import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { printed } from "../process/kernels";
import { type Body, DebugClient } from "./client";

const client = DebugClient.start();

const LOOP = `const numbers: number[] = [];
for (let i = 0; i < 10; i++) {
  numbers.push(i * i);
}
numbers.length`;

/** Runs a cell and goes on at each stop; gives what an expression was at each. */
async function stops(code: string, expression: string): Promise<string[]> {
  const c = await client;
  const seen: string[] = [];
  let ended = false;
  const run = c.kernel.execute(code).then((result) => {
    ended = true;
    return result;
  });
  for (;;) {
    const stopped = await Promise.race([c.event("stopped"), run.then(() => undefined)]);
    if (ended || !stopped) {
      c.abandon();
      await run;
      return seen;
    }
    seen.push(await c.evaluate(expression));
    await c.ask("continue");
  }
}

test("a breakpoint in a loop stops each time", async () => {
  const c = await client;
  await c.breakIn(LOOP, 3);
  assert.deepEqual(await stops(LOOP, "i"), ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  await c.breakIn(LOOP);
  assert.deepEqual(await stops(LOOP, "i"), []);
});

test("a condition says when; it knows the session's names", async () => {
  const c = await client;
  await c.kernel.execute("let limit = 6;");
  await c.breakIn(LOOP, { line: 3, condition: "i > limit && (numbers.length as number) < 9" });
  assert.deepEqual(await stops(LOOP, "i"), ["7", "8"]);
  await c.breakIn(LOOP);
});

test("a condition that fails is no reason to stop, and is reported once", async () => {
  const c = await client;
  await c.breakIn(LOOP, { line: 3, condition: "missing.name > 3" });
  assert.deepEqual(await stops(LOOP, "i"), []);
  const told = c.events.filter(
    ({ event, body }) => event === "output" && /missing/.test(body.output),
  );
  assert.equal(told.length, 1);
  await c.breakIn(LOOP);
});

for (const [hitCondition, expected] of Object.entries({
  "3": ["2"],
  ">= 9": ["8", "9"],
  "% 4": ["3", "7"],
  "<= 2": ["0", "1"],
})) {
  test(`a count of hits says when: ${hitCondition}`, async () => {
    const c = await client;
    const code = `${LOOP} // ${hitCondition}`;
    await c.breakIn(code, { line: 3, hitCondition });
    assert.deepEqual(await stops(code, "i"), expected);
    await c.breakIn(code);
  });
}

test("breakpoints that are set again stay as they are: JupyterLab sets them with each tab", async () => {
  const c = await client;
  const code = "function tenfold(x: number) {\n  return x * 10;\n}";
  const wanted = { line: 2, hitCondition: "5" };
  const [first] = await c.breakIn(code, wanted);
  await c.kernel.execute(code);
  assert.deepEqual(await stops("[1, 2, 3].map(tenfold)", "x"), []);
  const [again, other] = await c.breakIn(code, wanted, 1);
  assert.equal(again.id, first.id);
  assert.notEqual(other.id, first.id);
  await c.breakIn(code, wanted);
  assert.deepEqual(await stops("[4, 5, 6].map(tenfold)", "x"), ["5"]);
  await c.breakIn(code);
});

test("no hit is missed while a front end sets the same breakpoints over and over", async () => {
  const c = await client;
  const code = "let sum = 0;\nfor (let lap = 0; lap < 2000; lap++) {\n  sum += lap;\n}";
  const wanted = { line: 3, logMessage: "lap {lap}" };
  const count = () => c.events.filter(({ body }) => /^lap \d+\n/.test(body.output ?? "")).length;
  await c.breakIn(code, wanted);
  const run = c.kernel.execute(code).then(() => true);
  while (!(await Promise.race([run, c.breakIn(code, wanted).then(() => false)]))) {
    // And again.
  }
  await c.ask("debugInfo");
  assert.equal(count(), 2000);
  await c.breakIn(code);
});

test("what is no count of hits is refused", async () => {
  const c = await client;
  const [refused] = await c.breakIn(LOOP, { line: 3, hitCondition: "often" });
  assert.equal(refused.verified, false);
  assert.match(refused.message, /often is no count/);
  await c.breakIn(LOOP);
});

test("a log point writes and does not stop", async () => {
  const c = await client;
  const from = c.events.length;
  const [{ source }] = await c.breakIn(LOOP, {
    line: 3,
    logMessage: "{i} squared is {i * i} of {numbers}",
  });
  assert.deepEqual(await stops(LOOP, "i"), []);
  const lines = c.events.slice(from).filter(({ event }) => event === "output");
  assert.equal(lines.length, 10);
  assert.equal(lines[2].body.output, "2 squared is 4 of (2) [0, 1]\n");
  assert.deepEqual([lines[2].body.source.path, lines[2].body.line], [source.path, 3]);
  await c.breakIn(LOOP);
});

test("a function of an earlier cell stops, called from a later one, a timer, and after an await", async () => {
  const c = await client;
  const code = "function square(x: number) {\n  return x * x;\n}\nsquare(1)";
  await c.kernel.execute(code);
  await c.breakIn(code, 2);
  assert.deepEqual(await stops("square(2) + square(3)", "x"), ["2", "3"]);
  assert.deepEqual(
    await stops(
      "await new Promise<void>((done) => setTimeout(() => { square(4); done(); }, 5))",
      "x",
    ),
    ["4"],
  );
  assert.deepEqual(await stops("await null; square(5); await null; square(6)", "x"), ["5", "6"]);
  await c.breakIn(code);
});

test("async functions and generators stop, and the stack goes back to who awaits", async () => {
  const c = await client;
  const code = `async function inner(x: number) {
  await null;
  return x + 1;
}
async function outer() {
  const one = await inner(1);
  return one;
}
await outer();`;
  await c.breakIn(code, 3);
  const run = c.kernel.execute(code);
  await c.event("stopped");
  const stack = (await c.stack()).map(({ name, line }) => `${name}:${line}`);
  assert.equal(stack[0], "inner:3");
  assert.equal(stack[1], "async outer:6");
  assert.match(stack[2], /^async cell-\d+:9$/);
  assert.equal(stack.length, 3);
  await c.ask("continue");
  await run;
  const generator = "function* count() {\n  yield 1;\n  yield 2;\n}\n[...count()]";
  await c.breakIn(generator, 3);
  assert.deepEqual(await stops(generator, "1 + 1"), ["2"]);
});

test("lines without code hand a breakpoint on to the next that has some", async () => {
  const c = await client;
  const code = `// nothing here
interface Point {
  x: number;
}

const point: Point = { x: 1 };
point.x`;
  const [comment, type, below] = await c.breakIn(code, 1, 3, 99);
  assert.deepEqual([comment.line, type.line], [6, 6]);
  assert.deepEqual([below.verified, below.message], [false, "Nothing below line 99 runs."]);
  assert.deepEqual(await stops(code, "1"), ["1"]);
  await c.breakIn(code);
});

test("a breakpoint is set while the cell runs, in a loop that gives nobody a turn", async () => {
  const c = await client;
  const code =
    "let laps = 0;\nlet going = true;\nconsole.log('go');\nwhile (going) {\n  laps++;\n}";
  const { run } = await c.begin(code);
  const [breakpoint] = await c.breakIn(code, 5);
  assert.equal(breakpoint.line, 5);
  await c.event("stopped");
  assert.equal((await c.stack())[0].line, 5);
  await c.breakIn(code);
  await c.evaluate("going = false");
  await c.ask("continue");
  assert.equal((await run).status, "ok");
});

test("a cell that is run again has its breakpoints; so has its first run's function", async () => {
  const c = await client;
  const code =
    "var calls: (() => number)[] = globalThis.calls ?? [];\n(globalThis as any).calls = calls;\ncalls.push(() => {\n  return calls.length;\n});".replace(
      "globalThis.calls",
      "(globalThis as any).calls",
    );
  await c.breakIn(code, 4);
  await c.kernel.execute(code);
  await c.kernel.execute(code);
  assert.deepEqual(await stops("calls.map((f) => f())", "calls.length"), ["2", "2"]);
  await c.breakIn(code);
});

test("`debugger` in a cell stops, where a debugger is", async () => {
  assert.deepEqual(await stops("const here = 5;\ndebugger;\nhere", "here"), ["5"]);
});

test("imported TypeScript stops at its own lines, with its own names", async () => {
  const folder = mkdtempSync(join(tmpdir(), "debugged-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const c = await DebugClient.start(folder);
  mkdirSync(join(folder, "lib"));
  writeFileSync(
    join(folder, "lib", "scale.ts"),
    "interface Options {\n  by: number;\n}\nexport const factor = 3;\nexport let calls = 0;\nexport function scale(x: number, { by }: Options): number {\n  calls++;\n  return x * by;\n}\n",
  );
  writeFileSync(
    join(folder, "model.ts"),
    "import { factor, scale as times } from './lib/scale';\n\n/** Says what comes of it. */\nexport function model(x: number): number {\n  const scaled = times(x, { by: factor });\n  return scaled + 1;\n}\n",
  );
  const [breakpoint] = await c.breakAt(join(folder, "model.ts"), 5);
  assert.equal(breakpoint.verified, true);
  const run = c.kernel.execute("import { model } from './model';\nmodel(7)");
  await c.event("stopped");
  const stack = await c.stack();
  assert.deepEqual(
    stack.map(({ name, line }: Body) => `${name}:${line}`),
    ["model:5", "cell-1:2"],
  );
  assert.equal(stack[0].source.path, join(folder, "model.ts"));
  assert.equal(await c.evaluate("times(x, { by: factor })"), "21");
  assert.deepEqual([...(await c.variables("Locals")).keys()].sort(), ["scaled", "x"]);
  const module = await c.variables("Module");
  assert.deepEqual([module.get("factor")?.value, module.has("exports")], ["3", false]);
  assert.equal(await c.step("stepIn"), "lib/scale.ts:7:3");
  assert.equal(await c.evaluate("calls + by"), "4");
  assert.match(await c.step("stepOut"), /^model\.ts:5:/);
  assert.match(await c.step("next"), /^model\.ts:6:/);
  const { modules } = await c.ask("modules");
  assert.deepEqual(modules.map(({ name }: Body) => name).sort(), ["lib/scale.ts", "model.ts"]);
  const { content } = await c.ask("source", { source: { path: join(folder, "model.ts") } });
  assert.match(content, /^import \{ factor/);
  await c.ask("continue");
  assert.match(JSON.stringify((await run).outputs), /22/);
});

test("nothing that is printed is lost at stops", async () => {
  const c = await client;
  const code = "for (let i = 0; i < 3; i++) {\n  console.log(i);\n}";
  await c.breakIn(code, 2);
  const run = c.kernel.execute(code);
  for (let i = 0; i < 3; i++) {
    await c.event("stopped");
    await c.ask("continue");
  }
  assert.equal(printed(await run), "0\n1\n2\n");
  await c.breakIn(code);
});
