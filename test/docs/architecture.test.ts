// docs/architecture.md against the imports in the code.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { test } from "node:test";
import ts from "typescript";

const ROOT = resolve(__dirname, "../..");
const page = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");

interface Import {
  /** The file that imports, from the package's folder, with "/". */
  from: string;
  /** What it imports: a file from the package's folder, or a package's name. */
  to: string;
  relative: boolean;
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return ["node_modules", "dist"].includes(entry.name) ? [] : sourcesIn(path);
    }
    return /\.(ts|cjs|mjs)$/.test(path) && !/\.d\.c?ts$/.test(path) ? [path] : [];
  });
}

/** What a file loads at run time. */
function specifiersOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const module = node.moduleSpecifier;
      if (module && ts.isStringLiteral(module) && !onlyTypes(node)) found.push(module.text);
    } else if (ts.isCallExpression(node) && node.arguments[0]) {
      const called = node.expression;
      const loads =
        called.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(called) && called.text === "require");
      const [module] = node.arguments;
      if (loads && ts.isStringLiteral(module)) found.push(module.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function onlyTypes(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (!clause) return false;
  const names = clause.namedBindings;
  const each = names && ts.isNamedImports(names) ? names.elements : undefined;
  const allTypes = !clause.name && each !== undefined && each.every((name) => name.isTypeOnly);
  return clause.isTypeOnly || allTypes;
}

function importsOf(name: string): Import[] {
  const root = join(ROOT, name);
  const seen = (file: string) => relative(root, file).split(sep).join("/");
  return sourcesIn(root).flatMap((file) =>
    specifiersOf(file).map((specifier) => {
      const isRelative = specifier.startsWith(".");
      const to = isRelative ? seen(resolve(dirname(file), specifier)) : specifier;
      return { from: seen(file), to, relative: isRelative };
    }),
  );
}

const library = importsOf("lib");
const kernel = importsOf("kernel");

test("library and kernel do not know each other", () => {
  for (const [imports, other] of [
    [library, /^karenina-kernel(\/|$)/],
    [kernel, /^karenina(\/|$)/],
  ] as const) {
    assert.ok(imports.length > 100, "imports were found");
    for (const { from, to, relative: isRelative } of imports) {
      assert.ok(!(isRelative && to.startsWith("..")), `${from} imports ${to}, outside its package`);
      assert.doesNotMatch(to, other, `${from} imports ${to}`);
    }
  }
});

test("packages beside TypeScript and ZeroMQ stay out of the kernel's process", () => {
  const inProcess = /^(channel|front\/|process\/|session\/|display\/)/;
  for (const { from, to, relative: isRelative } of kernel) {
    if (isRelative || !inProcess.test(from) || to.startsWith("node:")) continue;
    assert.match(to, /^(typescript(\/package\.json)?|zeromq)$/, `${from} imports ${to}`);
  }
});

/** The page's rows of folders, the lowest first. */
const rows = page
  .slice(page.indexOf("<!-- layers -->"), page.indexOf("<!-- /layers -->"))
  .split("\n")
  .flatMap((line) => /^\| (\d) +\|(.+)\|$/.exec(line)?.slice(1) ?? [])
  .reduce<Map<string, number>>((found, cell, index, cells) => {
    if (index % 2 === 0) return found;
    for (const [, folder] of cell.matchAll(/`(\w+)`/g))
      found.set(folder!, Number(cells[index - 1]));
    return found;
  }, new Map());

test("the page's rows are the library's folders", () => {
  const folders = readdirSync(join(ROOT, "lib"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["node_modules", "dist"].includes(entry.name))
    .map((entry) => entry.name);
  assert.deepEqual(
    [...rows.keys()].sort(),
    folders.sort(),
    "name a new folder of lib/ in docs/architecture.md, in the lowest row that its imports allow",
  );
});

test("the library's folders import from their row and from those below", () => {
  for (const { from, to, relative: isRelative } of library) {
    const [row, other] = [from, to].map((path) => rows.get(path.split("/")[0]!));
    if (!isRelative || row === undefined || other === undefined) continue;
    assert.ok(row >= other, `lib/${from} (row ${row}) imports lib/${to} (row ${other})`);
  }
});
