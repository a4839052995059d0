import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../../../kernel/index";
import { TypeScriptError } from "../../../kernel/session/compile/diagnostics";
import { projectFolder } from "./folder";

const session = new Session({
  folder: projectFolder({
    "broken.ts": "export const a = 1;\nexport const b = ;\n",
    "wrong.ts": 'export const n: number = "no";',
  }),
});
session.install();

async function failure(code: string, name?: string): Promise<Error> {
  try {
    await session.execute(code, name);
  } catch (error) {
    return error as Error;
  }
  throw new Error("The cell did not fail.");
}

async function diagnostics(code: string) {
  const error = await failure(code, "cell-7.ts");
  assert.ok(error instanceof TypeScriptError, String(error));
  return error.diagnostics;
}

test("a type error stops the cell before it runs, with place and excerpt", async () => {
  Object.assign(globalThis, { ran: false });
  const [found] = await diagnostics('(globalThis as any).ran = true;\n  const n: number = "x";');
  assert.equal((globalThis as unknown as { ran: boolean }).ran, false);
  const { code, file, line, column, excerpt } = found;
  assert.deepEqual(
    { code, file, line, column },
    { code: 2322, file: "cell-7.ts", line: 2, column: 9 },
  );
  assert.equal(excerpt, '2 |   const n: number = "x";\n            ^');
});

test("the place is right after emoji, tabs, earlier names and on the first line", async () => {
  await session.execute("const known = 1;");
  const [first] = await diagnostics("known; unknownName");
  assert.deepEqual([first.line, first.column], [1, 8]);
  const [after] = await diagnostics('const s = "😀"; unknownName');
  assert.equal(after.column, 'const s = "😀"; '.length + 1);
});

test("a syntax error is found as such", async () => {
  const [found] = await diagnostics("const = 5");
  assert.deepEqual([found.code, found.line], [1134, 1]);
});

test("a variable of an earlier cell can be assigned, what its type allows", async () => {
  await session.execute("let assignable = 5; let optional: string | undefined;");
  await session.execute("assignable = 6; assignable++; optional = 'text'; optional.length");
  assert.equal((await session.execute("assignable")).value, 7);
  await assert.rejects(
    session.execute("assignable = 'text'"),
    /^TypeScriptError: .*:1:1 - error TS2322/,
  );
  await assert.rejects(session.execute("() => { optional = 5; }"), /TS2322/);
  await assert.rejects(session.execute("[assignable] = [1, assignable.x]"), /TS2339/);
  assert.equal((await session.execute("[assignable, optional].join()")).value, "7,text");
});

test("a constant of an earlier cell cannot be assigned", async () => {
  await session.execute("const fixed = 1;");
  const [found] = await diagnostics("fixed = 2");
  assert.equal(found.code, 2588);
});

test("errors in imported files name that file and its line", async () => {
  const [broken] = await diagnostics('import { a } from "./broken"');
  assert.deepEqual([broken.file, broken.line], ["broken.ts", 2]);
  const [wrong] = await diagnostics('import { n } from "./wrong"');
  assert.deepEqual([wrong.file, wrong.line, wrong.code], ["wrong.ts", 1, 2322]);
});

test("run-time frames have the lines and columns of the text, and none of ours", async () => {
  const error = await failure(
    "const filler = 1;\nasync function inner() {\n  await null;\n  throw new RangeError('far');\n}\nfunction outer() { return inner(); }\nawait outer();",
    "cell-12.ts",
  );
  assert.equal(error.name, "RangeError");
  assert.deepEqual(String(error.stack).split("\n").slice(0, 3), [
    "RangeError: far",
    "    at inner (cell-12.ts:4:9)",
    "    at async cell-12.ts:7:1",
  ]);
  assert.doesNotMatch(String(error.stack), /\(node:|session\.ts|runtime\.ts/);
});

test("a frame of a function from an earlier cell names that cell", async () => {
  await session.execute("\nfunction fails(): never { throw new Error('here'); }", "cell-20.ts");
  const error = await failure("  fails()", "cell-21.ts");
  assert.match(String(error.stack), /at fails \(cell-20\.ts:2:33\)\n {4}at cell-21\.ts:1:3/);
});

test("code that prints a stack sees the same", async () => {
  const { value } = await session.execute(
    "let stack = '';\ntry { throw new Error('x'); } catch (e) { stack = (e as Error).stack ?? ''; }\nstack",
    "cell-30.ts",
  );
  assert.match(String(value), /at cell-30\.ts:2:13/);
});

test("what ran before a throw stays declared; what did not, does not", async () => {
  await session.execute("const late = 'old';");
  await failure(
    "const early = 1; function helper() { return 2; }\nthrow new Error('stop');\nconst late = 3;",
  );
  const { value } = await session.execute("[early + helper(), late.length]");
  assert.deepEqual(value, [3, 3]);
});

test("unknown names are unknown after a cell that failed its check", async () => {
  await diagnostics("const unborn: string = 5;");
  const [found] = await diagnostics("unborn");
  assert.equal(found.code, 2304);
});

test("functions that later cells hand over as handlers of errors see no machinery", async () => {
  const value = async (code: string) => (await session.execute(code)).value;
  await value(`
    const own: any = {};
    const fails = async () => own.missing();
    function byMessage(thrown: any) { return thrown.message; }
    const byCast = (thrown: unknown) => (thrown as Error).message;
    const byName = (error: any) => String(error);
    const byPattern = ({ message }: any) => message;
  `);
  for (const handler of ["byMessage", "byCast", "byPattern"]) {
    assert.equal(await value(`await fails().catch(${handler})`), "own.missing is not a function");
  }
  assert.equal(
    await value("await fails().then(null, byName)"),
    "TypeError: own.missing is not a function",
  );
  assert.equal(
    await value("byMessage.toString()"),
    "function byMessage(thrown) { return thrown.message; }",
  );
});
