import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import ts from "typescript";
import { nodePaths } from "../../../../kernel/node/files";
import { StandardLibrary } from "../../../../kernel/session/compile/standardLibrary";

const ROOT = path.join(__dirname, "../../../..");
const FOLDER = mkdtempSync(path.join(tmpdir(), "library-"));
const PROBE = path.join(FOLDER, "probe.ts");
after(() => rmSync(FOLDER, { recursive: true, force: true }));

const library = (options: ts.CompilerOptions, folder = FOLDER) =>
  new StandardLibrary(ts, options, folder, nodePaths);

/** What a program knows of each name that code can use: its type, and that of each of its members. */
function globals(options: ts.CompilerOptions, standIn?: StandardLibrary) {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (file, version) => {
    const text = file === PROBE ? "export {};" : standIn?.textOf(file);
    return text === undefined
      ? getSourceFile.call(host, file, version)
      : ts.createSourceFile(file, text, version);
  };
  const program = ts.createProgram([PROBE], options, host);
  const checker = program.getTypeChecker();
  const probe = program.getSourceFile(PROBE);
  const all = ts.SymbolFlags.Value | ts.SymbolFlags.Type | ts.SymbolFlags.Namespace;
  const typeOf = (symbol: ts.Symbol) => {
    const type =
      symbol.flags & ts.SymbolFlags.Value
        ? checker.getTypeOfSymbol(symbol)
        : checker.getDeclaredTypeOfSymbol(symbol);
    const { NoTruncation, InTypeAlias } = ts.TypeFormatFlags;
    const text = checker.typeToString(type, undefined, NoTruncation | InTypeAlias);
    // The order in a union is that in which its types were first met, and means nothing; that of
    // overloads does.
    const overloads = type.getCallSignatures().map(({ declaration }) => declaration?.getText());
    return [
      text
        .split(/\b|(?=\W)/)
        .sort()
        .join(""),
      ...overloads,
    ].join("\n");
  };
  const found = new Map<string, string>();
  for (const symbol of checker.getSymbolsInScope(probe as ts.Node, all)) {
    found.set(symbol.name, typeOf(symbol));
    const types = [checker.getDeclaredTypeOfSymbol(symbol)];
    if (symbol.flags & ts.SymbolFlags.Value) {
      types.push(checker.getTypeOfSymbol(symbol));
    }
    for (const [at, type] of types.entries()) {
      for (const member of type.isUnion() ? [] : checker.getPropertiesOfType(type)) {
        // A number follows the names of symbols such as Symbol.iterator.
        const key = member.name.replace(/@\d+$/, "");
        found.set(`${symbol.name}${at === 0 ? "#" : "."}${key}`, typeOf(member));
      }
    }
  }
  const files = program.getSourceFiles().filter((file) => program.isSourceFileDefaultLibrary(file));
  return { found, files: files.length, errors: program.getGlobalDiagnostics().length };
}

for (const [name, options] of Object.entries<ts.CompilerOptions>({
  "the course's, ES2023": { lib: ["lib.es2023.d.ts"] },
  "a target's own, with the browser's": { target: ts.ScriptTarget.ES2022 },
  "the newest, of which parts are modules": { lib: ["lib.esnext.d.ts"] },
  "a year's and single parts, beside a package that refers to another year": {
    types: ["node"],
    typeRoots: [path.join(ROOT, "node_modules/@types")],
    lib: ["lib.esnext.disposable.d.ts", "lib.es2017.d.ts", "lib.es2015.promise.d.ts"],
  },
})) {
  test(`each name and member has the type that it has in many files: ${name}`, () => {
    const plain = globals({ types: [], strict: true, ...options });
    const joined = globals({ types: [], strict: true, ...options }, library(options));
    assert.ok(plain.found.size > 1000);
    assert.deepEqual([...joined.found.keys()].sort(), [...plain.found.keys()].sort());
    const changed = [...plain.found].filter(([key, type]) => joined.found.get(key) !== type);
    assert.deepEqual(
      changed.map(([key, type]) => [key, type, joined.found.get(key)]),
      [],
    );
    assert.equal(joined.errors, plain.errors);
    assert.ok(joined.files < plain.files);
  });
}

test("where a project replaces parts of the library, or names nothing but parts, all stays", () => {
  const course = { lib: ["lib.es2023.d.ts"] };
  const file = path.join(path.dirname(ts.getDefaultLibFilePath({})), "lib.es2015.core.d.ts");
  assert.equal(library(course).textOf(file), "");
  const parts = { lib: ["lib.dom.d.ts", "lib.es2015.core.d.ts"] };
  assert.equal(library(parts).textOf(file), undefined);
  mkdirSync(path.join(FOLDER, "node_modules/@typescript/lib-es2015"), { recursive: true });
  const inner = path.join(FOLDER, "inner");
  assert.equal(library(course, inner).textOf(file), undefined);
  assert.equal(library({ ...course, libReplacement: false }, inner).textOf(file), "");
});
