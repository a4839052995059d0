// What a program loads by `import ... from "karenina"`: the names of lib/index.ts, and files for those it uses.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import * as karenina from "karenina";
import { contentsOf } from "../../lib/contents.cjs";
import { lazyIndex } from "../../scripts/release/lazyIndex";

const ROOT = path.resolve(__dirname, "../..");
const text = readFileSync(path.join(ROOT, "lib/index.ts"), "utf8");

/** The library's files that a program of its own has loaded, relative to lib/, with "/". */
function filesLoadedBy(program: string): string[] {
  const loaders = ["lib/host/node/preload.cjs", "node_modules/tsx/dist/cjs/index.cjs"];
  const output = execFileSync(
    process.execPath,
    [
      ...loaders.flatMap((file) => ["-r", path.join(ROOT, file)]),
      "-e",
      `${program}; console.log(JSON.stringify(Object.keys(require.cache)));`,
    ],
    { cwd: ROOT, encoding: "utf8" },
  );
  const loaded: string[] = JSON.parse(output.trim().split("\n").at(-1) ?? "");
  return loaded
    .map((file) => path.relative(path.join(ROOT, "lib"), file).split(path.sep).join("/"))
    .filter((file) => !file.startsWith("../"));
}

test("a program loads the doors of Node and the files of the names that it uses", () => {
  const imported = filesLoadedBy('require("karenina")');
  assert.ok(imported.includes("host/node/register.ts"), "the doors are opened");
  assert.ok(imported.length <= 25, imported.join("\n"));
  const used = filesLoadedBy('new (require("karenina").Vocabulary)(["a"])');
  assert.deepEqual(
    used.filter((file) => !imported.includes(file)),
    ["text/vocabulary.ts"],
  );
});

test("a training step loads no figures, controls, data sets or still pictures", () => {
  const used = filesLoadedBy(
    'const { charRnn, train, adam, sequenceBatches, ready, sample, Vocabulary } = require("karenina")',
  );
  assert.ok(used.includes("training/train.ts"), used.join("\n"));
  assert.ok(used.length <= 102, `${used.length} files`);
  assert.deepEqual(
    used.filter((file) => /^(search|frames|cli|datasets|display\/widgets)\//.test(file)),
    [],
  );
});

test("who uses tf alone can load models that have the library's layers", () => {
  const files = filesLoadedBy('require("karenina").tf');
  assert.ok(files.includes("layers/recurrent.ts"), files.join("\n"));
});

test("the names are those of index.ts, in its order, and each is what its file exports", () => {
  const whole = require("../../lib/index.ts") as Record<string, unknown>;
  const { names } = contentsOf(text);
  assert.deepEqual(
    names.map(({ name }) => name),
    Object.keys(karenina).filter((name) => name !== "default"),
  );
  assert.deepEqual(names.map(({ name }) => name).sort(), Object.keys(whole).sort());
  const lazy = require("karenina") as Record<string, unknown>;
  for (const { name, original } of names) {
    assert.ok(lazy[name] !== undefined, name);
    if (original !== "*") {
      assert.equal(lazy[name], whole[name], name);
    }
  }
});

test("a table of contents has names of files and nothing else", () => {
  const contents = `// A comment; and an import: "./never".
import "./effect";

/* Of several
   lines. */
export { a, type B, c as d } from "./one";
export {
  /** @deprecated \`a\` */
  e as f,
} from "./two";
export type { G } from "./three";
export * as whole from "./four";
`;
  assert.deepEqual(contentsOf(contents), {
    effects: ["./effect"],
    names: [
      { name: "a", original: "a", file: "./one" },
      { name: "d", original: "c", file: "./one" },
      { name: "f", original: "e", file: "./two" },
      { name: "whole", original: "*", file: "./four" },
    ],
  });
  for (const other of [
    "export const x = 1;",
    'export * from "./all";',
    'import { x } from "./x";',
  ]) {
    assert.throws(() => contentsOf(`${contents}${other}\n`), /index\.ts can only name/, other);
  }
});

test("for npm the names are written down: Node's imports find them, and load files as they use them", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "karenina-index-"));
  try {
    const write = (name: string, content: string) =>
      writeFileSync(path.join(folder, name), content);
    write(
      "index.js",
      lazyIndex('import "./first";\nexport { a as b } from "./a";\nexport * as c from "./c";\n'),
    );
    write("first.js", "globalThis.loaded = ['first'];");
    write("a.js", "loaded.push('a'); exports.a = 1;");
    write("c.js", "loaded.push('c'); exports.x = 2;");
    write(
      "program.mjs",
      `import { b, c } from ${JSON.stringify(pathToFileURL(path.join(folder, "index.js")).href)};
console.log(JSON.stringify([b, c.x]));`,
    );
    const run = (...args: string[]) =>
      JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" }));
    assert.deepEqual(run("program.mjs"), [1, 2]);
    const program =
      'const { b } = require("./index.js"); console.log(JSON.stringify([...loaded, b]))';
    assert.deepEqual(run("-e", program), ["first", "a", 1]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
