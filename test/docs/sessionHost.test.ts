// kernel/session is given all that it needs by its host: nothing in it names Node.js.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, relative, resolve } from "node:path";
import { test } from "node:test";
import ts from "typescript";

const SESSION = resolve(__dirname, "../../kernel/session");

/** What Node.js puts into the scope of a module, beyond what browsers have too. */
const GLOBALS = new Set([
  "process",
  "Buffer",
  "global",
  "setImmediate",
  "clearImmediate",
  "require",
  "module",
  "exports",
  "__dirname",
  "__filename",
]);

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest, true);
}

/** The modules that a file names, types included. */
function modulesOf(file: ts.SourceFile): string[] {
  return ts.preProcessFile(file.text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The globals of Node.js that a file uses and does not declare itself. */
function globalsOf(file: ts.SourceFile): string[] {
  const declared = new Set<string>();
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    const { parent } = node;
    if (ts.isIdentifier(node) && GLOBALS.has(node.text)) {
      const isMember =
        (ts.isPropertyAccessExpression(parent) &&
          parent.name === node &&
          parent.expression.getText(file) !== "globalThis") ||
        (ts.isPropertyAssignment(parent) && parent.name === node) ||
        ts.isPropertySignature(parent) ||
        ts.isPropertyDeclaration(parent) ||
        ts.isBindingElement(parent);
      const isDeclared =
        (ts.isVariableDeclaration(parent) ||
          ts.isParameter(parent) ||
          ts.isBindingElement(parent)) &&
        parent.name === node;
      if (isDeclared) {
        declared.add(node.text);
      } else if (!isMember) {
        used.add(node.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...used].filter((name) => !declared.has(name));
}

const files = readdirSync(SESSION, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, source: parse(readFileSync(join(SESSION, name), "utf8")) }));

test("the session names no module of Node.js, and nothing outside its folder", () => {
  assert.ok(files.length > 20, "files were found");
  for (const { name, source } of files) {
    for (const module of modulesOf(source)) {
      assert.ok(!module.startsWith("node:"), `session/${name} imports ${module}`);
      assert.ok(!builtinModules.includes(module), `session/${name} imports ${module}`);
      if (module.startsWith(".")) {
        const to = relative(SESSION, resolve(SESSION, name, "..", module));
        assert.ok(!to.startsWith(".."), `session/${name} imports ${module}, outside of session/`);
      } else {
        // tinybench asks for a clock, and takes the one that is there: in browsers, too.
        assert.match(module, /^(typescript|tinybench)$/, `session/${name} imports ${module}`);
      }
    }
  }
});

test("the session uses no global of Node.js", () => {
  for (const { name, source } of files) {
    assert.deepEqual(globalsOf(source), [], `session/${name}: ask the SessionHost instead`);
  }
});

test("what these tests look for is found", () => {
  const nodeish = [
    ['import fs from "node:fs"', ["node:fs"], []],
    ['import type { Stats } from "fs"', ["fs"], []],
    ['export { join } from "node:path"', ["node:path"], []],
    ['const vm = await import("node:vm")', ["node:vm"], []],
    ['type S = import("node:fs").Stats', ["node:fs"], []],
    ["globalThis.process.cwd()", [], ["process"]],
    ["f(Buffer.from(''), __dirname)", [], ["Buffer", "__dirname"]],
    ["const require = (name: string) => name; require('a'); host.process(a.module)", ["a"], []],
    ["const { process } = host; process.run({ module: 1 })", [], []],
  ] as const;
  for (const [text, modules, globals] of nodeish) {
    assert.deepEqual([modulesOf(parse(text)), globalsOf(parse(text))], [modules, globals], text);
  }
});
