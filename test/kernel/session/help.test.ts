import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../../../kernel/index";
import { projectFolder } from "./folder";

const session = new Session({ folder: projectFolder({ "nearby.ts": "export const x = 1;" }) });
/** Where the bar stands in a text is the cursor. */
function complete(text: string): string[] {
  const offset = text.indexOf("|");
  return session.complete(text.replace("|", ""), offset).matches.map((match) => match.text);
}

function inspect(text: string) {
  const offset = text.indexOf("|");
  return session.inspect(text.replace("|", ""), offset);
}

test("members, option names, string unions and import paths are completed", async () => {
  await session.execute(
    "/** Adds two numbers. @param a the first */ function add(a: number, b: number) { return a + b; }\n" +
      'interface Options { epochs: number; mode: "fast" | "slow" }\nfunction fit(options: Options) {}',
  );
  assert.ok(complete("[1].fla|").includes("flatMap"));
  assert.deepEqual(complete("fit({ ep|"), ["epochs"]);
  assert.deepEqual(complete('fit({ epochs: 1, mode: "|" })').sort(), ["fast", "slow"]);
  assert.deepEqual(complete('import { x } from "./near|"'), ["nearby"]);
  assert.ok(complete('import * as fs from "node:f|"').includes("node:fs"));
});

test("names of the same unrun cell, of earlier cells and after emoji are completed", () => {
  assert.deepEqual(complete("const notYetRun = 1; notY|"), ["notYetRun"]);
  assert.deepEqual(complete("ad|").slice(0, 1), ["add"]);
  const code = 'const s = "😀😀"; s.toUpp|';
  const { matches, start } = session.complete(code.replace("|", ""), code.indexOf("|"));
  assert.equal(matches[0].text, "toUpperCase");
  assert.equal(start, code.indexOf("toUpp"));
});

test("nothing of the machinery is offered", () => {
  assert.deepEqual(
    complete("__|").filter((name) => /cell|session/.test(name)),
    [],
  );
});

test("a name is explained, and so is a call within its parentheses", () => {
  const name = inspect("ad|d");
  assert.match(name?.code ?? "", /^function add\(a: number, b: number\): number$/);
  assert.match(name?.documentation ?? "", /Adds two numbers/);
  const call = inspect("add(1, |)");
  assert.match(call?.code ?? "", /^add\(a: number, b: number\): number$/);
  assert.match(call?.documentation ?? "", /- `a`: the first/);
  assert.equal(inspect("   |"), undefined);
  assert.equal(inspect("nobody_knows_me|"), undefined);
});

test("help leaves no trace: the next cell runs as it would have", async () => {
  complete("const ghost = 1; gh|");
  await assert.rejects(session.execute("ghost"), /TS2304/);
});

test("a text is complete, wants more, or is wrong", () => {
  const statuses = (codes: string[]) => codes.map((code) => session.isComplete(code).status);
  assert.deepEqual(
    statuses(["1 + 1", "", "const x = {a: 1};", "type T = string"]),
    Array(4).fill("complete"),
  );
  assert.deepEqual(
    statuses(["for (const x of", "if (a) {", "`open", "foo(", "/* open", "const x ="]),
    Array(6).fill("incomplete"),
  );
  assert.deepEqual(
    statuses(["x)", "}", "const 1 = 2;", "let = = 3; foo()", "x = )"]),
    Array(5).fill("invalid"),
  );
  assert.deepEqual(
    statuses(["'abc", 'foo("abc', "/abc", "const s = 'abc\nconst t = 1;", "'it's'"]),
    Array(5).fill("invalid"),
  );
  assert.deepEqual(statuses(["'abc\\", "`abc\n${"]), Array(2).fill("incomplete"));
  assert.deepEqual(session.isComplete("  if (a) {"), { status: "incomplete", indent: "    " });
});

/** Cells with something of everything, finished and unfinished. */
const VARIED = [
  `// a comment
/* another: add */
/** doc {@link add} @param x */
const s = 'a string', t = \`template \${add(1, 2)} rest\`, r = /re[g]ex/gi;
import fs, { readFileSync as read } from "node:fs";
@dec class A<T extends object = {}> extends Map<string, T> { #p = 1; static { } get x() { return this.#p } }
label: for (const [a, b] of new Map([[1, 2]])) { continue label }
add(1, { a: 1, ...s, [t]: 2 })?.[0]!.foo as unknown satisfies any;
type U<T> = T extends (infer R)[] ? { [K in keyof R]?: R[K] } : never;
enum E { A = 1 } namespace N.M { export const z = 1 } declare global { interface Window {} }
import.meta.url; await import("./x"); new.target; super.x; this; delete s.x; void 0; ;;`,
  "<b>hi</b>",
  "!ls -la",
  "%time x",
  "{ name: 'A', age: 28 }",
  "add(",
  "'abc",
  "`abc ${",
  "/* open",
  "",
  "  \n // x",
  "😀 x 😀.",
  "#!/usr/bin/env node\nadd",
  "export { x as y } from './z'; import x = require('y'); export = x;",
  "function f(this: Window, @p a?: number): asserts a is 1 {",
  "async function* g() { yield* add; await using x = add }",
];

test("wherever the cursor stands in a cell, questions have an answer", () => {
  for (const code of VARIED) {
    for (let offset = 0; offset <= code.length; offset++) {
      const bar = `${code.slice(0, offset)}|${code.slice(offset)}`;
      assert.doesNotThrow(() => session.inspect(code, offset), bar);
      // Completion is slower, and is asked for at the ends of words.
      if (
        code.length < 100 &&
        /[\w.("']$/.test(code.slice(0, offset)) &&
        !/^\w/.test(code.slice(offset))
      ) {
        assert.doesNotThrow(() => session.complete(code, offset), bar);
      }
    }
  }
});

test("nothing is known about words of comments and strings", () => {
  assert.equal(inspect("// com|ment"), undefined);
  assert.equal(inspect("/* ad|d */ 1"), undefined);
  assert.equal(inspect("'ad|d'"), undefined);
});
