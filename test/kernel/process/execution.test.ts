import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { bundles, errorOf, printed, result, start } from "./kernels";

const kernel = start();
const run = async (...parameters: Parameters<Awaited<typeof kernel>["execute"]>) =>
  (await kernel).execute(...parameters);

test("a cell's result, count and output", async () => {
  const first = await run('console.log("out"); console.error("err"); 1 + 1');
  assert.equal(first.status, "ok");
  assert.equal(first.executionCount, 1);
  assert.equal(printed(first), "out\n");
  assert.equal(printed(first, "stderr"), "err\n");
  assert.equal(result(first), "2");
  assert.equal((await run("1")).executionCount, 2);
});

test("an error has name, text, and a traceback with the place", async () => {
  const failed = await run("function f() {\n  throw new RangeError('far');\n}\nf()");
  const { ename, evalue, traceback } = errorOf(failed);
  assert.deepEqual([failed.status, ename, evalue], ["error", "RangeError", "far"]);
  const text = stripVTControlCharacters(traceback.join("\n"));
  assert.match(
    text,
    /^cell-3\.ts:2\n2 \| {3}throw new RangeError\('far'\);\n {12}\^\nRangeError: far\n {4}at f \(cell-3\.ts:2:9\)\n {4}at cell-3\.ts:4:1$/,
  );
});

test("a type error has code, line, excerpt and caret", async () => {
  const { ename, traceback } = errorOf(await run('const n: number = "x"'));
  assert.equal(ename, "TypeScriptError");
  assert.match(
    traceback.join("\n"),
    /cell-4\.ts:1:7 .*TS2322.*\n1 \| const n: number = "x"\n {10}\^/,
  );
});

test("after an error the next cell runs, cells sent along with it do not", async () => {
  // The first one fails only when the kernel has the others: it has answered what was sent behind them.
  const onStdin = async () => {
    await (await kernel).request("kernel_info_request", {}, { timeoutMs: 120_000 });
    return "";
  };
  const sent = [
    run("prompt('?'); throw new Error('stop')", { onStdin }),
    run("console.log('never')"),
    run("1"),
  ];
  const statuses = (await Promise.all(sent)).map(({ status }) => status);
  assert.deepEqual(statuses, ["error", "aborted", "aborted"]);
  assert.equal(result(await run("'on'")), "'on'");
  const kept = [run("throw new Error('go on')", { stopOnError: false }), run("2")];
  assert.deepEqual(
    (await Promise.all(kept)).map(({ status }) => status),
    ["error", "ok"],
  );
});

test("a cell knows what was sent to be run", async () => {
  assert.equal(result(await run("// here\njupyter.cell?.code")), "'// here\\njupyter.cell?.code'");
});

test("silent cells say nothing and do not count; expressions are evaluated", async () => {
  const before = (await run("0")).executionCount as number;
  const silent = await run("console.log('x'); display(1); 5", { silent: true });
  assert.deepEqual(silent.outputs, []);
  const asked = await run("const base = 1", {
    userExpressions: { sum: "base + 1", wrong: "nope" },
  });
  assert.equal(asked.executionCount, before + 1);
  const { sum, wrong } = asked.reply.content.user_expressions as Record<
    string,
    Record<string, unknown>
  >;
  assert.deepEqual(sum.data, { "text/plain": "2" });
  assert.equal(wrong.status, "error");
});

test("values choose how they are shown, and displays are updated", async () => {
  const shown = await run(
    'const d = display({ "text/html": "<b>1</b>", "image/png": new Uint8Array([1, 2]) });' +
      'd.update({ "text/html": "<b>2</b>" });' +
      'display({ plain: "object" }, { id: "own" });' +
      '({ [Symbol.for("Jupyter.display")]: () => ({ "text/markdown": "*hi*" }) })',
  );
  assert.deepEqual(bundles(shown.outputs, "display_data"), [
    { "text/html": "<b>2</b>" },
    { "text/plain": "{ plain: 'object' }" },
  ]);
  assert.deepEqual(bundles(shown.outputs, "execute_result"), [{ "text/markdown": "*hi*" }]);
});

test("what cannot be sent fails the cell, and the kernel lives", async () => {
  const circular =
    'const c: Record<string, unknown> = {}; c.c = c; display({ "application/json": c });';
  assert.match(errorOf(await run(circular)).evalue, /circular/);
  assert.equal(errorOf(await run('display({ "application/json": { n: 1n } })')).ename, "TypeError");
  const hostile = "({ toString() { throw new RangeError('no text'); } })";
  assert.equal(errorOf(await run(hostile)).ename, "RangeError");
  const printedEmoji = printed(await run("console.log('😀'.repeat(600000))"));
  assert.equal(printedEmoji, `${"😀".repeat(600000)}\n`);
});

test("tslab's module is answered, installed or not", async () => {
  const shown = await run(
    'import * as tslab from "tslab"; tslab.display.html("<i>a</i>"); tslab.display.png(new Uint8Array([1]));' +
      'const one = tslab.newDisplay(); one.text("first"); one.markdown("second");',
  );
  assert.deepEqual(bundles(shown.outputs, "display_data"), [
    { "text/html": "<i>a</i>" },
    { "image/png": "AQ==" },
    { "text/markdown": "second" },
  ]);
});

test("100,000 lines and 20,000 updates arrive complete and in order", async () => {
  const lines = await run("for (let i = 0; i < 100000; i++) console.log(i)");
  assert.equal(printed(lines), `${[...Array(100000).keys()].join("\n")}\n`);
  let updates = 0;
  const shown = await run(
    'const many = display("0", { id: "many" }); for (let i = 1; i <= 20000; i++) many.update(String(i));',
    {
      onOutput: ({ header }) => {
        updates += Number(header.msg_type === "update_display_data");
      },
    },
  );
  assert.equal(updates, 20000);
  assert.deepEqual(bundles(shown.outputs, "display_data"), [{ "text/plain": "'20000'" }]);
});

test("output of timers comes to the cell that set them, even when another runs", async () => {
  const late: string[] = [];
  await run(
    "setTimeout(() => console.log('late'), 300); (async () => { await new Promise((r) => setTimeout(r, 350)); console.log('later'); })(); undefined",
    {
      onOutput: ({ header, content }) => {
        if (header.msg_type === "stream") {
          late.push(String(content.text));
        }
      },
    },
  );
  const other = await run("await new Promise((r) => setTimeout(r, 700)); console.log('mine')");
  assert.equal(printed(other), "mine\n");
  assert.equal(late.join(""), "late\nlater\n");
});

test("what nobody catches fails the cell, and the kernel lives", async () => {
  const codes = {
    rejection: "Promise.reject(new Error('rejection')); 1",
    timer:
      "setTimeout(() => { throw new Error('timer') }, 5); await new Promise((r) => setTimeout(r, 2000))",
    emitter:
      "process.nextTick(() => { throw new Error('emitter') }); await new Promise((r) => setTimeout(r, 2000))",
  };
  for (const [message, code] of Object.entries(codes)) {
    assert.equal(errorOf(await run(code)).evalue, message);
  }
  const exit = errorOf(await run("try { process.exit(3) } catch {} 'survived'"));
  assert.match(exit.evalue, /process\.exit\(3\)/);
  assert.equal(result(await run("'alive'")), "'alive'");
});

test("child processes that inherit our output write to the notebook", async () => {
  const child = await run(
    'import { execSync, spawn, spawnSync } from "node:child_process";' +
      'execSync("echo one; echo two >&2", { stdio: "inherit" }); spawnSync("echo", ["three"], { stdio: "inherit" });' +
      'await new Promise((r) => spawn("echo", ["four"], { stdio: "inherit" }).on("close", r)); execSync("echo five").toString()',
  );
  assert.equal(printed(child), "one\nthree\nfour\n");
  assert.equal(printed(child, "stderr"), "two\n");
  assert.equal(result(child), "'five\\n'");
});

test("prompt and readline ask the person at the notebook", async () => {
  const asked: string[] = [];
  const onStdin = (prompt: string) => {
    asked.push(prompt);
    return `answer ${asked.length}`;
  };
  assert.equal(result(await run('prompt("Name?")', { onStdin })), "'answer 1'");
  const read = await run(
    'import { createInterface } from "node:readline/promises"; const rl = createInterface({ input: process.stdin, output: process.stdout });' +
      'const a = await rl.question("First? "); const b = await rl.question("Second? "); rl.close(); [a, b]',
    { onStdin, timeoutMs: 120_000 },
  );
  assert.equal(result(read), "[ 'answer 2', 'answer 3' ]");
  assert.equal(asked.length, 3);
  assert.match(errorOf(await run('prompt("Name?")')).evalue, /allow_stdin/);
});
