// What the pages for contributors and users name must be there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(__dirname, "../..");
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "datasets/README.md",
  "docs/architecture.md",
  "docs/browser.md",
  "docs/classroom.md",
  "docs/debugging.md",
  "docs/dependencies.md",
  "docs/teaching/README.md",
  "docs/teaching/sessions.md",
  "docs/teaching.md",
  "docs/glossary.md",
  "docs/glossary.ru.md",
  "kernel/README.md",
  "lib/models/pretrained/README.md",
];
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const FOLDERS = [
  "binder",
  "devcontainer",
  "bench",
  "classroom",
  "datasets",
  "docs",
  "kernel",
  "lib",
  "notebooks",
  "scripts",
  "test",
];

/** Targets of links and pictures within the repository, without the part after `#`. */
function linksIn(text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]);
  return targets
    .filter((target) => !/^([a-z]+:|#)/.test(target))
    .map((target) => target.replace(/#.*/, ""));
}

/** Paths from the project's root that stand between backticks, but for NN, which stands for a number. */
function pathsIn(text: string): string[] {
  const path = new RegExp(`^\\.?(${FOLDERS.join("|")})/[\\w./-]*$`);
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]);
  return spans.filter((span) => path.test(span) && !span.includes("/NN-"));
}

for (const page of PAGES) {
  const text = readFileSync(join(ROOT, page), "utf8");

  test(`${page}: every file it names exists`, () => {
    for (const target of linksIn(text)) {
      const file = join(ROOT, dirname(page), decodeURI(target));
      assert.ok(existsSync(file), `${page} links to ${target}, which does not exist`);
    }
    for (const path of pathsIn(text)) {
      assert.ok(existsSync(join(ROOT, path)), `${page} names ${path}, which does not exist`);
    }
  });

  test(`${page}: every npm script it names is one`, () => {
    const named = [...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map((match) => match[1]);
    for (const script of named) {
      assert.ok(manifest.scripts[script], `${page} names npm run ${script}; package.json does not`);
    }
  });
}

test("the readers of the pages see what they would miss", () => {
  assert.deepEqual(linksIn("[a](b.md#c) ![d](e.svg) [f](https://g) [h](#i)"), ["b.md", "e.svg"]);
  assert.deepEqual(pathsIn("`lib/x.ts` `npm test` `notebooks/NN-name.ipynb` `lib`"), ["lib/x.ts"]);
});

test("the packages and the project have one version, and the changelog tells of it", () => {
  const versionOf = (folder: string) =>
    JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")).version;
  assert.equal(versionOf("lib"), manifest.version);
  assert.equal(versionOf("kernel"), manifest.version);
  assert.match(
    readFileSync(join(ROOT, "CHANGELOG.md"), "utf8"),
    new RegExp(`^## \\[${manifest.version.replaceAll(".", "\\.")}\\]`, "m"),
  );
});
