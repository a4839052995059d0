// Places and headers of errors, compared with what Node says about the same text as a file.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import typescript from "typescript";
import { Session } from "../../../kernel/index";
import { describeError } from "../../../kernel/process/errors";
import { projectFolder } from "./folder";

/** Names of folders that people have, and some that ask for trouble. */
const FOLDERS = [
  "my notebooks",
  "with-paren(1)",
  "OneDrive - Company, Ltd/100% #1 + 2",
  "Записки (копия)/12:30:15 notes",
  "at (x/file:%20",
];

/** Texts that throw: plain JavaScript, so that Node runs them as they are. */
const THROWING = [
  "JSON.parse('{')",
  "'use strict';\nnull.x",
  "// a comment\n/* another */ decodeURIComponent('%')",
  "BigInt(1.5)",
  "(undefined)()",
  "   new Array(-1)",
  "const a = 1;\n\nthrow new Error('line 3');",
  "function f() {\n  throw new RangeError('in f');\n}\n[1].map(f);",
  "class A { get x() { throw new Error('getter'); } }\nnew A().x",
  "const o = {}; o.f()",
  "const o = { p: 1 };\no.p.q.r",
  "let u;\nu.x = 1",
  "{ const { a } = null; }",
  "(() => { const [a] = 5; })()",
  "const c = {}; new c.K()",
  "for (const x of 5) {}",
  "const n = 5; for (const x of n) {}",
  "const n = 5; Math.max(...n)",
  "const fn = 5; fn()",
  "const tag = {}; tag.t`x`",
  "new (class { #p = 1; static g(o) { return o.#p; } }).constructor.g({})",
  "throw Object.assign(new Error('with code'), { code: 'E_CODE' })",
  "throw new TypeError('exports.o.f is not a function')",
  "require('node:assert').equal(1, 2)",
  "require('node:assert').strictEqual(1, 2, 'own words')",
  "require('node:assert').deepStrictEqual({ a: 1 }, { a: 2 })",
  "require('node:fs').readFileSync('not there at all')",
  "Buffer.alloc('x')",
  "new URL('nowhere')",
  "structuredClone(Symbol('s'))",
  "throw new DOMException('message', 'AbortError')",
  "AbortSignal.abort().throwIfAborted()",
  "class ZodError extends Error { constructor() { super('[]'); this.name = 'ZodError'; } toString() { return this.message; } }\nthrow new ZodError()",
  "class Custom extends Error {}\nthrow new Custom('no name of its own')",
  "class Custom extends Error { toString() { return 'own text'; } }\nthrow new Custom('m')",
  "class Custom extends Error { get name() { return 'Getter'; } }\nthrow new Custom('m')",
  "class NoMessage extends Error { name = ''; }\nthrow new NoMessage()",
  "const e = new Error('two\\nlines'); throw e",
  "const e = new Error('before'); e.message = 'after'; throw e",
  "const e = {}; Error.captureStackTrace(e); throw e",
  "const e = { name: 'N', message: 'M' }; Error.captureStackTrace(e); throw e",
  "const e = { toString() { return 'never'; } }; Error.captureStackTrace(e); throw e",
  "throw new AggregateError([new Error('one')], 'several')",
  "throw new Error('outer', { cause: new Error('inner') })",
  "require('node:vm').runInNewContext('null.x')",
];

interface Told {
  header: string;
  place: string | undefined;
}

/** Header and innermost place of a stack. */
function told(stack: string, file: string): Told {
  const lines = stack.split("\n");
  const first = lines.findIndex((line) => /^ {4}at /.test(line));
  const frame = lines.find((line) => /^ {4}at /.test(line) && line.includes(`${file}:`));
  const [, place] = frame?.match(/:(\d+:\d+)\)?$/) ?? [];
  return { header: lines.slice(0, first < 0 ? undefined : first).join("\n"), place };
}

function stackOf(error: unknown): string {
  return String((error as Error).stack);
}

/** What Node says about each text as a file of its own. */
function byNode(texts: string[]): Told[] {
  const folder = projectFolder();
  const files = texts.map((text, index) => {
    const file = join(folder, `text-${index}.cjs`);
    writeFileSync(file, text);
    return file;
  });
  const script = `const stacks = [];
    for (const file of ${JSON.stringify(files)}) {
      try { require(file); stacks.push(""); } catch (e) { stacks.push(e.stack); }
    }
    process.stdout.write(JSON.stringify(stacks));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  assert.equal(stderr, "");
  return (JSON.parse(stdout) as string[]).map((stack, index) => told(stack, files[index]));
}

async function failure(session: Session, code: string, name?: string): Promise<unknown> {
  try {
    await session.execute(code, name);
  } catch (error) {
    return error;
  }
  throw new Error(`The cell did not fail: ${code}`);
}

/** For texts of plain JavaScript. */
const unchecked = JSON.stringify({ compilerOptions: { strict: false, target: "ES2022" } });

test("a file's header and place are Node's, message included", async () => {
  const expected = byNode(THROWING);
  const files = Object.fromEntries(THROWING.map((text, index) => [`text-${index}.cjs`, text]));
  const folder = projectFolder({ "tsconfig.json": unchecked });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  const session = new Session({ folder, typescript });
  session.install();
  for (const [index, text] of THROWING.entries()) {
    const error = await failure(session, `require("./text-${index}.cjs")`);
    assert.deepEqual(told(stackOf(error), `text-${index}.cjs`), expected[index], text);
  }
});

test("a cell's header and place are Node's too", async () => {
  const expected = byNode(THROWING);
  const session = new Session({
    folder: projectFolder({ "tsconfig.json": unchecked }),
    typescript,
  });
  session.install();
  for (const [index, text] of THROWING.entries()) {
    // Each line has a comment above it.
    const cell = text.replace(/^/gm, "// @ts-ignore\n");
    const error = await failure(session, cell, `cell-${index}.ts`);
    const { header, place } = told(stackOf(error), `cell-${index}.ts`);
    const { place: there } = expected[index];
    assert.equal(header, expected[index].header, text);
    assert.ok(place && there, stackOf(error));
    const [line, column] = there.split(":").map(Number);
    assert.equal(place, `${2 * line}:${column}`, text);
  }
});

test("a name of a folder or of a file changes no place", async () => {
  const root = projectFolder();
  for (const name of FOLDERS) {
    const folder = join(root, name);
    mkdirSync(join(folder, "sub (dir)"), { recursive: true });
    writeFileSync(
      join(folder, "sub (dir)", "the helper.ts"),
      "interface Gone {}\n\nexport function thrower(): never {\n  throw new Error('in a file');\n}",
    );
    writeFileSync(join(folder, "bare.ts"), "  throw new Error('bare')");
    const session = new Session({ folder, typescript });
    session.install();
    const frames = async (code: string, cell: string) =>
      stackOf(await failure(session, code, cell))
        .split("\n")
        .slice(1, 3);
    const describe = async (code: string, cell: string) =>
      describeError(await failure(session, code, cell), session).traceback;

    assert.deepEqual(
      await frames('import { thrower } from "./sub (dir)/the helper";\nthrower();', "cell-1.ts"),
      ["    at thrower (sub (dir)/the helper.ts:4:9)", "    at cell-1.ts:2:1"],
      name,
    );
    assert.equal((await frames('import "./bare";', "cell-2.ts"))[0], "    at bare.ts:1:9", name);
    const [place, excerpt] = await describe(
      "interface Gone {}\n\nasync function f() {\n  await null;\n  throw new Error('x');\n}\nawait f();",
      "cell-3.ts",
    );
    assert.equal(place, "cell-3.ts:5", name);
    assert.equal(excerpt, "5 |   throw new Error('x');\n            ^", name);
    const [inHelper] = await describe("thrower();", "cell-4.ts");
    assert.equal(inHelper, "sub (dir)/the helper.ts:4", name);
    const whole = (
      await describe(
        "throw new Error('outer', { cause: new AggregateError([new Error('one')], 'all') });",
        "cell-5.ts",
      )
    ).join("\n");
    for (const each of ["1:7", "1:35", "1:55"]) {
      assert.ok(whole.includes(`at cell-5.ts:${each}`), whole);
    }
    assert.ok(!whole.includes(folder), whole);
  }
});

test("code that eval and Function run is placed where they are called", async () => {
  const session = new Session({ folder: join(projectFolder(), "with (paren)"), typescript });
  session.install();
  for (const [code, place] of [
    ["const a = 1;\n  eval('null.x')", "cell-1.ts:2:3"],
    ["\nnew Function('null.x')()", "cell-2.ts:2:1"],
    ["eval('throw new Error()')", "cell-3.ts:1:1"],
  ]) {
    const error = await failure(session, code, place.replace(/:.*/, ""));
    assert.match(stackOf(error), /at eval \(eval at <anonymous> \(cell-/);
    const [shown] = describeError(error, session).traceback;
    assert.equal(shown, place.replace(/:\d+$/, ""));
    assert.ok(stackOf(error).includes(place), stackOf(error));
  }
});

test("line separators within strings are no lines to an editor", async () => {
  const session = new Session({ folder: projectFolder(), typescript });
  session.install();
  const error = await failure(
    session,
    "'\u2028'; const s: any = '\u2029😀';\r\n  s.f()",
    "cell-1.ts",
  );
  assert.match(stackOf(error), /^TypeError: s\.f is not a function\n {4}at cell-1\.ts:2:5/);
});

test("an interpreter line and a byte order mark move nothing", async () => {
  const folder = projectFolder();
  writeFileSync(join(folder, "script.ts"), "#!/usr/bin/env node\nthrow new Error('x')");
  writeFileSync(join(folder, "marked.ts"), "\uFEFFthrow new Error('x')");
  writeFileSync(
    join(folder, "both.ts"),
    "\uFEFF#!/usr/bin/env node\nexport {};\nthrow new Error('x')",
  );
  writeFileSync(join(folder, "data.json"), '\uFEFF{"a": 1}');
  const session = new Session({ folder, typescript });
  session.install();
  assert.match(stackOf(await failure(session, 'import "./script"')), /at script\.ts:2:7/);
  assert.match(stackOf(await failure(session, 'import "./marked"')), /at marked\.ts:1:8/);
  assert.match(stackOf(await failure(session, 'import "./both"')), /at both\.ts:3:7/);
  assert.match(
    stackOf(await failure(session, "#!/usr/bin/env node\nthrow new Error('x')", "cell-9.ts")),
    /at cell-9\.ts:2:7/,
  );
  const { value } = await session.execute('import data from "./data.json"; data.a');
  assert.equal(value, 1);
});

test("what code makes of stacks is its own, and errors are reported nevertheless", async () => {
  const session = new Session({ folder: projectFolder(), typescript });
  session.install();
  const installed = Error.prepareStackTrace;
  try {
    const { value } = await session.execute(
      "Error.prepareStackTrace = (_, sites) => sites.length;\nconst n = (new Error().stack as any);\ntypeof n",
    );
    assert.equal(value, "number");
    const error = await failure(session, "\nthrow new Error('own')", "cell-2.ts");
    const { evalue, traceback } = describeError(error, session);
    assert.equal(evalue, "own");
    assert.equal(traceback[0], "cell-2.ts:2");
    assert.notEqual(Error.prepareStackTrace, installed, "what code has set stays set");
  } finally {
    Error.prepareStackTrace = installed;
  }
});
