// The dialect that Biome cannot hold: `x!` stands only where x may be null or undefined, and nothing is
// spread that could stand there itself.
import assert from "node:assert/strict";
import { relative, resolve, sep } from "node:path";
import { test } from "node:test";
import ts from "typescript";

const ROOT = resolve(__dirname, "../..");

/** The places of nodes for which `isFault` holds, in a program's own files. */
function placesOf(
  program: ts.Program,
  isOwn: (file: string) => boolean,
  isFault: (node: ts.Node, checker: ts.TypeChecker) => boolean,
): string[] {
  const checker = program.getTypeChecker();
  return program.getSourceFiles().flatMap((source) => {
    if (!isOwn(source.fileName)) {
      return [];
    }
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (isFault(node, checker)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getEnd());
        found.push(`${relative(ROOT, source.fileName)}:${line + 1}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}
/** A `!` behind an expression whose type has neither null nor undefined. */
function isMeaningless(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (!ts.isNonNullExpression(node)) {
    return false;
  }
  const type = checker.getTypeAtLocation(node.expression);
  const open = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter;
  return !(type.flags & open) && checker.getNonNullableType(type) === type;
}

/** `...{ a, b }` or `...[a, b]`: what is in the brackets could stand there itself. */
function isIdleSpread(node: ts.Node): boolean {
  return (
    (ts.isSpreadAssignment(node) && ts.isObjectLiteralExpression(node.expression)) ||
    (ts.isSpreadElement(node) && ts.isArrayLiteralExpression(node.expression))
  );
}

test("the project's files have neither", () => {
  const { config } = ts.readConfigFile(resolve(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const isOwn = (file: string) =>
    file.startsWith(ROOT.split(sep).join("/")) && !file.includes("/node_modules/");
  const program = ts.createProgram(fileNames, options);
  assert.deepEqual(placesOf(program, isOwn, isMeaningless), []);
  assert.deepEqual(placesOf(program, isOwn, isIdleSpread), []);
});

test("what means nothing is found, what means something is not", () => {
  const text =
    "declare const a: number, b: number | undefined;\n[a!,\nb!, ...[a]];\n({ ...{ a },\n...[a] });";
  const file = "/dialect.ts";
  const host = ts.createCompilerHost({});
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true)
      : read(name, ...rest);
  const program = ts.createProgram([file], { strict: true }, host);
  const lines = (isFault: typeof isMeaningless) =>
    placesOf(program, (name) => name === file, isFault).map((place) => place.replace(/.*:/, ""));
  assert.deepEqual(lines(isMeaningless), ["2"]);
  assert.deepEqual(lines(isIdleSpread), ["3", "4"]);
});
