import assert from "node:assert/strict";
import { test } from "node:test";
import typescript from "typescript";
import { NodeSession as Session } from "../../../kernel/node/host";
import { projectFolder } from "./folder";

function cells(): (code: string, name?: string) => Promise<unknown> {
  const session = new Session({ folder: projectFolder(), typescript });
  let count = 0;
  return async (code, name = `cell-${++count}.ts`) => (await session.execute(code, name)).value;
}

async function message(running: Promise<unknown>): Promise<string> {
  return await running.then(
    (value) => assert.fail(`It gave ${value}.`),
    (error: Error) => error.message,
  );
}

test("the last result is _, and that of cell 2 is _2, with their types", async () => {
  const run = cells();
  await run("const a = 1;");
  await run("[1, 2, 3].map(String)");
  assert.equal(await run('_.join("-")'), "1-2-3");
  assert.equal(await run("_.length + _2.length"), 8);
  assert.match(
    await message(run("_.join()")),
    /cell-5\.ts:1:3 .*'join' does not exist on type 'number'/,
  );
  assert.equal(await run("let n = _; n = 20; n"), 20, "5 is a number among others");
  assert.equal(await run("_6 + _4"), 28);
  assert.match(await message(run("_1")), /Cannot find name '_1'/, "a cell without a result");
  assert.match(await message(run("_2.map((x: number) => x)")), /string/);
});

test("what is awaited is the result; undefined is none", async () => {
  const run = cells();
  await run("Promise.resolve({ deep: [1] })");
  assert.equal(await run("_.deep[0] + 1"), 2);
  await run("undefined");
  await run("console.clear");
  await run("void 0");
  await run("const x = 3");
  assert.equal(typeof (await run("_")), "function");
  await assert.rejects(run('throw new Error("x")'));
  await run("null");
  assert.equal(await run("_ === null"), true);
  await run("[]");
  assert.deepEqual(await run("_"), []);
});

test("a name of one's own wins", async () => {
  const run = cells();
  await run("5");
  await run('const _ = "mine";');
  await run("6");
  assert.equal(await run("_.toUpperCase() + _3"), "MINE6");
  assert.equal(await run("let _5 = 'own'; _5.length"), 3, "also one with a number");
  assert.equal(await run("_5"), "own");
  const other = cells();
  await other("1");
  assert.equal(await other("const _ = _1 + 1; _"), 2);
  assert.equal(await other("[10].map((_, i) => i)[0] + _"), 2);
});

test("cells that do not count change nothing, and what was said before is kept for a while", async () => {
  const run = cells();
  await run("1");
  await run("2", "expression.ts");
  assert.equal(await run("_"), 1);
  for (let i = 3; i < 60; i++) {
    await run(`${i}`);
  }
  assert.equal(await run("_59 + _58"), 117);
  assert.match(await message(run("_3")), /Cannot find name '_3'/);
});
