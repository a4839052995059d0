// The compiler's text as the kernel runs it: it says the same, and what it makes can be collected.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import original from "typescript";
import { collectableText } from "../../../kernel/node/compilerText";
import { findTypeScript, loadTypeScript } from "../../../kernel/node/typescript";

const ROOT = resolve(__dirname, "../../..");
const text = readFileSync(require.resolve("typescript"), "utf8");

test("all that is to be written in another way is found in this TypeScript", () => {
  const edited = collectableText(text);
  const checker = edited.slice(edited.indexOf("function createTypeChecker("));
  assert.doesNotMatch(checker.slice(0, 3e6), /noIterationTypes = \{/);
  assert.match(edited, /var noIterationTypes = \{[\s\S]{0,400}\};\s*function createTypeChecker\(/);
  assert.match(edited, /getOrCreateCacheForModuleName = \(0, \(/);
  assert.doesNotMatch(edited, /get on(SubstituteNode|EmitNode)\(\)/);
  assert.doesNotMatch(edited, /function\* getUnmatchedProperties/);
  assert.equal(
    collectableText("function createTypeChecker(host) {}"),
    "function createTypeChecker(host) {}",
  );
  assert.equal(collectableText(edited), edited);
});

/** Code that comes by all of it: missing properties, iteration, substituted and notified nodes. */
const PROGRAM = `
import { a as b } from "./b";
export interface Wide { one: 1; two: 2; three?: 3 }
export const wide: Wide = { one: 1 };
export const wider: Wide = {};
export const narrow: { kind: "x" } | { kind: "y"; more: 1 } = { kind: "y" };
for (const each of 5) b(each);
for (const [c, d] of new Map([[1, wide]])) b(c, d.two);
export let counted = 0;
export function count() { return [counted++, ...wide, b()]; }
namespace Inner { export const inside = 1; export const used = () => inside; }
export class Base { static #hidden = 1; name = () => Base.#hidden; }
export async function* words() { yield* (await b()) as string[]; }
export enum Kind { One, Two = One + 1 }
`;

test("it finds the same faults as the compiler itself and emits the same code", () => {
  const { ts } = loadTypeScript(findTypeScript(ROOT));
  const outcome = (compiler: typeof original) => {
    const options = {
      target: original.ScriptTarget.ES2017,
      module: original.ModuleKind.CommonJS,
      strict: true,
      sourceMap: true,
      lib: ["lib.es2020.d.ts"],
      types: [],
    };
    const host = compiler.createCompilerHost(options);
    const { getSourceFile, fileExists } = host;
    host.getSourceFile = (file, ...rest) =>
      file === "a.ts"
        ? compiler.createSourceFile(file, PROGRAM, original.ScriptTarget.ES2017)
        : getSourceFile.call(host, file, ...rest);
    host.fileExists = (file) => file === "a.ts" || fileExists.call(host, file);
    const emitted: string[] = [];
    host.writeFile = (_, written) => emitted.push(written);
    const program = compiler.createProgram(["a.ts"], options, host);
    const faults = compiler
      .getPreEmitDiagnostics(program)
      .map(({ code, start, messageText }) => [
        code,
        start,
        compiler.flattenDiagnosticMessageText(messageText, "\n"),
      ]);
    program.emit();
    const { outputText } = compiler.transpileModule(PROGRAM, { compilerOptions: options });
    return { faults, emitted, outputText };
  };
  const expected = outcome(original);
  assert.ok(expected.faults.length >= 5 && expected.emitted.length === 2);
  assert.deepEqual(outcome(ts), expected);
});

test("the programs and checkers of a cell do not outlive a young collection", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      "--expose-gc",
      "--min-semi-space-size=64",
      "--max-semi-space-size=64",
      "--no-allocation-site-pretenuring",
      "-r",
      "tsx/cjs",
      join(__dirname, "youngPrograms.ts"),
    ],
    { encoding: "utf8", cwd: ROOT },
  );
  assert.equal(status, 0, stderr);
  const { made, left } = JSON.parse(stdout) as { made: number; left: number };
  assert.ok(made > 500_000, `a cell made ${made} bytes`);
  assert.ok(left < made / 4, `of ${made} bytes that a cell made, ${left} were left`);
});
