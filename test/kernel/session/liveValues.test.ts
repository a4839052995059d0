import assert from "node:assert/strict";
import { test } from "node:test";
import typescript from "typescript";
import { NodeSession as Session } from "../../../kernel/node/host";
import { projectFolder } from "./folder";

const folder = projectFolder({
  "node_modules/untyped/package.json": '{"name": "untyped", "main": "main.js"}',
  "node_modules/untyped/main.js":
    "class Frame { get rows() { throw new Error('asked'); } head() {} sort() {} }\n" +
    "exports.__esModule = true; exports.frame = new Frame(); exports.default = { deep: { er: 1 } };\n" +
    "Object.defineProperty(exports, 'lazy', { get: () => ({ inner: 1 }), enumerable: true });",
});
const session = new Session({ folder, typescript });

function complete(code: string): string[] {
  return session.complete(code, code.length).matches.map(({ text }) => text);
}

test("where the type is any, the value says what it has", async () => {
  await session.execute(
    'import untyped, { frame } from "untyped"; import * as all from "untyped";',
  );
  assert.deepEqual(complete("frame."), ["head", "rows", "sort"], "no getter is asked");
  assert.deepEqual(complete("const x = 1;\nx + frame.so"), ["sort"]);
  assert.deepEqual(complete("untyped.deep."), ["er"]);
  assert.deepEqual(complete("untyped?.deep?.e"), ["er"]);
  assert.deepEqual(complete("all.lazy."), ["inner"], "a module's names are getters");
  assert.deepEqual(complete("frame.rows."), []);
  await session.execute('const data: any = JSON.parse(\'{"name": 1, "a-b": 2, "list": [1]}\');');
  assert.deepEqual(complete("data."), ["list", "name"]);
  assert.ok(complete("data.list.").includes("map"));
  const { matches, start, end } = session.complete("data.na", 7);
  assert.deepEqual([matches, start, end], [[{ text: "name", kind: "property" }], 5, 7]);
});

test("types come first, and what is not a chain of names is not looked up", async () => {
  await session.execute(
    "const typed: { shown: number } = Object.assign({ shown: 1 }, { hidden: 2 });",
  );
  assert.deepEqual(complete("typed."), ["shown"]);
  for (const code of [
    "frame.head().",
    "missing.",
    "data[0].",
    "null.",
    '"text".x',
    "data.name.x.y.",
  ]) {
    assert.deepEqual(
      complete(code).filter((text) => text !== "toString"),
      [],
      code,
    );
  }
  await session.execute(
    "const hostile: any = new Proxy({}, { ownKeys() { throw new Error('no'); }, get() { throw new Error('no'); } });",
  );
  assert.deepEqual(complete("hostile."), []);
});
