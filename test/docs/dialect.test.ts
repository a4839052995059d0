// The dialect that Biome cannot hold: `x!` stands only where x may be null or undefined.
import assert from "node:assert/strict";
import { relative, resolve, sep } from "node:path";
import { test } from "node:test";
import ts from "typescript";

const ROOT = resolve(__dirname, "../..");

/** The places of `!` behind expressions whose type has neither null nor undefined. */
function meaningless(program: ts.Program, isOwn: (file: string) => boolean): string[] {
  const checker = program.getTypeChecker();
  return program.getSourceFiles().flatMap((source) => {
    if (!isOwn(source.fileName)) return [];
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isNonNullExpression(node)) {
        const type = checker.getTypeAtLocation(node.expression);
        const open = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter;
        if (!(type.flags & open) && checker.getNonNullableType(type) === type) {
          const { line } = source.getLineAndCharacterOfPosition(node.getEnd());
          found.push(`${relative(ROOT, source.fileName)}:${line + 1}`);
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

test("no `!` stands behind what is never null or undefined", () => {
  const { config } = ts.readConfigFile(resolve(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const isOwn = (file: string) =>
    file.startsWith(ROOT.split(sep).join("/")) && !file.includes("/node_modules/");
  assert.deepEqual(meaningless(ts.createProgram(fileNames, options), isOwn), []);
});

test("one that is meaningless is found, one that means something is not", () => {
  const file = "/dialect.ts";
  const text = "declare const a: number; declare const b: number | undefined;\n[a!,\nb!];";
  const host = ts.createCompilerHost({});
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === file
      ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true)
      : read(name, ...rest);
  const program = ts.createProgram([file], { strict: true }, host);
  assert.deepEqual(
    meaningless(program, (name) => name === file).map((place) => place.replace(/.*:/, "")),
    ["2"],
  );
});
