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
      if (module && ts.isStringLiteral(module) && !onlyTypes(node)) {
        found.push(module.text);
      }
    } else if (ts.isCallExpression(node) && node.arguments[0]) {
      const called = node.expression;
      const loads =
        called.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(called) && called.text === "require");
      const [module] = node.arguments;
      if (loads && ts.isStringLiteral(module)) {
        found.push(module.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function onlyTypes(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    return node.isTypeOnly;
  }
  const clause = node.importClause;
  if (!clause) {
    return false;
  }
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

test("packages beside TypeScript, ZeroMQ and what measures stay out of the kernel's process", () => {
  const inProcess = /^(channel|front\/|process\/|node\/|session\/|display\/)/;
  for (const { from, to, relative: isRelative } of kernel) {
    if (isRelative || !inProcess.test(from) || to.startsWith("node:")) {
      continue;
    }
    assert.match(to, /^(typescript(\/package\.json)?|zeromq|tinybench)$/, `${from} imports ${to}`);
  }
});

/** The page's rows of rooms, the lowest first. */
const rows = page
  .slice(page.indexOf("<!-- layers -->"), page.indexOf("<!-- /layers -->"))
  .split("\n")
  .flatMap((line) => /^\| (\d) +\|(.+)\|$/.exec(line)?.slice(1) ?? [])
  .reduce<Map<string, number>>((found, cell, index, cells) => {
    if (index % 2 === 0) {
      return found;
    }
    for (const [, room] of cell.matchAll(/`([\w/]+)`/g)) {
      found.set(room, Number(cells[index - 1]));
    }
    return found;
  }, new Map());

/** The files that bring everything together; no room imports them but those of programs and of tables. */
const ENTRIES = /^(index|node|web)$/;

/** The room of a file of the library; files beside the entries, such as errors.ts, lie below all rooms. */
function roomOf(path: string): string | undefined {
  const inner = [...rows.keys()].find((room) => room.includes("/") && path.startsWith(`${room}/`));
  return inner ?? (path.includes("/") ? path.split("/")[0] : undefined);
}

test("the page's rows are the library's rooms", () => {
  const rooms = readdirSync(join(ROOT, "lib"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["node_modules", "dist"].includes(entry.name))
    .map((entry) => entry.name);
  assert.deepEqual(
    [...rows.keys()].filter((room) => !room.includes("/")).sort(),
    rooms.sort(),
    "name a new folder of lib/ in docs/architecture.md, in the lowest row that its imports allow",
  );
});

test("a room imports from rows below its own, so that no rooms import each other", () => {
  for (const { from, to, relative: isRelative } of library) {
    if (!isRelative || ENTRIES.test(from.replace(/\.ts$/, ""))) {
      continue;
    }
    const [room, other] = [roomOf(from), roomOf(to)];
    if (ENTRIES.test(to)) {
      assert.match(from, /^(cli|frames)\//, `lib/${from} imports the entry lib/${to}`);
      continue;
    }
    if (other === undefined || room === other) {
      continue;
    }
    const [row, below] = [rows.get(room ?? ""), rows.get(other)];
    assert.ok(below !== undefined, `lib/${to} lies in a room of the page`);
    assert.ok(
      row !== undefined && row > below,
      `lib/${from} (row ${row}) imports lib/${to} (row ${below})`,
    );
  }
});

/** The files, types included, that import each other in a circle. */
function circles(name: string): string[] {
  const root = join(ROOT, name);
  const files = sourcesIn(root);
  const known = new Set(files);
  const imported = (file: string) =>
    importedFiles(file).flatMap((path) => {
      const found = [path, `${path}.ts`, join(path, "index.ts")].find((each) => known.has(each));
      return found ? [found] : [];
    });
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  const walk = (file: string, way: string[]): void => {
    if (state.get(file) === "done") {
      return;
    }
    if (state.get(file) === "open") {
      const circle = [...way.slice(way.indexOf(file)), file];
      found.push(circle.map((each) => relative(root, each)).join(" -> "));
      return;
    }
    state.set(file, "open");
    for (const next of imported(file)) {
      walk(next, [...way, file]);
    }
    state.set(file, "done");
  };
  for (const file of files) {
    walk(file, []);
  }
  return found;
}

/** All files that a file imports from its own package, for their types alone, too. */
function importedFiles(file: string): string[] {
  const { importedFiles: found } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
  return found.flatMap(({ fileName }) =>
    fileName.startsWith(".") ? [resolve(dirname(file), fileName)] : [],
  );
}

test("no files import each other in a circle, not even for their types", () => {
  for (const name of ["lib", "lessons", "kernel", "runner"]) {
    assert.deepEqual(circles(name), [], name);
  }
});

test("the kernel's rooms do not import each other in a circle", () => {
  const below = new Map<string, Set<string>>();
  for (const { from, to, relative: isRelative } of kernel) {
    const [room, other] = [dirname(from), dirname(to)];
    if (!isRelative || room === "." || other === "." || room === other) {
      continue;
    }
    below.set(room, (below.get(room) ?? new Set()).add(other));
  }
  const reaches = (room: string, goal: string, seen = new Set<string>()): boolean =>
    [...(below.get(room) ?? [])].some((next) => {
      if (next === goal) {
        return true;
      }
      if (seen.has(next)) {
        return false;
      }
      seen.add(next);
      return reaches(next, goal, seen);
    });
  for (const room of below.keys()) {
    assert.ok(!reaches(room, room), `kernel/${room} is in a circle`);
  }
});
