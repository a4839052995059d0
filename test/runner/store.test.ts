import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { test } from "node:test";
import { parseNotebook, readNotebook } from "../../runner/notebookFile";
import { copyPaths, STORED_LIMIT, storeExecuted } from "../../runner/store";
import { temporaryFolder } from "./client/kernels";
import { notebookOf, writeNotebook } from "./notebooks";

function withOutputs(...sizes: number[]) {
  const notebook = parseNotebook(JSON.stringify(notebookOf(sizes.map(String))), "x");
  for (const [index, size] of sizes.entries()) {
    const text = "x".repeat(size);
    notebook.cells[index + 1].outputs = [{ output_type: "stream", name: "stdout", text }];
  }
  return notebook;
}

test("copies keep their names; of two of one name each gets its folder's in front", () => {
  const paths = ["/p/a/1.ipynb", "/p/b/1.ipynb", "/p/a/2.ipynb", "/elsewhere/1.ipynb"];
  assert.deepEqual(copyPaths(paths, "/p", "/out"), [
    "/out/a-1.ipynb",
    "/out/b-1.ipynb",
    "/out/2.ipynb",
    "/out/elsewhere-1.ipynb",
  ]);
});

test("a notebook within the limit is stored, with a warning when it comes near", () => {
  const path = writeNotebook(temporaryFolder(), "x.ipynb", []);
  assert.equal(storeExecuted(path, withOutputs(10, 20)), undefined);
  assert.deepEqual(readNotebook(path), withOutputs(10, 20));
  assert.match(storeExecuted(path, withOutputs(450_000, 9))!, /near the limit.*cell 2 with 450\./);
});

test("a notebook over the limit leaves the file as it was and names its biggest outputs", () => {
  const path = writeNotebook(temporaryFolder(), "x.ipynb", ["1"]);
  const before = readFileSync(path, "utf8");
  assert.throws(
    () => storeExecuted(path, withOutputs(100, STORED_LIMIT - 1000, 2000, 10)),
    /over the limit of 500\.0 KB.*cell 3 with 499\.. KB, cell 4 with 2\.. KB, cell 2 with/,
  );
  assert.equal(readFileSync(path, "utf8"), before);
});

test("what a killed run left beside a notebook goes, what another is writing stays", () => {
  const path = writeNotebook(temporaryFolder(), "x.ipynb", ["1"]);
  const machine = hostname()
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 40);
  const { pid: dead } = spawnSync(process.execPath, ["-e", ""]);
  const living = `x.ipynb.${machine}-${process.ppid}.0123abcd.tmp`;
  writeFileSync(`${path}.${machine}-${dead}.0123abcd.tmp`, "");
  writeFileSync(`${dirname(path)}/${living}`, "");
  storeExecuted(path, withOutputs(10));
  assert.deepEqual(readdirSync(dirname(path)).sort(), ["x.ipynb", living]);
});
