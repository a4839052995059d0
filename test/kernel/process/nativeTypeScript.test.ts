// A project whose TypeScript is the native compiler, 7, which a kernel cannot use.
import assert from "node:assert/strict";
import { test } from "node:test";
import { findTypeScript } from "../../../kernel/node/typescript";
import { projectFolder } from "../session/folder";
import { errorOf, printed, result, start } from "./kernels";

const folder = projectFolder({
  "node_modules/typescript/package.json":
    '{"name": "typescript", "version": "7.0.2", "exports": {"./package.json": "./package.json"}}',
  "tsconfig.json":
    '{"compilerOptions": {"target": "es2025", "strict": true, "noUncheckedIndexedAccess": true}}',
});
const kernel = start(folder);

test("the kernel's own compiler is found in its place, and says so in one line", async () => {
  const found = findTypeScript(folder);
  assert.equal(found.passedOver, "7.0.2");
  assert.equal(findTypeScript(projectFolder()).passedOver, undefined);
  const first = await (await kernel).execute("const list = [1]; list[0] ?? 2");
  assert.equal(result(first), "1");
  assert.equal(
    printed(first, "stderr"),
    `TypeScript ${found.version} checks the cells, with the settings of tsconfig.json: the project's ` +
      "own, 7.0.2, has no interface that a kernel can use.\n",
  );
  const second = await (await kernel).execute("const n: number = list[0];");
  assert.match(errorOf(second).evalue, /TS2322.*undefined/, "the project's settings hold");
  assert.equal(printed(second, "stderr"), "");
});
