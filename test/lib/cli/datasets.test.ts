import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "../datasets/workspace";

const root = path.resolve(__dirname, "../../..");

/** Runs `datasets` offline, with folders of its own. */
function setUp(t: TestContext) {
  const folder = temporaryFolder(t);
  const env = {
    ...process.env,
    KARENINA_DATA: path.join(folder, "data"),
    KARENINA_CACHE: path.join(folder, "cache"),
    KARENINA_OFFLINE: "1",
  };
  const loader = path.join(root, "node_modules/tsx/dist/cjs/index.cjs");
  const run = (...args: string[]) =>
    spawnSync(
      process.execPath,
      ["-r", loader, path.join(root, "lib/cli/cli.ts"), "datasets", ...args],
      {
        env,
        encoding: "utf8",
      },
    );
  const put = (file: string, content: string) => {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
    return target;
  };
  return { run, put };
}

test("list shows every data set and where it is", (t) => {
  const { run, put } = setUp(t);
  put("data/tabular/penguins.csv", "species\n");
  const { status, stdout, stderr } = run("list");
  assert.equal(status, 0, stderr);
  assert.match(
    stdout,
    /^anna-karenina-ru +text +3\.1 MB +not fetched +Anna Karenina \(Russian\)$/m,
  );
  assert.match(stdout, /^penguins +table +15\.2 kB +damaged/m);
});

test("verify exits 1 and names a damaged file", (t) => {
  const { run, put } = setUp(t);
  const clean = run("verify");
  assert.equal(clean.status, 0, clean.stderr);
  assert.match(clean.stdout, /^0 files are right, 0 damaged\.$/m);
  const file = put("cache/datasets/auto-mpg/auto-mpg.csv", "mpg\n");
  const { status, stdout } = run("verify", "auto-mpg");
  assert.equal(status, 1);
  assert.ok(stdout.includes(`DAMAGED  ${file}: it has 4 bytes where 21222 are expected`), stdout);
});

test("fetch says what is wrong in one paragraph and exits 1", (t) => {
  const { run } = setUp(t);
  const none = run("fetch");
  assert.equal(none.status, 1);
  assert.match(none.stderr, /^Which data set\?.*The names are: anna-karenina-ru, /);
  const misspelt = run("fetch", "pengins");
  assert.equal(misspelt.status, 1);
  assert.match(misspelt.stderr, /^There is no data set named "pengins"\. Did you mean "penguins"/);
  const offline = run("fetch", "penguins", "auto-mpg");
  assert.equal(offline.status, 1);
  const paragraphs = offline.stderr.trim().split("\n");
  assert.equal(paragraphs.length, 2, "one data set that cannot be had does not stop the next");
  for (const paragraph of paragraphs) {
    assert.match(paragraph, /offline mode is on/);
  }
});

test("a word that is no subcommand is refused, and what was most likely meant is named", (t) => {
  const { run } = setUp(t);
  for (const word of ["penguins", "remove"]) {
    const { status, stderr } = run(word);
    assert.equal(status, 2, stderr);
    assert.match(stderr, new RegExp(`"${word}" is none of list, fetch and verify.*fetch NAME`));
  }
});
