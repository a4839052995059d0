import assert from "node:assert/strict";
import { test } from "node:test";
import { offerColours } from "../../../kernel/process/colours";
import { printed, result, start } from "./kernels";

const kernel = start();
const run = async (code: string) => (await kernel).execute(code);

test("libraries that ask for colours get them, and the console's values stay plain", async () => {
  await run(`import { createRequire } from "node:module"; import { Console } from "node:console";
    const supports: any = createRequire(${JSON.stringify(__filename)})("supports-color");`);
  assert.equal(result(await run("supports.stdout.hasBasic && supports.stderr.hasBasic")), "true");
  assert.equal(result(await run("process.stdout.isTTY")), undefined);
  assert.equal(
    result(await run("import { styleText } from 'node:util'; styleText('red', 'x')")),
    "'\\x1B[31mx\\x1B[39m'",
  );
  const plain = await run(
    "console.log({ a: 1 }, ['x'], null); console.error(new Map([[1, 2]])); ({ b: 2 })",
  );
  assert.equal(printed(plain), "{ a: 1 } [ 'x' ] null\n");
  assert.equal(printed(plain, "stderr"), "Map(1) { 1 => 2 }\n");
  assert.equal(result(plain), "{ b: 2 }");
  const own = await run("new Console({ stdout: process.stdout }).log({ a: 1 })");
  assert.equal(
    printed(own),
    "{ a: \u001b[33m1\u001b[39m }\n",
    "who makes a console of its own asks",
  );
});

test("what a child process writes for code to read has no colours, for people it has", async () => {
  const child = `"${process.execPath} -p [1]"`;
  const code = (call: string) =>
    `import * as child from "node:child_process"; import { promisify } from "node:util";\n` +
    `const text = ${call}; String(text).trim()`;
  for (const call of [
    `child.execSync(${child})`,
    `child.execSync(${child}, { env: { ...process.env, X: "1" } })`,
    `child.execFileSync(process.execPath, ["-p", "[1]"])`,
    `child.spawnSync(${child}, { shell: true }).stdout`,
    `(await promisify(child.exec)(${child})).stdout`,
    `(await promisify(child.execFile)(process.execPath, ["-p", "[1]"])).stdout`,
  ]) {
    assert.equal(result(await run(code(call))), "'[ 1 ]'", call);
  }
  assert.equal(printed(await run(`!${process.execPath} -p [1]`)), "[ \u001b[33m1\u001b[39m ]\n");
});

test("where somebody has decided about colours, that holds", () => {
  for (const decided of [{ NO_COLOR: "" }, { FORCE_COLOR: "0" }, { FORCE_COLOR: "3" }]) {
    const environment = { ...decided };
    offerColours(environment);
    assert.deepEqual(environment, decided);
  }
});
