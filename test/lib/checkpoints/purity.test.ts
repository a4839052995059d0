import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

const lib = path.resolve(__dirname, "../../../lib");

/** What the files of a folder import, by file. */
function importsIn(folder: string): Map<string, string[]> {
  const files = fs.readdirSync(path.join(lib, folder)).filter((name) => name.endsWith(".ts"));
  return new Map(
    files.map((name) => {
      const source = fs.readFileSync(path.join(lib, folder, name), "utf8");
      return [name, [...source.matchAll(/\bfrom "([^"]+)"/g)].map(([, from]) => from)];
    }),
  );
}

test("checkpoints know neither training nor sampling, and sampling knows no training", () => {
  const rooms = (folder: string) =>
    [...importsIn(folder).values()].flat().flatMap((from) => /^\.\.\/(\w+)/.exec(from)?.[1] ?? []);
  assert.ok(rooms("checkpoints").includes("formats"));
  for (const above of ["training", "sampling", "cli"]) {
    assert.ok(!rooms("checkpoints").includes(above), above);
  }
  assert.ok(rooms("sampling").includes("checkpoints"));
  assert.ok(!rooms("sampling").includes("training"));
});
