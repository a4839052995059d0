import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { writeOffline } from "../../../scripts/site/offline";
import { temporaryFolder } from "../../runner/client/kernels";

const DATA = "extensions/karenina-jupyterlite/static/kernel/data";

/** What `keep.json` says of a site of such files. */
function keptOf(files: readonly string[]): { version: string; files: string[] } {
  const site = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(site, file)), { recursive: true });
    writeFileSync(join(site, file), file);
  }
  writeOffline(site);
  return JSON.parse(readFileSync(join(site, "keep.json"), "utf8"));
}

test("what lessons need is kept, novels and tables too; large sets and what no page asks for are not", () => {
  const kept = [
    "index.html",
    "lab/index.html",
    "extensions/karenina-jupyterlite/static/kernel/worker.js",
    `${DATA}/anna-karenina-ru/anna-karenina-ru.txt`,
    `${DATA}/moby-dick/moby-dick.txt`,
    `${DATA}/penguins/penguins.csv`,
  ];
  const others = [
    "tree/index.html",
    "build/1.js.map",
    "build/1.js.LICENSE.txt",
    "service-worker.js",
    `${DATA}/sotu/addresses.json`,
    `${DATA}/mnist-10k/train-images-idx3-ubyte`,
  ];
  const { files } = keptOf([...kept, ...others]);
  assert.deepEqual(files.sort(), [...kept, "icon.svg", "manifest.webmanifest"].sort());
});

test("another file is another version", () => {
  assert.equal(keptOf(["a.js"]).version, keptOf(["a.js"]).version);
  assert.notEqual(keptOf(["a.js"]).version, keptOf(["b.js"]).version);
});
