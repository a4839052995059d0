// docs/dependencies.md against what the project asks for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(__dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  overrides?: Record<string, string | object>;
}

/** "for: name version" of all that is asked for. Overrides within a package stand in its own row. */
function askedFor(): string[] {
  const rows: string[] = [];
  const add = (part: string, pins: Record<string, string> = {}) =>
    rows.push(...Object.entries(pins).map(([name, version]) => `${part}: ${name} ${version}`));
  const [project, lib, lessons, kernel] = [".", "lib", "lessons", "kernel"].map(
    (folder) => JSON.parse(read(`${folder}/package.json`)) as Manifest,
  ) as [Manifest, Manifest, Manifest, Manifest];
  add("project", { ...project.dependencies, ...project.devDependencies });
  add("lib", { ...lib.dependencies, ...lib.devDependencies });
  const { karenina: _, ...others } = lessons.dependencies ?? {};
  add("lessons", others);
  add("kernel", kernel.dependencies);
  for (const [name, other] of Object.entries(project.overrides ?? {})) {
    if (typeof other !== "string") continue;
    const [, source, version] = /^npm:(.+)@([^@]+)$/.exec(other) ?? [];
    rows.push(`override: ${name} as ${source} ${version}`);
  }
  for (const [part, path] of [
    ["Jupyter", "scripts/setup/requirements.txt"],
    ["classroom", "classroom/requirements.txt"],
    ["bench", "bench/training/requirements.txt"],
  ] as const) {
    const lines = read(path)
      .split("\n")
      .filter((line) => line.trim() !== "" && !/^(#|-r )/.test(line));
    rows.push(...lines.map((line) => `${part}: ${line.trim().replace("==", " ")}`));
  }
  return rows.sort();
}

const page = read("docs/dependencies.md");
const rows = page
  .slice(page.indexOf("<!-- dependencies -->"), page.indexOf("<!-- /dependencies -->"))
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test("the table holds each direct dependency in its pinned version, and no other", () => {
  const told = rows.map(
    ([name, version, part]) => `${part}: ${name!.replaceAll("`", "")} ${version}`,
  );
  assert.ok(told.length > 50, "rows were found");
  assert.deepEqual(
    told.sort(),
    askedFor(),
    "give a new dependency a row in docs/dependencies.md, and a changed one its new version",
  );
});

test("each row says licence, size, last release, why, and what else was weighed", () => {
  for (const row of rows) {
    assert.equal(row.length, 8, row[0]);
    for (const cell of row) assert.notEqual(cell, "", `${row[0]} has an empty cell`);
    assert.match(row[4]!, /^[\d.]+ [kM]B$/);
    assert.match(row[5]!, /^(by \d{4}-\d\d|\d{4}-\d\d-\d\d)$/);
  }
});
