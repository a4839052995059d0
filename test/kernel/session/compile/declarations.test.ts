import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Session } from "../../../../kernel/index";
import { TypeScriptError } from "../../../../kernel/session/compile/diagnostics";
import { projectFolder } from "../folder";

/** One session for all, as in a notebook where much was tried before. */
const session = new Session({ folder: projectFolder() });
session.install();

/** Runs cells; the last one's value. */
async function run(...cells: string[]): Promise<unknown> {
  let value: unknown;
  for (const cell of cells) {
    ({ value } = await session.execute(cell));
  }
  return value;
}

/** The numbers of the type errors that the last of some cells has. */
async function codes(...cells: string[]): Promise<number[]> {
  try {
    await run(...cells);
  } catch (error) {
    assert.ok(error instanceof TypeScriptError, String(error));
    return error.diagnostics.map(({ code }) => code);
  }
  return [];
}

const pasted: [title: string, ...cells: string[]][] = [
  ["constants", "const one = 1;\nconst two = 2;\nexport { one, two };", "one + two === 3"],
  ["a function before it", "export { f };\nfunction f() { return 4; }", "f() === 4"],
  ["under another name", "const f = 3; const g = 4; export { f as g };", "f === 3 && g === 4"],
  ["as the default", "class Box { side = 2 } export { Box as default };", "new Box().side === 2"],
  [
    "types",
    "interface I { a: number } class T {} export type { I }; export { type T };",
    "const i: I = { a: 1 }; new T() instanceof T && i.a === 1",
  ],
  ["mixed with marked ones", "export const a = 1; const b = 2; export { b };", "a + b === 3"],
  ["what is imported", "import { sep } from 'node:path'; export { sep };", "sep.length === 1"],
  [
    "variables that stay shared",
    "let n = 0; const bump = () => ++n; export { n, bump };",
    "bump(); n === 1",
  ],
  [
    "a destructured name",
    "const { x, y: [z] } = { x: 1, y: [2] }; export { x, z };",
    "x + z === 3",
  ],
  ["an evolving variable", "let best; best = 5; export { best };", "best.toFixed(1) === '5.0'"],
  ["an enum", "enum Color { Red = 7 } export { Color };", "Color.Red === 7"],
  [
    "default function",
    "export default function greet(name = 'you') { return 'hi ' + name; }",
    "greet() === 'hi you'",
  ],
  [
    "default async function",
    "export default async function later() { return 1; }",
    "(await later()) === 1",
  ],
  [
    "default class",
    "export default class Train { wheels = 8 }",
    "class Fast extends Train {}\nnew Fast().wheels === 8",
  ],
  [
    "default generator",
    "export default function* count() { yield 1; yield 2; }",
    "[...count()].length === 2",
  ],
  [
    "default interface",
    "export default interface Point { x: number }",
    "const p: Point = { x: 1 }; p.x === 1",
  ],
  [
    "default abstract class",
    "export default abstract class Base { n = 1 }",
    "new (class extends Base {})().n === 1",
  ],
  ["nameless default", "export default function () { return 1; }\nconst here = 2;", "here === 2"],
  ["default value", "const value = 5; export default value;", "value === 5"],
  [
    "from another module",
    "export { sep } from 'node:path';\nexport * from 'node:os';\nconst k = 3;",
    "k === 3",
  ],
];

for (const [title, ...cells] of pasted) {
  test(`module code in a cell: ${title}`, async () => {
    assert.equal(await run(...cells), true);
  });
}

test("an export list is still checked", async () => {
  assert.deepEqual(await codes("export { nothing };"), [2304]);
  assert.deepEqual(
    await codes("const a = 1; const b = 2; export { a as c, b as c };"),
    [2300, 2300],
  );
});

const spaces: [title: string, ...cells: string[]][] = [
  [
    "type beside a constant, inferred from it",
    "const User = { parse: (age: number) => ({ age }) };",
    "type User = ReturnType<typeof User.parse>;",
    "const u: User = User.parse(3); u.age === 3",
  ],
  [
    "type beside a constant that it uses, same cell later",
    "const Size = ['s', 'm'] as const;",
    "type Size = (typeof Size)[number]; const first: Size = Size[0]; first === 's'",
  ],
  [
    "constant beside an interface that it uses",
    "interface Shape { side: number }",
    "const Shape: Shape = { side: 2 };",
    "const s: Shape = Shape; s.side === 2",
  ],
  [
    "function beside a type",
    "type Pair<T> = [T, T]",
    "function Pair<T>(a: T): Pair<T> { return [a, a]; }",
    "const p: Pair<number> = Pair(1); p[1] === 1",
  ],
  [
    "interface beside a class",
    "class Dog { name = 'Rex' }",
    "interface Dog { age: number }",
    "const d: Dog = { age: 2 }; new Dog().name === 'Rex' && d.age === 2",
  ],
  [
    "generic interface beside a function",
    "const Box = (n: number) => n;",
    "interface Box<T extends Map<string, number> | number = 1> { value: T }",
    "const b: Box<2> = { value: 2 }; const c: Box = { value: 1 }; Box(b.value) + c.value === 3",
  ],
  [
    "namespace of types beside a class",
    "class Album<T = string> { private t?: T; songs = 3 }",
    "namespace Album { export interface Label { name: string } }",
    "const l: Album.Label = { name: 'x' }; const a: Album<number> = new Album<number>(); class B extends Album {}; new B().songs === 3 && l.name === 'x'",
  ],
  [
    "namespace with values extends a class",
    "class C { x = 1 }",
    "namespace C { export const y = 2; export interface O { o: number } }",
    "const o: C.O = { o: 3 }; const c: C = new C(); c.x + C.y + o.o === 6",
  ],
  [
    "namespace with values extends a function",
    "function f(n: number) { return n; }",
    "namespace f { export let calls = 5; }",
    "f(1) + f.calls === 6",
  ],
  [
    "a class declared again takes all its names along",
    "class D { a = 1 }",
    "namespace D { export const y = 2 }",
    "class D { b = 2 }",
    "const d: D = new D(); d.b === 2",
  ],
  [
    "type twice, value kept",
    "const Id = (n: number) => n;",
    "type Id = number;",
    "type Id = string;",
    "const id: Id = 'a'; Id(1) === 1 && id === 'a'",
  ],
  [
    "value twice, type kept",
    "interface Opt { a?: 1 }",
    "const Opt = 1;",
    "const Opt = 'two';",
    "const o: Opt = {}; Opt.length === 3 && o.a === undefined",
  ],
  [
    "the value assigned beside the type",
    "let Count = 0;",
    "type Count = number;",
    "Count = 5;",
    "const c: Count = Count; c === 5",
  ],
  [
    "imported type beside a value",
    "import type { PathLike } from 'node:fs';",
    "const PathLike = 5;",
    "const s: PathLike | undefined = undefined; PathLike === 5 && s === undefined",
  ],
  ["an enum replaced by a constant", "enum E { A }", "const E = { A: 'x' };", "E.A === 'x'"],
  [
    "types of one cell, values of another, in one cell again",
    "type Both = 1",
    "const Both = 2",
    "class Both { n = 3 }",
    "const b: Both = new Both(); b.n === 3",
  ],
  [
    "a global value beside an interface",
    "interface Event { mine: number }",
    "const e: Event = { mine: 1 }; new Event('x').type === 'x' && e.mine === 1",
  ],
  [
    "a global value beside an alias",
    "type Map = 5; type URL = { u: string }",
    "const u: URL = { u: 'x' }; new Map([[1, 2]]).size === 1 && new URL('http://a/b').pathname === '/b' && u.u === 'x'",
  ],
  [
    "a global value beside an imported type",
    "import { Stats as Response } from 'node:fs';",
    "typeof Response === 'function'",
  ],
];

for (const [title, ...cells] of spaces) {
  test(`values and types of one name: ${title}`, async () => {
    assert.equal(await run(...cells), true);
  });
}

test("a global value is found beside a type of that name that a cell itself imports", async () => {
  const folder = projectFolder();
  writeFileSync(
    join(folder, "types.ts"),
    "export interface Request { mine: number }\nexport default interface Headers { own: 1 }\n",
  );
  const own = new Session({ folder });
  const here = "import { Request } from './types'; import Headers from './types';\n";
  const use =
    "const r: Request = { mine: 1 }; const h: Headers = { own: 1 }; [new Request('http://a/').url, new Headers().get('a'), r.mine + h.own]";
  assert.deepEqual((await own.execute(here + use)).value, ["http://a/", null, 2]);
  assert.deepEqual((await own.execute(use)).value, ["http://a/", null, 2]);
});

test("a type that no longer has its value is still an error as a value", async () => {
  assert.deepEqual(await codes("interface Only { a: 1 }", "Only"), [2693]);
  assert.deepEqual(
    await codes("class Gone { a = 1 }", "const Gone = 1;", "const g: Gone = 1"),
    [2749],
  );
});

const variables: [title: string, ...cells: string[]][] = [
  ["loops over values", "for (var k of [1, 2]) { var doubled = k * 2; }", "doubled + k === 6"],
  ["counting loops", "for (var i = 0; i < 3; i++) {}", "i === 3"],
  [
    "two loops with one variable",
    "for (var i = 0; i < 3; i++) {} for (var i = 5; i < 7; i++) {}",
    "i === 7",
  ],
  [
    "conditions",
    "if (1 < 2) { var yes = 'y'; } else { var no = 'n'; }",
    "yes === 'y' && no === undefined",
  ],
  [
    "try",
    "try { var q = 1; throw q; } catch (e) { var caught = e; } finally { var last = 3; }",
    "q + last === 4 && caught === 1",
  ],
  [
    "switch",
    "switch (1 as number) { case 1: var one = 1; break; default: var other = 2; }",
    "one === 1",
  ],
  [
    "labels",
    "outer: for (var a = 0; a < 5; a++) { for (;;) { if (a > 2) break outer; continue outer; } }",
    "a === 3",
  ],
  [
    "patterns",
    "{ var { x, ...others } = { x: 1, y: 2 }; var [z = 5] = [] as number[]; }",
    "x + others.y + z === 8",
  ],
  ["for await", "for await (var piece of (async function* () { yield 4; })()) {}", "piece === 4"],
  ["for in", "for (var key in { only: 1 }) {}", "key === 'only'"],
  [
    "assigned by later cells",
    "{ var total = 0; function add() { total += 2; } }",
    "total = 10;",
    "total += 1; total === 11",
  ],
  ["seen by functions", "{ var seen = 1; } const look = () => seen;", "seen = 7;", "look() === 7"],
  ["without a first value", "if (true) { var found; found = 4; }", "found.toFixed(1) === '4.0'"],
];

for (const [title, ...cells] of variables) {
  test(`var in inner blocks belongs to the cell: ${title}`, async () => {
    assert.equal(await run(...cells), true);
  });
}

test("let and const of blocks, and var of functions, stay inside", async () => {
  assert.deepEqual(
    await codes(
      "{ let inner = 1; const also = 2; } (() => { var own = 3; })();",
      "[inner, also, own]",
    ),
    [2304, 2304, 2304],
  );
  assert.deepEqual(await codes("class K { static { var hidden = 1; } }", "hidden"), [2304]);
});

test("// @ts-nocheck at the head of a cell leaves its types unchecked", async () => {
  const javascript =
    "function add(a, b) { return a + b }\nlet n = 'text'; n = 5;\ntry { throw new Error('x') } catch (e) { n = e.message }\nadd(1, 2)";
  assert.equal(await run(`// @ts-nocheck\n${javascript}`), 3);
  assert.equal(await run(`// plain JavaScript\n// @ts-nocheck: copied\n\n${javascript}`), 3);
  assert.equal(await run("let shared = 1;", "// @ts-nocheck\nshared = 'two'; shared"), "two");
  assert.deepEqual(await codes("const n = 1; // @ts-nocheck\nconst text: string = n;"), [2322]);
  assert.deepEqual(await codes("// @ts-nocheck\nlet a = 1;", "const text: string = a;"), [2322]);
  assert.deepEqual(await codes("// @ts-nocheck\nif (true {}"), [1005]);
});

test("an inner constant is not assigned to, whatever an earlier cell calls so", async () => {
  assert.deepEqual(await codes("let level = 1;", "{ const level = 2; level = 3; }"), [2588]);
  assert.deepEqual(await codes("const fixed = 1;", "type fixed = number;", "fixed = 3;"), [2588]);
});

test("variables of a cell are as fast as any others: no access goes through an object", async () => {
  const cell = session.compile(
    "let acc = 0; for (let i = 0; i < 10; i++) acc += i; export const far = acc; acc + far",
  );
  assert.doesNotMatch(cell.javascript, /exports\.(acc|far)/);
  assert.equal((await session.run(cell)).value, 90);
});

test("an import takes the name that an earlier cell imported", async () => {
  await run("import { Readable, Writable } from 'node:stream';");
  assert.equal(
    await run(
      "import type { Readable } from 'node:stream'; const r: Readable | undefined = undefined; r === undefined",
    ),
    true,
  );
  assert.deepEqual(await codes("new Readable()"), [1361]);
  assert.equal(
    await run("import { Writable } from 'node:stream'; new Writable() instanceof Writable"),
    true,
  );
  assert.equal(
    await run("import { Readable } from 'node:stream'; new Readable() instanceof Readable"),
    true,
  );
});

test("what a cell exports and has not initialised is no name", async () => {
  await run("let early = 1;");
  await assert.rejects(
    session.execute("export const before = 1; throw new Error('here'); export const behind = 2;"),
    /here/,
  );
  assert.equal(await run("before"), 1);
  assert.deepEqual(await codes("behind"), [2304]);
});
