import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../../../kernel/index";
import { projectFolder } from "./folder";

/** One session for all: cells of different tests use different names. */
const session = new Session({ folder: projectFolder() });
session.install();

async function value(code: string): Promise<unknown> {
  return (await session.execute(code)).value;
}

test("cells share what they declare, and variables stay shared", async () => {
  await session.execute("const one = 1; let counter = 0; function bump() { counter++; }");
  assert.equal(await value("bump(); counter + one"), 2);
  await session.execute("counter = 10; bump();");
  assert.equal(await value("counter"), 11);
  assert.equal(
    await value("[counter] = [3]; ({ counter } = { counter: counter + 1 }); counter"),
    4,
  );
});

test("every kind of declaration can be declared again, with another type", async () => {
  await session.execute(
    "const again = 1; let more = 2; class Box { size = 1 }; interface Shape { side: number }; " +
      "enum Color { Red, Blue }; function make() { return 1 }; type Pair = [number, number];",
  );
  await session.execute(
    'const again = "one"; let more = "two"; class Box { size = "big" }; interface Shape { radius: number }; ' +
      'enum Color { Green = "g" }; function make() { return "made" }; type Pair = [string, string];',
  );
  const result = await value(
    'const shape: Shape = { radius: 1 }; const pair: Pair = ["a", "b"]; ' +
      "[again.length, more.length, new Box().size.length, Color.Green, make().length, shape.radius, pair[0]]",
  );
  assert.deepEqual(result, [3, 3, 3, "g", 4, 1, "a"]);
});

test("a name that is declared again stands for the new value in earlier functions too", async () => {
  await session.execute("const base = 20; const next = () => base + 1;");
  await session.execute('const base = "text";');
  assert.equal(await value("next()"), "text1");
});

test("a cell may await, iterate asynchronously and use resources at its top level", async () => {
  const result = await value(`
    const seen: string[] = [];
    {
      using handle = { [Symbol.dispose]() { seen.push("disposed"); } };
      seen.push("used");
    }
    async function* letters() { yield "a"; yield "b"; }
    for await (const letter of letters()) seen.push(letter);
    seen.push(await Promise.resolve("awaited"));
    seen`);
  assert.deepEqual(result, ["used", "disposed", "a", "b", "awaited"]);
});

test("the last expression is the cell's value; other endings have none", async () => {
  assert.deepEqual(await session.execute("1; 2;"), { hasValue: true, value: 2 });
  assert.deepEqual(await session.execute("const unshown = 1"), {
    hasValue: false,
    value: undefined,
  });
  assert.equal(await value('"use strict"'), "use strict");
  assert.deepEqual(await value("({ a: 1 }) // a remark"), { a: 1 });
  assert.deepEqual(await session.execute(""), { hasValue: false, value: undefined });
});

test("a variable narrows when another cell assigns it", async () => {
  await session.execute("let perhaps: number | undefined;");
  assert.equal(await value("perhaps = 5; perhaps.toFixed(1)"), "5.0");
});

test("a variable declared without a type takes the type of what is put into it", async () => {
  await session.execute(
    "const squares = [];\nfor (const n of [1, 2]) squares.push({ n, square: n * n });",
  );
  assert.equal(await value("squares.push({ n: 3, square: 9 }); squares.at(-1)?.square"), 9);
  await assert.rejects(session.execute("squares.push('four')"), /'string' is not assignable/);
  await session.execute("let later, settled = 5, [first] = ['f'];\nlater = 3;");
  assert.equal(await value("later.toFixed(1) + first.length + settled"), "3.015");
  await assert.rejects(session.execute("later = 'three'"), /'string' is not assignable/);
});

test("a variable that is still empty when its cell ends takes anything", async () => {
  await session.execute("const unfilled = [];");
  assert.deepEqual(await value("unfilled.push(1, 'two'); unfilled"), [1, "two"]);
  await session.execute("let best = null; let nothing; var unset = undefined;");
  assert.equal(await value("best = { loss: 1 }; nothing = best; unset = nothing; unset.loss"), 1);
});

test("where the compiler cannot tell a variable's type it says so, as always", async () => {
  const code = "let uncertain;\nconst read = () => uncertain;\nuncertain = 1;";
  await assert.rejects(session.execute(code), (error: Error) => {
    assert.match(error.message, /cell-\d+\.ts:1:5 - error TS7034/);
    assert.match(error.message, /cell-\d+\.ts:2:20 - error TS7005/);
    return true;
  });
});

test("a cell may call its own things what modules call theirs", async () => {
  await session.execute("const module = 1, __filename = 2;");
  assert.equal(await value("module + __filename"), 3);
});

test("decorated and abstract classes, namespaces and aliases are shared too", async () => {
  await session.execute(`
    function twice(value: () => number, _: ClassMethodDecoratorContext) { return () => 2 * value(); }
    abstract class Base { @twice answer() { return 21; } }
    namespace Words { export const hello = "hi"; export interface Word { text: string } }
    import greeting = Words.hello;`);
  assert.equal(await value("class Leaf extends Base {} new Leaf().answer()"), 42);
  assert.equal(await value("const word: Words.Word = { text: greeting }; word.text"), "hi");
});

test("a cell's additions to the global scope are seen by the next", async () => {
  await session.execute(
    "declare global { interface Array<T> { second(): T } }\nArray.prototype.second = function () { return this[1]; };",
  );
  assert.equal(await value('["a", "b"].second()'), "b");
});

test("import.meta and dynamic imports work in cells", async () => {
  assert.match(String(await value("import.meta.url")), /^file:.*cell-\d+\.ts$/);
  assert.equal(await value('(await import("node:path")).join("a", "b")'), "a/b");
});

test("imports stay known to later cells", async () => {
  await session.execute(
    'import * as path from "node:path"; import { basename as base2 } from "node:path";',
  );
  assert.equal(await value('path.extname("a.ts") + base2("x/y")'), ".tsy");
});

test("redeclaring a name two hundred times keeps one cell in memory", async () => {
  for (let i = 0; i < 200; i++) {
    await session.execute(`const reused = ${i};`);
  }
  const { cells } = session as unknown as { cells: Map<number, unknown> };
  assert.ok(cells.size < 60, `${cells.size} cells are kept`);
  assert.equal(await value("reused"), 199);
});

test("cells that nothing can reach make room for later ones", async () => {
  const fresh = new Session({ folder: projectFolder() });
  await fresh.execute("let kept = 1; const twice = () => 2 * kept; interface Kept { a: number }");
  for (let i = 0; i < 30; i++) {
    await fresh.execute(`const other = "${i}"; const typed: Kept = { a: ${i} };`);
    await fresh.execute("{ kept++; }");
  }
  assert.ok(fresh.compile("1").number < 10);
  assert.equal(
    (await fresh.execute("[kept, twice(), other, typed.a].join()")).value,
    "31,62,29,29",
  );
});
