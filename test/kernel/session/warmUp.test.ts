import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../../../kernel/index";
import { projectFolder, write } from "./folder";

const newSession = () => new Session({ folder: projectFolder({ "x.ts": "export const x = 1;" }) });

/** Cells as the first of a session, when its program holds the standard library's types only. */
const FIRST_CELLS: [code: string, value: unknown][] = [
  ["[1, 2].map((x) => x + 1).length", 2],
  ["typeof console.log", "function"],
  ["Buffer.from('a').length", 1],
  ["import { x } from './x'; x", 1],
  ["import { sep } from 'node:path'; typeof sep", "string"],
  ["(await import('node:path')).sep.length", 1],
  ["declare global { interface Array<T> { mine: T } }\ntypeof setTimeout", "function"],
];

for (const [code, value] of FIRST_CELLS) {
  test(`without any warm-up the first cell may be: ${code}`, async () => {
    const session = newSession();
    assert.deepEqual((await session.execute(code)).value, value);
    assert.deepEqual((await session.execute("process.argv.length > 0")).value, true);
  });
}

test("errors of a first cell are found", async () => {
  await assert.rejects(newSession().execute('const x: number = "text";'), /TS2322/);
  await assert.rejects(newSession().execute("process.argw"), /'argw' does not exist/);
});

test("cells and questions may come between any two steps of the warm-up", async () => {
  const session = newSession();
  let step = 0;
  for (const _ of session.warmUp()) {
    step++;
    if (step % 20 === 1) {
      assert.equal(
        (await session.execute(`const s${step} = ${step}; s${step} + 1`)).value,
        step + 1,
      );
    } else if (step === 30) {
      assert.equal((await session.execute("Buffer.from('ab').length")).value, 2);
    } else if (step === 50) {
      assert.equal(session.complete("s1.toFi", 7).matches[0].text, "toFixed");
    }
  }
  assert.ok(step > 50);
  assert.equal((await session.execute("s1 + s21 + s41")).value, 1 + 21 + 41);
});

test("what the expected code imports is read beforehand, and read again where it has changed", async () => {
  const folder = projectFolder({
    "x.ts": 'export * from "./y";',
    "y.ts": "export const y = 1;",
    "global.ts": "const inAModuleOfItsOwn = 1;",
  });
  const expected =
    'import { y } from "./x";\nimport "./global";\nawait import("./none");\nimport "node:fs";';
  const steps = (session: Session, code: string) => [...session.warmUp(() => code)].length;
  const without = steps(new Session({ folder }), "const a = 1; not code (");
  const session = new Session({ folder });
  assert.equal(steps(session, expected), without + 3);
  write(folder, "y.ts", 'export const y = "changed";');
  assert.equal((await session.execute('import { y } from "./x"; y.length')).value, 7);
  await assert.rejects(
    session.execute('import "./global"; inAModuleOfItsOwn'),
    /Cannot find name 'inAModuleOfItsOwn'/,
  );
  await assert.rejects(session.execute('import "./none"'), /none/);
  write(folder, "none.ts", "export const none = 0;");
  assert.equal((await session.execute('import { none } from "./none"; none')).value, 0);
});

test("help on what was imported is prepared once, and changes nothing", async () => {
  const session = newSession();
  session.warmUpHelp();
  await session.execute("import * as path from 'node:path'");
  session.warmUpHelp();
  session.warmUpHelp();
  assert.equal((await session.execute("path.sep.length")).value, 1);
});
