import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { projectFolder } from "../session/folder";
import { errorOf, printed, result, start } from "./kernels";

const folder = projectFolder({
  "package.json": '{"name": "project", "version": "1.0.0"}',
  "slow.cjs": "process.on('SIGTERM', () => {}); console.log('go'); setInterval(() => {}, 1000);",
});
const kernel = start(folder);
const run = async (...parameters: Parameters<Awaited<typeof kernel>["execute"]>) =>
  (await kernel).execute(...parameters);

test("a line for the shell writes into the cell, between what its other lines write", async () => {
  const ended = await run(
    'console.log("one");\n!echo two; echo wrong >&2\nconst n: number = 3;\n!echo three | cat\nn',
  );
  assert.equal(ended.status, "ok");
  assert.equal(printed(ended), "one\ntwo\nthree\n");
  assert.equal(printed(ended, "stderr"), "wrong\n");
  assert.equal(result(ended), "3");
  assert.equal(result(await run("1 + 1\n!true arguments")), undefined, "the command comes last");
  assert.equal(printed(await run("!echo a \\\n  b")), "a b\n");
});

test("a command's output arrives while it runs, and Stop ends it with what it has started", async () => {
  const k = await kernel;
  let stopped: Promise<void> | undefined;
  const ended = await k.execute(`!"${process.execPath}" slow.cjs | cat\nconsole.log("never")`, {
    timeoutMs: 120_000,
    onOutput: ({ content }) => {
      if (String(content.text ?? "").includes("go")) {
        stopped ??= k.interrupt();
      }
    },
  });
  await stopped;
  assert.equal(errorOf(ended).ename, "KeyboardInterrupt");
  assert.equal(printed(ended), "go\n");
  // It heeds no signal but the last; it and its pipe are in nobody's way, and then gone.
  const gone = await run(
    'import { execSync } from "node:child_process";\n' +
      "const running = () => execSync('ps -eo args').includes('slow' + '.cjs');\n" +
      "while (running()) await new Promise((resolve) => setTimeout(resolve, 50));\nrunning()",
    { timeoutMs: 120_000 },
  );
  assert.equal(result(gone), "false");
});

test("a command that fails fails the cell, at its line", async () => {
  const failed = errorOf(await run('const before = 1;\n!exit 3\nconsole.log("never")'));
  assert.deepEqual(
    [failed.ename, failed.evalue],
    ["CommandError", "exit 3 ended with exit code 3."],
  );
  assert.match(
    stripVTControlCharacters(failed.traceback.join("\n")),
    /^cell-\d+\.ts:2\n2 \| !exit 3\n {4}\^\nCommandError: exit 3 [^\n]*\n {4}at cell-\d+\.ts:2:1/,
  );
  assert.equal(result(await run("before")), "1");
  assert.match(errorOf(await run("!no-such-program -x")).evalue, /code 127: is it installed\?/);
});

test("errors behind a line for the shell have the right place", async () => {
  const wrong = errorOf(await run('!echo hi\nconst n: number = "x"'));
  assert.match(
    wrong.traceback.join("\n"),
    /\.ts:2:7 .*TS2322[^\n]*\n2 \| const n: number = "x"\n {10}\^/,
  );
  const thrown = errorOf(await run('!echo hi\n\nthrow new RangeError("far")'));
  assert.match(
    stripVTControlCharacters(thrown.traceback.join("\n")),
    /^cell-\d+\.ts:3\n3 \| throw/,
  );
});

test("a package that was installed by such a line can be imported without a restart", async () => {
  const module = join(folder, "sources", "shapes");
  mkdirSync(module, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(module, name), text);
  write(
    "package.json",
    '{"name": "shapes", "version": "1.0.0", "main": "main.js", "types": "main.d.ts"}',
  );
  write("main.js", "exports.area = (side) => side * side;");
  write("main.d.ts", "export declare function area(side: number): number;");
  const cell = 'import { area } from "shapes";\narea(3)';
  const missing = errorOf(await run(cell)).evalue;
  assert.match(missing, /Cannot find module 'shapes'/);
  const installed = await run("!npm install --offline --no-audit --no-fund ./sources/shapes", {
    timeoutMs: 120_000,
  });
  assert.equal(installed.status, "ok", JSON.stringify(installed.outputs));
  assert.equal(result(await run(cell)), "9");
});
