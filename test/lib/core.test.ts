// What lib is made of: a core that knows no machine, and the rooms that do.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { test } from "node:test";
import ts from "typescript";

const LIB = path.resolve(__dirname, "../../lib");

/** The rooms that may know Node.js, and the files that bring them and the core together. */
const ROOMS = ["host/node/", "engine/native/", "pictures/", "cli/"];
const ENTRIES = ["index.ts", "node.ts", "frames/index.ts"];

/** Names that only Node.js has. */
const FORBIDDEN = new Set([
  "Buffer",
  "NodeJS",
  "__dirname",
  "__filename",
  "clearImmediate",
  "global",
  "module",
  "process",
  "require",
  "setImmediate",
]);

const isCore = (file: string) =>
  !ENTRIES.includes(file) && !ROOMS.some((room) => file.startsWith(room));

const sources = readdirSync(LIB, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name))
  .map((entry) => path.relative(LIB, path.join(entry.parentPath ?? entry.path, entry.name)))
  .map((file) => file.split(path.sep).join("/"))
  .filter((file) => !/^(node_modules|dist)\//.test(file));

/** What of Node.js a file knows, each as its line and what stands there. */
function nodeIn(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: [at: ts.Node, what: string][] = [];
  const declared = new Set<string>();
  const used: ts.Identifier[] = [];
  const specifier = (node: ts.Node) => {
    if (!ts.isStringLiteral(node)) {
      return;
    }
    const why = whyNot(file, node.text);
    if (why) {
      found.push([node, `${why} "${node.text}"`]);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      specifier(node.moduleSpecifier);
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      specifier(node.moduleSpecifier);
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      specifier(node.argument.literal);
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      for (const argument of node.arguments) {
        specifier(argument);
      }
    }
    if (ts.isIdentifier(node) && FORBIDDEN.has(node.text)) {
      if (declares(node)) {
        declared.add(node.text);
      } else if (!isMember(node)) {
        used.push(node);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const node of used) {
    if (!declared.has(node.text)) {
      found.push([node, node.text]);
    }
  }
  return found.map(([node, what]) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    return `lib/${file}:${line + 1}: ${what}`;
  });
}

/** A name of the file's own: a variable, a parameter, an import. */
function declares(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) {
    return parent.name === node;
  }
  if (ts.isBindingElement(parent)) {
    return parent.name === node;
  }
  if (ts.isFunctionDeclaration(parent) || ts.isClassDeclaration(parent)) {
    return true;
  }
  return ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent);
}

/** A name of something in something: `host.process`, `{ process: ... }`, `interface Host { process }`. */
function isMember(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) {
    return parent.name === node;
  }
  if (ts.isQualifiedName(parent)) {
    return parent.right === node;
  }
  if (ts.isBindingElement(parent)) {
    return parent.propertyName === node;
  }
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isGetAccessor(parent) ||
      ts.isSetAccessor(parent)) &&
    parent.name === node
  );
}

/** Why a file of the core may not import something. How the core comes to an engine, the engine's test holds. */
function whyNot(file: string, specifier: string): string | undefined {
  if (specifier.startsWith("node:") || builtinModules.includes(specifier)) {
    return "imports Node's";
  }
  if (!specifier.startsWith(".")) {
    return undefined;
  }
  const target = path.posix.join(path.posix.dirname(file), specifier);
  const inRoom = ROOMS.some((room) => room !== "engine/native/" && target.startsWith(room));
  const isEntry = ENTRIES.includes(`${target}.ts`) || ENTRIES.includes(`${target}/index.ts`);
  return inRoom || isEntry || target === "."
    ? "imports, from a room of Node's or an entry,"
    : undefined;
}

test("the search finds each way to Node.js, and takes no name for one that is none", () => {
  const finds = (text: string) => nodeIn("text/x.ts", text).length;
  for (const text of [
    'import fs from "node:fs";',
    'import { join } from "path";',
    'export { x } from "node:os";',
    'const fs = await import("node:fs");',
    'type Fs = typeof import("node:fs");',
    "process.env.X;",
    "let b: Buffer;",
    'require("x");',
    "const here = { __dirname };",
    "setImmediate(() => {});",
    "const { env } = process;",
    "let timer: NodeJS.Timeout;",
    'import { nodeStore } from "../host/node/store";',
    'import { host } from "../node";',
    'import { tf } from "..";',
  ]) {
    assert.equal(finds(text), 1, text);
  }
  for (const text of [
    "host.process.now();",
    "interface Host { process: string; require(): void }",
    "const doors = { process: 1 };",
    "const { process: own } = host;",
    "(process: number) => process + 1;",
    'import { require } from "./x";\nrequire(1);',
    'import { host } from "../host/host";',
    "// process and Buffer are words, too",
  ]) {
    assert.equal(finds(text), 0, text);
  }
});

test("the core knows no Node.js", () => {
  const core = sources.filter(isCore);
  assert.ok(core.length > 100, "the core was found");
  const found = core.flatMap((file) => nodeIn(file, readFileSync(path.join(LIB, file), "utf8")));
  assert.deepEqual(found, [], "reach the machine through lib/host/host.ts");
});
