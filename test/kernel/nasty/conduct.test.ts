// Cells that misbehave: flood, overlap, vandalise, spawn, and cannot be reached.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Cells, eventually } from "./cells";

let cells: Cells;
before(async () => {
  cells = await Cells.start();
  await cells.ok("const treasure = 41;");
});
afterEach(() => cells.assertAlive());
after(() => cells?.end());

test("two cells sent at once run one after the other", async () => {
  await cells.ok("const order: string[] = [];");
  const slow = (name: string) =>
    `order.push("${name} in");\nawait new Promise((r) => setTimeout(r, 50));\norder.push("${name} out");`;
  await Promise.all([cells.ok(slow("a")), cells.ok(slow("b"))]);
  const { result } = await cells.ok('order.join(", ")');
  assert.match(result ?? "", /a in, a out, b in, b out/);
});

test("output after the end goes to the cell that caused it", async () => {
  const early = cells.begin('setTimeout(() => console.log("late"), 200);\n0;');
  await early.finished;
  const next = await cells.ok("await new Promise((r) => setTimeout(r, 500));\nconsole.log('own');");
  assert.equal(next.stdout, "own\n");
  await eventually(() => early.soFar().stdout === "late\n");
});

test("a timer that prints forever is reported to its own cell only", async () => {
  const noisy = cells.begin('const noise = setInterval(() => console.log("tick"), 5);\n0;');
  await noisy.finished;
  assert.equal((await cells.ok("await new Promise((r) => setTimeout(r, 200));")).stdout, "");
  await cells.ok("clearInterval(noise);");
  assert.match(noisy.soFar().stdout, /tick/);
});

test("a child process that inherits our output writes into the cell", async () => {
  const { stdout, stderr } = await cells.ok(
    'import { spawn } from "node:child_process";\n' +
      'const child = spawn(process.execPath, ["-e", "console.log(1); console.error(2)"],\n' +
      '  { stdio: "inherit" });\n' +
      'await new Promise((resolve) => child.on("close", resolve));',
  );
  assert.equal(stdout, "1\n");
  assert.equal(stderr, "2\n");
});

test("a child process that reads our input finds its end", async () => {
  const { stdout } = await cells.ok(
    'import { spawnSync } from "node:child_process";\n' +
      "spawnSync(process.execPath, [\"-e\", \"process.stdin.on('end', () => console.log('eof'))" +
      '.resume()"], { stdio: "inherit" }).status;',
  );
  assert.equal(stdout, "eof\n");
});

test("a cell may overwrite what others rely on", async () => {
  await cells.ok(
    "const kept = { log: console.log, now: Date.now };\n" +
      'Date.now = () => NaN;\nconsole.log = () => { throw new Error("no log"); };\n' +
      'Object.defineProperty(Object.prototype, "polluted",\n' +
      "  { value: 1, enumerable: true, configurable: true });",
  );
  try {
    await cells.assertAlive();
  } finally {
    await cells.ok(
      "console.log = kept.log; Date.now = kept.now;\n" +
        "delete (Object.prototype as { polluted?: number }).polluted;",
    );
  }
});

test("names that modules are made of can be declared", async () => {
  for (const name of ["module", "exports", "require", "global", "Object", "Promise", "process"]) {
    const outcome = await cells.run(`{ const ${name} = 5; console.log(${name}); }`);
    assert.equal(outcome.stdout, "5\n", `${name}: ${outcome.traceback}`);
  }
  for (const name of ["module", "name", "self", "status", "event"]) {
    const { result } = await cells.ok(`let ${name} = 6;\n${name}`);
    assert.equal(result, "6", name);
  }
});

test("a cell of a megabyte runs", async () => {
  const row = `  [${"7, ".repeat(10)}],\n`;
  const code = `const table = [\n${row.repeat(30_000)}];\ntable.length`;
  assert.equal((await cells.ok(code)).result, "30000");
});

test("the working folder may be changed, and even removed", async () => {
  await cells.ok(
    'import { mkdtempSync, rmdirSync } from "node:fs";\n' +
      'const home = process.cwd();\nconst gone = mkdtempSync("gone-");\n' +
      "process.chdir(gone);\nrmdirSync(home + '/' + gone);",
  );
  await cells.assertAlive();
  await cells.ok("process.chdir(home);");
});

const STUBBORN = {
  "a loop": "for (;;) {}",
  "a loop that catches everything":
    "for (;;) { try { for (;;) {} } catch {} finally { continue; } }",
  "an endless chain of promises":
    "const on = (): Promise<void> => Promise.resolve().then(on);\nawait on();",
  "a loop of empty awaits": "for (;;) { await null; }",
  "a regular expression that goes wild": '/^(a+)+$/.test("a".repeat(60) + "b");',
  "a wait for nobody": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
  "a loop in a timer": "setTimeout(() => { for (;;) {} }, 10);\nawait new Promise(() => {});",
  "a generator that never ends":
    "function* all() { for (let i = 0; ; i++) yield i; }\nfor (const _ of all()) {}",
};
for (const [name, code] of Object.entries(STUBBORN)) {
  test(`Stop reaches ${name}`, async () => {
    const imports = code.match(/^import .*\n/)?.[0] ?? "";
    const rest = code.slice(imports.length);
    const { status, ename } = await cells.stop(`${imports}console.log("started");\n${rest}`);
    assert.equal(status, "error");
    assert.match(ename, /Interrupt/);
  });
}

test("a Stop while a child process is waited for leaves the cell to end with the child, and the kernel alive", async () => {
  const child = 'setInterval(() => require("fs").existsSync("stopped") && process.exit(), 10)';
  const cell = cells.begin(
    'import { execFileSync } from "node:child_process";\n' +
      'console.log("started");\n' +
      `execFileSync(process.execPath, ["-e", ${JSON.stringify(child)}]);\nconst afterChild = 1;`,
  );
  await eventually(() => cell.soFar().stdout.includes("started"));
  await cells.kernel.interrupt();
  cells.write("stopped", "");
  // Whether Stop or the child's end comes first is a race: the front ends only what has had its grace.
  const { status, ename, stdout } = await cell.finished;
  assert.equal(stdout, "started\n");
  if (status === "error") {
    assert.match(ename, /Interrupt/);
  }
  assert.equal((await cells.ok("6 * 7")).result, "42");
});

test("listeners of the process that throw end the cell and not the kernel", async () => {
  // As packages have them that Emscripten made.
  await cells.ok(
    "const rethrow = (error: unknown) => { throw error; };\n" +
      'process.on("uncaughtException", rethrow).on("unhandledRejection", rethrow);',
  );
  for (const failing of [
    'setTimeout(() => { throw new Error("thrown"); })',
    "void Promise.reject(new Error('thrown'))",
  ]) {
    const { evalue } = await cells.error(`${failing};\nawait new Promise(() => {});`);
    assert.equal(evalue, "thrown");
  }
  await cells.ok(
    "process.off('uncaughtException', rethrow).off('unhandledRejection', rethrow); 0;",
  );
});

test("what listeners of the process take fails no cell, and what none takes does, whoever is removed", async () => {
  const { stdout } = await cells.ok(
    'process.once("uncaughtException", (error) => console.log("taken", error.message));\n' +
      'await new Promise((resolve) => setTimeout(() => { setTimeout(resolve); throw new Error("thrown"); }));',
  );
  assert.equal(stdout, "taken thrown\n");
  await cells.ok("process.removeAllListeners('uncaughtException'); 0;");
  const { evalue } = await cells.error(
    'setTimeout(() => { throw new Error("not taken"); });\nawait new Promise(() => {});',
  );
  assert.equal(evalue, "not taken");
});
