// Loops that work on copies of variables do what they do in any script, and Stop loses nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { Worker } from "node:worker_threads";
import { Session } from "../../../kernel/index";
import { plainRuntime } from "../../../kernel/session/run/runtime";
import { projectFolder } from "./folder";

const session = new Session({ folder: projectFolder() });

/** Loops over `a`, `b` and `list`. All are numbers but the list, which holds numbers. */
const LOOPS = [
  "for (let i = 0; i < 10; i++) a += i;",
  "let i = 0; while (i < 5) { i++; a *= 2; } b = i;",
  "do { a--; b++; } while (a > -3);",
  "for (const x of list) { if (x === 2) continue; a += x; }",
  "for (const key in list) a += Number(key);",
  "for (;;) { if (++a > 7) break; }",
  "outer: for (let i = 0; i < 4; i++) { for (let k = 0; k < 4; k++) { if (k > i) continue outer; if (i === 3) break outer; a += 10 * i + k; } }",
  "block: { for (let i = 0; ; i++) { b = i; if (i > 3) break block; } }",
  "for (let i = 0; i < 5; i++) [a, b] = [b + i, a];",
  "for ([a, b] of [[1, 2], [3, 4]]) { list[0] += a; }",
  "for (a of list) { b += a; }",
  "for (let i = 0; i < 3; i++) ({ a, x: b = 9 } = { a: i } as { a: number; x?: number });",
  "for (let i = 0; i < 3; i++) { let a = i; a++; b += a; }",
  "for (var v = 0; v < 3; v++) a += v; b = v;",
  "if (a > 0) for (let i = 0; i < 3; i++) a += i; else for (let i = 0; i < 3; i++) b += i;",
  "for (let i = 0; i < 3; i++) a += Math.max(i, b);",
  "for (let i = 0; i < 3; i++) list.push(a++);",
  "for (let i = 0; i < 3; i++) { const f = () => a; b += f(); a++; }",
  "function add(x: number) { return x + b; } for (let i = 0; i < 3; i++) a += add(i);",
  "const twice = (x: number) => 2 * x, four = (x: number) => twice(twice(x)); for (let i = 0; i < 3; i++) a += four(i);",
  "for (let i = 0; i < 3; i++) { a += i; if (i === 1) throw new RangeError('half way'); }",
  "for (let i = 0, n = 3; i < n; i++) { for (const x of list) { a += x; while (b < a) b += 3; } }",
  "for (let i = 0; i < 2; i++) switch (i) { case 0: a = 5; break; default: b = 6; }",
];

const START = "let a = 1, b = 2, list = [1, 2, 3];";
const END = "[a, b, list.join()].join(' ')";

/** What a script leaves in the variables. */
function expected(loop: string): string {
  const plain = loop.replace(/ as \{[^}]*\}/, "").replace(/: number(?=\))/g, "");
  const context = vm.createContext({});
  try {
    vm.runInContext(`${START}\n${plain}`, context);
  } catch {
    // Its variables are what counts.
  }
  return vm.runInContext(END, context);
}

async function attempt(code: string): Promise<unknown> {
  try {
    return (await session.execute(code)).value;
  } catch (error) {
    return error;
  }
}

for (const loop of LOOPS) {
  test(loop, async () => {
    await session.execute(START);
    await attempt(loop);
    assert.equal(await attempt(END), expected(loop), "in a later cell");
    await attempt(`${START}\n${loop}`);
    assert.equal(await attempt(END), expected(loop), "in its own cell");
    await attempt(`${START}\nawait null;\n${loop}`);
    assert.equal(await attempt(END), expected(loop), "after an await");
  });
}

test("functions of earlier cells are the ones of the moment", async () => {
  await session.execute("let total = 0; const step = (x: number) => x + 1; const idle = () => 0;");
  await session.execute("for (let i = 0; i < 3; i++) { total = step(total); }");
  await session.execute("const step = (x: number) => x + 10;");
  await session.execute("for (let i = 0; i < 3; i++) { total = step(total); }");
  await session.execute("for (let i = 0; i < 3; i++) { const idle = 100; total += step(idle); }");
  assert.equal((await session.execute("total")).value, 363);
  await session.execute("for (let i = 0; i < 2; i++) { total = [0, 1].map(step)[i]; }");
  assert.equal((await session.execute("total")).value, 11);
});

test("a function that looks at the variable meanwhile sees it change", async () => {
  await session.execute(
    "let watched = 0; const seen: number[] = []; const look = () => seen.push(watched);",
  );
  await session.execute("for (let i = 0; i < 3; i++) { watched++; look(); }");
  await session.execute(
    "const odd = { get value() { seen.push(watched); return 0; } }; for (let i = 0; i < 2; i++) { watched++; odd.value; }",
  );
  assert.equal(await attempt("seen.join()"), "1,2,3,4,5");
});

for (const before of ["", "await null; "]) {
  test(`Stop keeps what a loop has done${before && ", after an await too"}`, async () => {
    const shared = new Int32Array(new SharedArrayBuffer(8));
    Object.assign(globalThis, { sharedTurns: shared });
    await session.execute("let turns = 0, whole = 0; declare const sharedTurns: Int32Array;");
    const cell = session.compile(
      `${before}while (turns < Infinity) { for (let i = 0; i < 10; i++) turns++; whole += 10; sharedTurns[1] = turns; }`,
    );
    // Raises the flag once the loop is under way.
    const worker = new Worker(
      "const { workerData: shared } = require('node:worker_threads');" +
        "while (Atomics.load(shared, 1) < 1000); Atomics.store(shared, 0, 1);",
      { eval: true, workerData: shared },
    );
    await new Promise((resolve) => worker.once("online", resolve));
    const stopped = new Error("stopped");
    const runtime = {
      ...plainRuntime,
      flag: shared,
      stop() {
        throw stopped;
      },
    };
    await assert.rejects(session.run(cell, runtime), stopped);
    const [turns, whole] = (await attempt("[turns, whole]")) as [number, number];
    assert.ok(turns >= 1000, `${turns} turns`);
    assert.ok(turns - whole >= 0 && turns - whole <= 10, `${turns} turns, ${whole} counted`);
    await worker.terminate();
  });
}
