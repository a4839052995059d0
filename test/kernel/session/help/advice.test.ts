import assert from "node:assert/strict";
import { test } from "node:test";
import typescript from "typescript";
import { Session } from "../../../../kernel/index";
import { TypeScriptError } from "../../../../kernel/session/compile/diagnostics";
import { projectFolder } from "../folder";

const session = new Session({ folder: projectFolder({ "bad.json": '{"a": 1, }' }), typescript });
session.install();

async function failure(code: string, name?: string): Promise<Error> {
  try {
    await session.execute(code, name);
  } catch (error) {
    return error as Error;
  }
  throw new Error(`The cell did not fail: ${code}`);
}

async function messages(code: string, name = "cell-7.ts"): Promise<string[]> {
  const error = await failure(code, name);
  assert.ok(error instanceof TypeScriptError, String(error));
  return error.diagnostics.map(({ message }) => message);
}

test("what was not written as TypeScript is answered by what to do instead", async () => {
  const expected: [string, RegExp][] = [
    ["{\n!ls -la ..\n}", /"!ls -la \.\.", and stands between.*execSync\("ls -la \.\."/],
    ["if (true) {\n  !git status\n}", /between two statements.*execSync\("git status"/],
    ["npm install zod", /exclamation mark: !npm install zod$/],
    ["$ npm i zod", /exclamation mark: !npm i zod$/],
    ["yarn add zod", /: !yarn add zod$/],
    ["ls -la", /: !ls -la$/],
    ["export KEY=value more", /: !export KEY=value more$/],
    ["pip install numpy", /: !pip install numpy$/],
    ["git clone https://example.org/x.git", /: !git clone/],
    ["cd data", /process\.chdir\("data"\)/],
    ["{\n%cd data\n}", /%cd is a command of IPython.*process\.chdir/],
    ["npm:zod", /npm install zod.*from "zod"/],
    ['import { z } from "npm:zod@3";', /npm install zod\b.*from "zod"/],
    ['import { x } from "jsr:@std/path@1";', /from "@std\/path"/],
    ['import _ from "https://esm.sh/lodash";', /not loaded from addresses.*npm/],
    ["https://example.org/data.csv", /await fetch\("https:\/\/example\.org\/data\.csv"\)/],
    ["{ name: 'A', age: 28 }", /put the object in parentheses/],
    ['{\n  "a": 1,\n  "b": [2]\n};', /put the object in parentheses/],
    ["<b>hi</b>", /without JSX.*display\(/],
    ["const view = <div className='x'>{1}</div>;\nview", /without JSX/],
    ["<></>", /without JSX/],
  ];
  for (const [code, advice] of expected) {
    const found = await messages(code);
    assert.match(found[0], advice, code);
    assert.doesNotMatch(found[0], /\n/);
  }
});

test("the advice is that of its line, and other findings stay", async () => {
  const found = await messages("const n: number = 'x';\nls");
  assert.equal(found.length, 2);
  assert.match(found[0], /not assignable to type 'number'/);
  assert.match(found[1], /exclamation mark: !ls$/);
  const lines = await messages("npm install zod\nlet x = ;");
  assert.match(lines[0], /: !npm install zod$/);
  assert.match(lines.at(-1) ?? "", /Expression expected/);
});

test("ordinary mistakes get no advice, and what is valid stays valid", async () => {
  for (const code of [
    "nodes",
    "!missing;",
    "const a = { b: 1 ",
    "lst.map((x) => x)",
    "1 %",
    "echo(1)",
    "export * as paths from 'node:path';",
    "export const n: number = 'x';",
    "cat + 1",
    "node instanceof Object",
    "ls && 1",
  ]) {
    assert.doesNotMatch(
      (await messages(code)).join("\n"),
      /execSync|JSX|parentheses|commands/,
      code,
    );
  }
  const { value } = await session.execute("const flag = false; const cat = 5;\n!flag");
  assert.equal(value, true);
  assert.equal((await session.execute("cat\n% 3")).value, 2);
});

test("a package that is missing comes with the line that installs it", async () => {
  const [missing] = await messages('import { z } from "zod";');
  assert.match(missing, /^Cannot find module 'zod'.*\nTo install it, .*: !npm install zod$/s);
  const deep = await failure('import "@scope/name/deep";');
  assert.match(
    deep.message,
    /^Cannot find module '@scope\/name\/deep'\n.*!npm install @scope\/name$/,
  );
  assert.match(String(deep.stack), /!npm install @scope\/name\n/);
  for (const specifier of ["./zod", "#zod", "node:zod"]) {
    assert.doesNotMatch((await failure(`import ${JSON.stringify(specifier)};`)).message, /install/);
  }
  for (const [file, line] of [
    ["pnpm-lock.yaml", "pnpm add zod"],
    ["yarn.lock", "yarn add zod"],
    ["bun.lock", "bun add zod"],
    ["package-lock.json", "npm install zod"],
  ]) {
    const folder = projectFolder({ [file]: "", "notebooks/a.ts": "" });
    const within = new Session({ folder: `${folder}/notebooks`, typescript });
    await assert.rejects(within.execute('import "zod";'), ({ message }: Error) =>
      message.endsWith(`: !${line}`),
    );
  }
});

test("a type that was declared again is named by its cells", async () => {
  await session.execute("class Account { constructor(private id: number) {} }", "cell-1.ts");
  await session.execute("function pay(account: Account) {}", "cell-2.ts");
  await session.execute("class Account { constructor(private name: string) {} }", "cell-5.ts");
  const [message] = await messages("pay(new Account('x'))", "cell-6.ts");
  assert.match(message, /Account \(cell-5\)/);
  assert.match(message, /Account \(cell-1\)/);
  const [own] = await messages("class Account { private z = 1 }\npay(new Account())", "cell-9.ts");
  assert.match(own, /Account \(cell-9\)/);
  for (const text of [message, own]) {
    assert.doesNotMatch(text, /__cell|__session|import\(|cell:/);
  }
  // Numbers are used again for cells that nothing can reach: names go with them.
  for (let i = 10; i < 20; i++) {
    await session.execute(`class Token { private v${i} = 1 }`, `cell-${i}.ts`);
  }
  await session.execute("function take(token: Token) {}", "cell-30.ts");
  await session.execute("class Token { private other = 1 }", "cell-31.ts");
  const [late] = await messages("take(new Token())", "cell-32.ts");
  assert.match(late, /Token \(cell-31\).*Token \(cell-19\)/s);
});

test("messages of the engine quote the user's text", async () => {
  const say = async (code: string) => (await failure(code)).message;
  await session.execute(
    "const o: any = {}; const five: any = 5; let later: any; class K { static s: any }",
  );
  assert.equal(await say("o.f()"), "o.f is not a function");
  assert.equal(
    await say("const p: any = {}; p.f.g"),
    "Cannot read properties of undefined (reading 'g')",
  );
  assert.equal(await say("const q: any = {}; q.f()"), "q.f is not a function");
  assert.equal(await say("five()"), "five is not a function");
  assert.equal(await say("new five()"), "five is not a constructor");
  assert.equal(await say("new o.K()"), "o.K is not a constructor");
  assert.equal(await say("for (const x of five) {}"), "five is not iterable");
  assert.equal(await say("later.x"), "Cannot read properties of undefined (reading 'x')");
  assert.equal(await say("K.s()"), "K.s is not a function");
  assert.equal(await say("(await o).f()"), "(intermediate value).f is not a function");
  assert.equal(
    await say("{ const { a } = later; }"),
    "Cannot destructure property 'a' of 'later' as it is undefined.",
  );
  assert.equal(
    await say("(await import('node:path') as any).nope()"),
    "(intermediate value).nope is not a function",
  );
});

test("messages of the engine quote imports as the text calls them", async () => {
  const folder = projectFolder({
    "values.ts":
      "export const f: any = 1; export default { g: 1 } as any; export const o: any = {};",
    "user.ts":
      'import whole, { f, f as renamed, o } from "./values";\nimport * as all from "./values";\n' +
      "export const calls = [() => f(), () => renamed(), () => o.x(), () => whole.g(), () => whole(), () => all.o.y()];",
  });
  const other = new Session({ folder, typescript });
  other.install();
  const { value } = await other.execute(
    'import { calls } from "./user";\n' +
      "calls.map((call) => { try { call(); } catch (e) { return (e as Error).message; } })",
  );
  assert.deepEqual(value, [
    "f is not a function",
    "renamed is not a function",
    "o.x is not a function",
    "whole.g is not a function",
    "whole is not a function",
    "all.o.y is not a function",
  ]);
});

test("a message is right where code catches it, and one of the code's own is left alone", async () => {
  session.install();
  const { value } = await session.execute(
    "const w: any = {}; const said: string[] = [];\n" +
      "try { w.f(); } catch (e) { said.push((e as Error).message); }\n" +
      "try { throw new TypeError('exports.w is odd'); } catch (e) { said.push((e as Error).message); }\n" +
      "try { throw null; } catch (e) { said.push(String(e)); }\n" +
      "const cell_1: any = { x: 1 };\ntry { cell_1.x(); } catch (e) { said.push((e as Error).message); }\n" +
      "said",
  );
  assert.deepEqual(value, [
    "w.f is not a function",
    "exports.w is odd",
    "null",
    "cell_1.x is not a function",
  ]);
});

test("JSON that is none is reported with its file", async () => {
  for (const code of ['import bad from "./bad.json"; bad', 'require("./bad.json")']) {
    const error = await failure(code);
    assert.ok(error instanceof SyntaxError, String(error));
    assert.match(error.message, /^bad\.json is no JSON: .* position \d+/);
  }
});
