import assert from "node:assert/strict";
import { test } from "node:test";
import typescript from "typescript";
import { NodeSession as Session } from "../../../kernel/node/host";
import { errorOf, printed, start } from "../process/kernels";
import { projectFolder } from "./folder";

const session = new Session({ folder: projectFolder(), typescript });
session.install();

/** What a cell prints, and its value. */
async function run(code: string): Promise<{ lines: string[]; hasValue: boolean; value: unknown }> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (...parameters: unknown[]) => void lines.push(parameters.join(" "));
  try {
    return { ...(await session.execute(code)), lines };
  } finally {
    console.log = log;
  }
}

const REPORT =
  /^([\d.]+) (s|ms|µs|ns) ± ([\d.]+) (?:s|ms|µs|ns) per run \(mean ± standard deviation of ([\d,]+) samples of ([\d,]+) runs?\)$/;

test("%timeit runs an expression again and again and says how long it takes", async () => {
  await run("let calls = 0; const call = (n: number) => { calls += n; return calls; };");
  const { lines, hasValue } = await run("const before = 1;\n%timeit call(before)\nvar after = 2");
  assert.equal(lines.length, 1);
  const [, mean, , , samples, runs] = REPORT.exec(lines[0]) ?? assert.fail(lines[0]);
  assert.ok(Number(mean) > 0);
  const count = (text: string) => Number(text.replaceAll(",", ""));
  const { value: calls } = await run("calls");
  assert.ok(Number(calls) >= count(samples) * count(runs), `${calls} calls for ${lines[0]}`);
  assert.equal(hasValue, false);
  assert.equal((await run("after")).value, 2);
  const last = await run("%timeit call(1)");
  assert.equal(last.hasValue, false, "a measurement has no value");
});

test("what takes longer is said to take longer, and what is awaited is awaited", async () => {
  const wait = "await new Promise((resolve) => setTimeout(resolve, 20))";
  const { lines } = await run(`%timeit ${wait}`);
  const [, mean, unit] = REPORT.exec(lines[0]) ?? assert.fail(lines[0]);
  assert.ok(Number(mean) * (unit === "s" ? 1000 : 1) >= 19 && unit !== "µs", lines[0]);
});

test("%%timeit measures a cell, whose names are its own", async () => {
  const { lines, hasValue } = await run(
    "%%timeit\nconst list: number[] = [];\nfor (let i = 0; i < 10; i++) { list.push(i); }\nlist.length",
  );
  assert.match(lines[0], REPORT);
  assert.equal(hasValue, false);
  await assert.rejects(session.execute("list"), /Cannot find name 'list'/);
  assert.match((await run("// What takes long?\n%%timeit\nawait null")).lines[0], REPORT);
});

test("measured code is checked, and fails as any other does", async () => {
  await assert.rejects(session.execute("let x = 1;\n%timeit x.missing", "cell-3.ts"), {
    name: "TypeScriptError",
    message: /^cell-3\.ts:2:11 - .*'missing'/,
  });
  await assert.rejects(session.execute("%%timeit\nconst n: number = 'x'", "cell-4.ts"), {
    message: /^cell-4\.ts:2:7 /,
  });
  const error: Error = await session
    .execute("const fail = () => { throw new RangeError('far') };\n%timeit fail()", "cell-5.ts")
    .then(
      () => assert.fail("It ran."),
      (thrown) => thrown,
    );
  assert.match(String(error.stack), /^RangeError: far\n.*cell-5\.ts:1:28\)\n.*cell-5\.ts:2:9/);
  for (const code of ["%timeit", "%timeit const x = 1", "%timeit -n 10 f()", "%%timeit x = 1\nx"]) {
    await assert.rejects(session.execute(code), { name: "MagicError", message: /one expression/ });
  }
});

test("in a notebook the report is the cell's output, and Stop ends a measurement", async () => {
  const kernel = await start();
  const measured = await kernel.execute("const half = (n: number) => n / 2;\n%timeit half(3)");
  assert.match(printed(measured).trimEnd(), REPORT);
  let stopped: Promise<void> | undefined;
  const ended = await kernel.execute(
    "%%timeit\nconsole.log('go'); for (let i = 0; i < Infinity; i++) { await null; }",
    {
      timeoutMs: 120_000,
      onOutput: () => {
        stopped ??= kernel.interrupt();
      },
    },
  );
  await stopped;
  assert.equal(errorOf(ended).ename, "KeyboardInterrupt");
});
