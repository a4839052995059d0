import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findNotebooks } from "../../runner/findNotebooks";
import { temporaryFolder } from "./client/kernels";

const root = temporaryFolder();
for (const folder of ["course", "course/deep", "empty"]) {
  mkdirSync(join(root, folder));
}
for (const name of [
  "course/02-b.ipynb",
  "course/01-a.ipynb",
  "course/deep/03-c.ipynb",
  "course/x.md",
]) {
  writeFileSync(join(root, name), "");
}
const path = (name: string) => join(root, "course", name);

test("files, folders and patterns are found, sorted, each once", () => {
  const found = (...names: string[]) => findNotebooks(names, [root]);
  assert.deepEqual(found("course"), [path("01-a.ipynb"), path("02-b.ipynb")]);
  assert.deepEqual(found("course/*.ipynb"), [path("01-a.ipynb"), path("02-b.ipynb")]);
  assert.deepEqual(found("course/**/03*"), [path("deep/03-c.ipynb")]);
  assert.deepEqual(found("course/02-b.ipynb", path("01-a.ipynb"), "course"), [
    path("02-b.ipynb"),
    path("01-a.ipynb"),
  ]);
});

test("names are looked up in the first folder that has them", () => {
  const folders = [join(root, "course"), root];
  assert.deepEqual(findNotebooks(["01-a.ipynb"], folders), [path("01-a.ipynb")]);
  assert.deepEqual(findNotebooks(["deep"], folders), [path("deep/03-c.ipynb")]);
  assert.deepEqual(findNotebooks(["course/deep"], folders), [path("deep/03-c.ipynb")]);
});

test("what matches nothing is an error that names it", () => {
  assert.throws(() => findNotebooks(["gone.ipynb"], [root]), /no file or folder gone\.ipynb/);
  assert.throws(() => findNotebooks(["empty"], [root]), /empty holds no notebook/);
  assert.throws(() => findNotebooks(["course/9*"], [root]), /pattern course\/9\* matches no/);
  assert.throws(() => findNotebooks(["course/*.md"], [root]), /pattern course\/\*\.md matches no/);
});
