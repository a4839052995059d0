import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import { countAssertions } from "../../runner/countedCode";

const RECORDER = 'Reflect.get(process, Symbol.for("karenina.assertions"))';

/** Cells as they are run, with the recorder's long name shortened to R, and what was found in them. */
function counted(...codes: string[]) {
  const cells = codes.map((code, index) => ({
    number: index + 1,
    code,
    solution: code.startsWith("// BEGIN SOLUTION"),
  }));
  const { assertions, codes: changed } = countAssertions(cells);
  return { assertions, codes: changed.map((code) => code.replaceAll(RECORDER, "R")) };
}

const IMPORT = 'import assert from "node:assert/strict";\n';

/** One line of code behind the import of assert. */
function changed(line: string): string {
  return counted(IMPORT + line).codes[0].slice(IMPORT.length);
}

test("assertions are marked where their arguments are, and stay where they stand", () => {
  assert.equal(changed('assert.ok(a, "why")'), 'assert.ok(a, R.at(0, "why"))');
  assert.equal(changed("assert.ok(a)"), "assert.ok(a, R.here(0))");
  assert.equal(changed("assert(a)"), "assert.ok(a, R.here(0))");
  assert.equal(changed('assert(a, "why")'), 'assert.ok(a, R.at(0, "why"))');
  assert.equal(changed("assert.equal(a, b)"), "assert.equal(a, b, R.here(0))");
  assert.equal(changed("assert.equal(a, b, `c`)"), "assert.equal(a, b, R.at(0, `c`))");
  assert.equal(changed("assert.ok(\n  a < b,\n);"), "assert.ok(\n  a < b, R.here(0),\n);");
  assert.equal(changed("assert.fail()"), "assert.fail(R.here(0))");
  assert.equal(changed('assert.fail("x")'), 'assert.fail(R.at(0, "x"))');
  assert.equal(changed("assert.ifError(e)"), "assert.ifError(R.at(0, e))");
  assert.equal(changed("assert.equal(...pair)"), "assert.equal(...R.at(0, pair))");
  assert.equal(changed('assert.throws(f, "x")'), 'assert.throws(R.at(0, f), "x")');
  assert.equal(changed("assert.rejects(f(), /x/)"), "assert.rejects(R.at(0, f()), /x/)");
  assert.equal(changed("assert.strict.equal(a, b)"), "assert.strict.equal(a, b, R.here(0))");
  assert.equal(
    changed("for (const a of b) assert.ok(a, text(() => assert.ok(c)));"),
    "for (const a of b) assert.ok(a, R.at(0, text(() => assert.ok(c, R.here(1)))));",
  );
});

test("assert is known by what was imported, under any name, in any earlier cell", () => {
  const forms = [
    ['import assert from "node:assert"', "assert.ok(x)"],
    ['import * as claim from "assert/strict"', "claim.equal(x, y)"],
    ['import { strict as claim } from "node:assert"', "claim(x)"],
    ['import { ok as sure, deepEqual } from "node:assert/strict"', "sure(x); deepEqual(x, y)"],
    ['const assert = require("node:assert").strict', "assert.ok(x)"],
    ['const { ok, equal: same } = require("assert")', "ok(x); same(x, y)"],
    ['import assert = require("node:assert/strict")', "assert.ok(x)"],
  ];
  for (const [importing, using] of forms) {
    const { assertions, codes } = counted(`${importing};`, "let a = 1;", `\n${using}`);
    assert.deepEqual(
      assertions,
      using.split("; ").map((text) => ({ cell: 3, line: 2, text })),
      importing,
    );
    assert.deepEqual(codes.slice(0, 2), [`${importing};`, "let a = 1;"]);
    assert.match(codes[2], /R\.here\(0\)/);
  }
});

test("what is no assertion stays as it is", () => {
  for (const code of [
    "assert.ok(x)", // Nobody imported it.
    'import assert from "power-assert"; assert.ok(x)',
    `${IMPORT}console.assert(x); tf.assert.ok(x); new assert.AssertionError({})`,
    `${IMPORT}assert.ok(x`,
    "check.neuron((x) => x)",
  ]) {
    assert.deepEqual(counted(code), { assertions: [], codes: [code] });
  }
});

test("checks of exercises are assertions in solutions, and nowhere else", () => {
  const { codes, assertions } = counted(
    "check.one(NaN)",
    "// BEGIN SOLUTION\ncheck.one(1) // so\nif (b) check.two(\n  2,\n);\nawait check.three(f(check));",
  );
  assert.deepEqual(codes, [
    "check.one(NaN)",
    "// BEGIN SOLUTION\n" +
      "try { check.one(1); R.held(0); } catch (error) { R.failed(0, error); } // so\n" +
      "if (b) try { check.two(\n  2,\n); R.held(1); } catch (error) { R.failed(1, error); }\n" +
      "try { await check.three(f(check)); R.held(2); } catch (error) { R.failed(2, error); }",
  ]);
  assert.deepEqual(
    assertions.map(({ line, text }) => [line, text]),
    [
      [2, "check.one(1)"],
      [3, "check.two( 2, )"],
      [6, "await check.three(f(check))"],
    ],
  );
});

test("marked code is good TypeScript: no line moves, and assertions still narrow types", () => {
  const code = `${IMPORT}import { throws } from "node:assert";
declare const maybe: number | undefined;
assert.ok(maybe !== undefined, "there is one");
const sure: number = maybe;
declare const thing: unknown;
assert.equal(thing, "text");
assert(
  typeof sure === "number",
);
throws(() => { throw new RangeError("x") }, (error) => error instanceof RangeError);
throws(() => { throw new RangeError("x") }, "it throws");
assert.throws(() => { throw new RangeError("x") }, { name: "RangeError" }, "it throws");
await assert.rejects(async () => { throw 1 }, (error) => error === 1);
assert.match("text", /x/);
export {};`;
  const { codes } = countAssertions([{ number: 1, code, solution: false }]);
  assert.notEqual(codes[0], code);
  assert.equal(codes[0].split("\n").length, code.split("\n").length);
  assert.deepEqual(diagnosticsOf(code), []);
  assert.deepEqual(diagnosticsOf(codes[0]), []);
});

/** What the checker says of a file. */
function diagnosticsOf(text: string): string[] {
  const name = `${__dirname}/marked-cell.ts`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    esModuleInterop: true,
    types: ["node"],
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => file === name || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === name
      ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true)
      : getSourceFile(file, ...rest);
  const program = ts.createProgram([name], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
