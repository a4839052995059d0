// CONTRIBUTING.md, "Words": what is not to be written stands nowhere in the project.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(__dirname, "../..");
const guide = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
const table = guide.slice(guide.indexOf("<!-- words -->"), guide.indexOf("<!-- /words -->"));
const words = table
  .split("\n")
  .flatMap((line) => line.split("|")[1]?.match(/`[^`]+`/g) ?? [])
  .map((word) => word.slice(1, -1));
const banned = new RegExp(`(?<![\\w-])(${words.join("|")})(?![\\w-])`, "gi");

/** Sources, pages, lessons: what people wrote, in English. */
function written(): string[] {
  const files = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" })
    .trim()
    .split("\n");
  return files.filter(
    (file) =>
      /\.(ts|mts|cts|mjs|cjs|md|ipynb|py|sh|html|css|js|j2|json|ya?ml)$/.test(file) &&
      !/^(notebooks\/ru\/|package-lock\.json$|test\/golden\/|test\/docs\/english\.test\.ts$)/.test(
        file,
      ) &&
      !/\/fixtures\//.test(file),
  );
}

/** What a person wrote in a file: of a lesson its cells, not what they print. */
function prose(file: string): string {
  const text = readFileSync(join(ROOT, file), "utf8");
  if (file === "CONTRIBUTING.md") {
    return text.replace(table, "");
  }
  if (!file.endsWith(".ipynb")) {
    return text;
  }
  const { cells } = JSON.parse(text) as { cells: { source: string | string[] }[] };
  return cells.map(({ source }) => [source].flat().join("")).join("\n");
}

test("the glossary's left column stands nowhere", () => {
  assert.ok(words.length >= 10, "the table was found");
  const files = written();
  assert.ok(files.length > 500, "files were found");
  const found = files.flatMap((file) =>
    prose(file)
      .split("\n")
      .flatMap((line, i) =>
        [...line.matchAll(banned)].map(
          ([word]) => `${file}:${i + 1}: ${word}: ${line.trim().slice(0, 120)}`,
        ),
      ),
  );
  assert.deepEqual(found, [], 'CONTRIBUTING.md, "Words", says what to write instead');
});

test("the words are found wherever they stand", () => {
  assert.deepEqual(
    ["It shall be.", "Shall we?", "shallow", "is told", "is told-off"].map(
      (line) => [...line.matchAll(banned)].length,
    ),
    [1, 1, 0, 1, 0],
  );
});
