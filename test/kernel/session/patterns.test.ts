// Destructuring at the top level of cells and files, where variables are shared, as anywhere else.
import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import typescript from "typescript";
import { Session } from "../../../kernel/index";
import { projectFolder } from "./folder";

/** Declarations and assignments of `a`, `b`, `c` and `d`. */
const PATTERNS = [
  "const [a, b, ...c] = new Set([1, 2, 3, 4]); let d;",
  "function* g() { yield 1; yield 2; yield 3; }\nconst [a, , b] = g(); let c, d;",
  "const [[a, b], [c, d]] = new Map([[1, 2], [3, 4]]);",
  "const { a, b: [b, c = 5], ...d } = { a: 1, b: new Set([2]), e: 3, f: 4 };",
  "const { a = 1, ['b']: b, 3: c, 'd': d } = { b: 2, 3: 3, d: 4 };",
  "const [a = 1, { b = 2 } = {}, c] = 'x'; let d;",
  "let a, b, c, d; [a, b, ...c] = new Set([1, 2, 3]); [a, b] = [b, a]; d = 1;",
  "let a, b, c, d; ({ a, b: [b], c = 7, ...d } = { a: 1, b: 'xyz', z: 5 });",
  "let a, b, c = [], d; for ([a, b] of new Map([[1, 2], [3, 4]])) c.push(a + b); ",
  "let a, b, c = [], d; for ({ a, b = 9 } of [{ a: 1 }, { a: 2, b: 3 }]) c.push(a + b);",
  "let a = 0, b = 1, c = {}, d = []; [c.x, d[0], a] = new Set([5, 6, 7]);",
  "let a = 1, b = 2, c = [], d; { let a = 5; [a, b] = new Set([8, 9]); c.push(a); }",
  "let a, b, c, d; function set(a) { [a, b] = new Set([3, 4]); return a; } c = set(1);",
  "let a = [], b, c, d; const it = { *[Symbol.iterator]() { try { yield 1; yield 2; } finally { a.push('closed'); } } }; [b] = it;",
  "var [a, b] = 'xy', c = 3, [d] = new Set([c]);",
  "let a, b, c, d; c = ([a, b] = new Set([1, 2])); d = c.size;",
  "const { length: a, [a + 0]: b } = 'xyz'; let c, d;",
  "let n = 0; const o = { get p() { n++; return { q: n, r: n }; } }; const { p: { q: a, r: b } } = o; const c = n; let d;",
];

const unchecked = JSON.stringify({
  compilerOptions: { strict: false, noImplicitAny: false, target: "ES2022", noCheck: true },
});

/** What a script that runs the text leaves in the four variables. */
function expected(text: string): unknown {
  return plain(vm.runInNewContext(`${text}\n[a, b, c, d]`));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, each) => each ?? null));
}

test("cells take values apart as scripts do", async () => {
  const session = new Session({
    folder: projectFolder({ "tsconfig.json": unchecked }),
    typescript,
  });
  for (const text of PATTERNS) {
    await session.execute(text.replace(/^/gm, "// @ts-ignore\n"));
    const { value } = await session.execute("[a, b, c, d]");
    assert.deepEqual(plain(value), expected(text), text);
  }
});

test("files take values apart as scripts do", async () => {
  const files = PATTERNS.map((text, index) => [
    `file-${index}.js`,
    `${text.replace(/^(const|let|var) /gm, "export $1 ")}\nexport const all = () => [a, b, c, d];`,
  ]);
  const session = new Session({
    folder: projectFolder({ "tsconfig.json": unchecked, ...Object.fromEntries(files) }),
    typescript,
  });
  for (const [index, text] of PATTERNS.entries()) {
    const { value } = await session.execute(`(await import("./file-${index}.js")).all()`);
    assert.deepEqual(plain(value), expected(text), text);
  }
});

test("a later cell takes values apart into earlier variables", async () => {
  const session = new Session({ folder: projectFolder(), typescript });
  await session.execute("let a = 1, b = 2, c: number[] = [];");
  await session.execute("[a, b, ...c] = new Set([5, 6, 7, 8]);");
  assert.deepEqual((await session.execute("[a, b, c]")).value, [5, 6, [7, 8]]);
  await session.execute("({ a, b = 3 } = { a: 9 } as { a: number; b?: number });");
  assert.deepEqual((await session.execute("[a, b]")).value, [9, 3]);
});

test("what cannot be taken apart is an error with its place", async () => {
  const session = new Session({ folder: projectFolder(), typescript });
  session.install();
  await assert.rejects(
    session.execute("const five: any = 5;\nconst [first] = five;", "cell-1.ts"),
    /^TypeError: .* is not iterable/,
  );
  await assert.rejects(
    session.execute("const none: any = null;\nconst { p } = none;", "cell-2.ts"),
    (error: Error) => /cell-2\.ts:2:/.test(String(error.stack)) && !/exports/.test(error.message),
  );
});
