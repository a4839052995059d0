// Cells whose types nobody checks.
import assert from "node:assert/strict";
import { test } from "node:test";
import typescript from "typescript";
import { NodeSession as Session } from "../../../kernel/node/host";
import { projectFolder } from "./folder";

const WRONG = 'const n: number = "x"; n.missing';

test("a directive switches the type check off for a notebook, and on again", async () => {
  const session = new Session({ folder: projectFolder(), typescript });
  const { hasValue } = await session.execute('"use javascript"');
  assert.equal(hasValue, false, "it says something and gives nothing");
  assert.equal((await session.execute(WRONG)).value, undefined);
  await session.execute("const thing = { a: 1 }; thing.b = 2; let count = 1;");
  assert.equal((await session.execute("count = 'two'; thing.b + count")).value, "2two");
  await session.execute("function add(a, b) { return a + b }");
  assert.equal((await session.execute("add(1, 2)", "cell-6.ts")).value, 3);
  assert.equal((await session.execute("_ + 1")).value, 4);
  await assert.rejects(session.execute("const = 1"), { name: "TypeScriptError" });
  await assert.rejects(session.execute("missing"), { name: "ReferenceError" });
  await assert.rejects(session.execute(`"use typescript";\n${WRONG}`), { name: "TypeScriptError" });
  await assert.rejects(session.execute(WRONG), { name: "TypeScriptError" });
});

test("a directive stands at the head of a cell, and a comment serves one cell", async () => {
  const session = new Session({ folder: projectFolder(), typescript });
  await session.execute('const text = "use javascript";\n"use javascript"');
  await assert.rejects(session.execute(WRONG), { name: "TypeScriptError" });
  await session.execute(`// @ts-nocheck\n${WRONG}`);
  await assert.rejects(session.execute(WRONG), { name: "TypeScriptError" });
  await session.execute(`// Loads the data.\n'use strict';\n'use javascript';\n${WRONG}`);
  await session.execute(WRONG);
});

test("a notebook's own tsconfig.json says how much is checked", async () => {
  const folder = projectFolder({
    "tsconfig.json": '{"compilerOptions": {"strict": true}}',
    "loose/tsconfig.json":
      '{"extends": "../tsconfig.json", "compilerOptions": {"strict": false, "noImplicitAny": false}}',
  });
  const code = "function twice(x) { return x + x }; const n: number = null; twice(2)";
  await assert.rejects(new Session({ folder, typescript }).execute(code), /TS7006/);
  const loose = new Session({ folder: `${folder}/loose`, typescript });
  assert.equal((await loose.execute(code)).value, 4);
});
