import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Session } from "../../../kernel/index";
import { projectFolder, write } from "./folder";

const folder = projectFolder({
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      strict: true,
      target: "ES2022",
      lib: ["ES2023"],
      types: [],
      baseUrl: ".",
      paths: { "@app/*": ["src/*"] },
    },
  }),
  "src/leaf.ts": "export const leaf = 1;",
  "src/middle.ts": 'import { leaf } from "./leaf";\nexport const middle = leaf * 10;',
  "src/other.ts": "export const made = {};",
  "src/waits.ts": "export const waited = await Promise.resolve('waited');",
  "src/only-types.ts":
    "(globalThis as any).typesLoaded = true;\nexport interface Point { x: number }",
  "src/side.ts": "(globalThis as any).sideEffect = true;",
  "src/data.json": '{"answer": 42}',
  "src/circle-a.ts":
    'import { b } from "./circle-b";\nexport const a = 1;\nexport const sum = () => a + b;',
  "src/circle-b.ts":
    'import { a } from "./circle-a";\nexport const b = 2;\nexport const back = () => a;',
  "node_modules/esm-only/package.json":
    '{"name":"esm-only","type":"module","exports":{"import":"./index.js"}}',
  "node_modules/esm-only/index.js": "export const kind = 'esm'; export default 7; await null;",
  "lazy/package.json": '{"name":"lazy","main":"index.cjs","types":"index.ts"}',
  "lazy/index.ts": 'export { one } from "./one";\nexport { two } from "./two";',
  "lazy/index.cjs": `for (const name of ["one", "two"]) {
  Object.defineProperty(exports, name, { get: () => require("./" + name)[name] });
}`,
  "lazy/one.ts": "export const one: number = 1;",
  "lazy/two.ts": "(globalThis as any).twoLoaded = true;\nexport const two = 2;",
  "src/late.ts": 'export const late = (): number => (require("./side-late") as any).side;',
  "src/side-late.ts": "(globalThis as any).lateLoaded = true;\nexport const side = 3;",
  "node_modules/exports-only/package.json":
    '{"name":"exports-only","exports":{"./part":{"types":"./part.d.ts","default":"./part.cjs"}}}',
  "node_modules/exports-only/part.cjs": "exports.part = 5;",
  "node_modules/exports-only/part.d.ts": "export declare const part: number;",
});
const session = new Session({ folder });
session.install();

async function value(code: string): Promise<unknown> {
  return (await session.execute(code)).value;
}

test("a file is loaded again when it, or what it imports, was edited, and only then", async () => {
  await session.execute(
    'import { middle } from "./src/middle"; import { made } from "./src/other"; const before = made;',
  );
  assert.equal(await value("middle"), 10);
  write(folder, "src/leaf.ts", "export const leaf = 2;");
  assert.equal(await value("middle"), 10, "without an import nothing changes");
  assert.equal(
    await value(
      'import { middle } from "./src/middle"; import { made } from "./src/other"; middle',
    ),
    20,
  );
  assert.equal(await value("made === before"), true);
});

test("a file that imports an edited one is loaded again, though another import saw the edit", async () => {
  write(folder, "src/user.ts", 'import { leaf } from "./leaf";\nexport const user = leaf;');
  await session.execute('import { user } from "./src/user";');
  write(folder, "src/leaf.ts", "export const leaf = 3;");
  await session.execute('import { leaf } from "./src/leaf";');
  assert.equal(await value('import { user } from "./src/user"; user'), 3);
});

test("a package runs its main beside its types, which may load its files when they are used", async () => {
  symlinkSync(join(folder, "lazy"), join(folder, "node_modules", "lazy"), "junction");
  assert.equal(await value('import { one } from "lazy"; one'), 1);
  assert.equal(await value("(globalThis as any).twoLoaded"), undefined);
  write(folder, "lazy/one.ts", "export const one: number = 10;");
  assert.equal(await value('import { one, two } from "lazy"; one + two'), 12);
  assert.equal(await value("(globalThis as any).twoLoaded"), true);
});

test("what a file requires in a function is loaded when that is called", async () => {
  assert.equal(
    await value('import { late } from "./src/late"; (globalThis as any).lateLoaded'),
    undefined,
  );
  assert.equal(await value("late()"), 3);
  write(folder, "src/side-late.ts", "export const side = 4;");
  assert.equal(await value('import { late } from "./src/late"; late()'), 4);
});

test("the types of an edited file are the new ones", async () => {
  write(folder, "src/typed.ts", "export const typed: number = 1;");
  await session.execute('import { typed } from "./src/typed"; typed.toFixed();');
  write(folder, "src/typed.ts", 'export const typed: string = "text";');
  assert.equal(await value('import { typed } from "./src/typed"; typed.length'), 4);
});

test("a file written after it was missed is found", async () => {
  await assert.rejects(session.execute('import { fresh } from "./src/fresh"'), /TS2307/);
  write(folder, "src/fresh.ts", "export const fresh = 1;");
  assert.equal(await value('import { fresh } from "./src/fresh"; fresh'), 1);
});

test("packages that are ESM only or have only exports can be imported", async () => {
  assert.deepEqual(await value('import seven, { kind } from "esm-only"; [seven, kind]'), [
    7,
    "esm",
  ]);
  assert.equal(await value('import { part } from "exports-only/part"; part'), 5);
  assert.equal(
    await value('import * as star from "exports-only/part"; const first = star; first === star'),
    true,
  );
});

test("paths of tsconfig.json, JSON, circles and awaiting files work", async () => {
  assert.equal(await value('import { made as m } from "@app/other"; typeof m'), "object");
  assert.equal(await value('import data from "./src/data.json"; data.answer'), 42);
  assert.equal(
    await value(
      'import { sum } from "./src/circle-a"; import { back } from "./src/circle-b"; sum() + back()',
    ),
    4,
  );
  assert.equal(await value('import { waited } from "./src/waits"; waited'), "waited");
});

test("an import of types loads nothing; an import for its effect does", async () => {
  const globals = globalThis as unknown as Record<string, unknown>;
  await session.execute('import { Point } from "./src/only-types"; const p: Point = { x: 1 };');
  assert.equal(globals.typesLoaded, undefined);
  await session.execute('import "./src/side";');
  assert.equal(globals.sideEffect, true);
});

test("tsconfig.json decides: a lib without DOM knows no document", async () => {
  await assert.rejects(session.execute("document.title"), /TS2584|TS2304/);
});

test("a dynamic import sees the edit too", async () => {
  write(folder, "src/dynamic.ts", "export const d = 1;");
  assert.equal(await value('(await import("./src/dynamic")).d'), 1);
  write(folder, "src/dynamic.ts", "export const d = 2;");
  assert.equal(await value('(await import("./src/dynamic")).d'), 2);
});

test("an error in a package has its place as seen from the folder", async () => {
  write(folder, "node_modules/faulty/index.js", "exports.fault = () => { throw Error('deep'); };");
  await assert.rejects(
    session.execute('import { fault } from "faulty"; fault();', "cell-77.ts"),
    (error: Error) =>
      /deep\n.* \(?node_modules\/faulty\/index\.js:1:31\)?\n.*cell-77\.ts:1:/.test(
        String(error.stack),
      ),
  );
});

test("an error in a file has its line there", async () => {
  write(
    folder,
    "src/throws.ts",
    "export function thrower(): never {\n  throw new Error('in a file');\n}",
  );
  await assert.rejects(
    session.execute('import { thrower } from "./src/throws"; thrower();'),
    (error: Error) => /at thrower \(src\/throws\.ts:2:9\)/.test(String(error.stack)),
  );
});
