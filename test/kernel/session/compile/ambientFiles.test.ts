import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { NodeSession as Session } from "../../../../kernel/node/host";
import { ambientFiles } from "../../../../kernel/session/compile/ambientFiles";
import type { Workspace } from "../../../../kernel/session/compile/workspace";
import { projectFolder } from "../folder";

const AMBIENT = {
  "globals.d.ts": "declare const answer: number;",
  "unindented.d.ts": "declare namespace Words {\nexport type Word = string;\n}",
  "augments.d.ts": "export interface A { a: 1 }\ndeclare global { var fromGlobal: A; }",
  "extends.d.ts": 'export {};\ndeclare module "node:os" { export const added: 1; }',
  "umd.d.ts": "export const x: 1;\nexport as namespace Umd;",
  "effect.d.ts": 'import "./globals";\nexport {};',
  "empty.d.ts": 'import type {} from "./globals";',
  "refers.d.ts": '/// <reference path="./globals.d.ts" />\nexport const y: 1;',
  "wildcard.d.ts": 'declare module "*.txt" { const text: string; export default text; }',
};
const MODULES = {
  "contents.d.cts": "export function contentsOf(text: string): string[];",
  "selection.d.cts": "declare const selection: { name: string };\nexport = selection;",
  "sources.d.mts": 'export const list: typeof import("./large")[];',
  "named.d.ts": 'import { type Large } from "./large";\nexport interface Own extends Large {}',
};

test("of a project's declaration files, modules that only export are left out", () => {
  const folder = projectFolder({ ...AMBIENT, ...MODULES, "code.ts": "export {};" });
  const all = [...Object.keys(AMBIENT), ...Object.keys(MODULES), "code.ts", "missing.d.ts"];
  const found = ambientFiles(
    ts,
    all.map((name) => join(folder, name)),
  );
  assert.deepEqual(
    found.map((file) => basename(file)).sort(),
    [...Object.keys(AMBIENT), "missing.d.ts"].sort(),
  );
});

test("what such a module imports is in no cell's program, and is there once it is imported", async () => {
  const folder = projectFolder({
    "tsconfig.json": '{ "compilerOptions": { "types": [] }, "include": ["."] }',
    ...AMBIENT,
    ...MODULES,
    "large.d.ts": "export interface Large { size: number }",
    "contents.cjs": "exports.contentsOf = (text) => text.split(' ');",
  });
  const session = new Session({ folder, typescript: ts });
  assert.equal((await session.execute("typeof answer")).value, "undefined");
  await assert.rejects(session.execute("const w: Words.Word = 1"), /'number' is not assignable/);
  const { workspace } = session as unknown as { workspace: Workspace };
  const inProgram = () =>
    workspace
      .program()
      .getSourceFiles()
      .map(({ fileName }) => basename(fileName));
  assert.ok(inProgram().includes("globals.d.ts"));
  assert.ok(!inProgram().includes("contents.d.cts") && !inProgram().includes("large.d.ts"));
  const cell = 'import { contentsOf } from "./contents.cjs"; contentsOf("a b")';
  assert.deepEqual((await session.execute(cell)).value, ["a", "b"]);
  assert.ok(inProgram().includes("contents.d.cts"));
});
