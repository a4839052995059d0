import assert from "node:assert/strict";
import { test } from "node:test";
import { errorOf, printed, result, start } from "./kernels";

const kernel = start();

/** Runs a cell, and answers what it asks with "one", "two" and so on. */
async function run(code: string, answers = ["one", "two", "three"]) {
  let asked = 0;
  const ended = await (await kernel).execute(code, {
    timeoutMs: 60_000,
    onStdin: () => answers[asked++],
  });
  return { ...ended, asked };
}

const RL =
  'import { createInterface } from "node:readline/promises"; import readline from "node:readline";';

test("a question after one that was stopped is asked", async () => {
  const k = await kernel;
  const stopped = await k.execute(
    `${RL} const rl = createInterface({ input: process.stdin, output: process.stdout }); await rl.question("a? ")`,
    {
      timeoutMs: 60_000,
      onStdin: () => {
        void k.interrupt();
        return new Promise<string>(() => {});
      },
    },
  );
  assert.equal(errorOf(stopped).ename, "KeyboardInterrupt");
  const next = await run(
    'const rl2 = createInterface({ input: process.stdin, output: process.stdout }); const b = await rl2.question("b? "); rl2.close(); b',
  );
  assert.equal(result(next), "'one'");
  assert.equal(printed(next), "b? ");
});

test("an interface of an earlier cell asks again", async () => {
  await run("const kept = createInterface({ input: process.stdin }); undefined");
  for (const answer of ["'one'", "'one'"]) {
    const { asked, ...ended } = await run('await kept.question("?")');
    assert.deepEqual([result(ended), asked], [answer, 1]);
  }
  await run("kept.close()");
});

test("a cell stays open until the question that it has asked is answered", async () => {
  const ended = await run(
    `${RL} const old = readline.createInterface({ input: process.stdin, output: process.stdout });` +
      'old.question("name? ", (a) => { old.question("town? ", (b) => { console.log(a, b); old.close(); }); }); undefined',
  );
  assert.equal(printed(ended), "name? town? one two\n");
  assert.equal(ended.asked, 2);
  const next = await run('await createInterface({ input: process.stdin }).question("?")');
  assert.equal(result(next), "'one'");
});

test("making an interface asks nothing", async () => {
  const { asked, status } = await run(
    "const idle = readline.createInterface({ input: process.stdin }); undefined",
  );
  assert.deepEqual([asked, status], [0, "ok"]);
});

const READERS = {
  "an event": "String(await new Promise((r) => process.stdin.once('data', r))).trim()",
  "for await, left at once":
    "let got; for await (const c of process.stdin) { got = String(c).trim(); break; } got",
  "for await over lines":
    "let line; const lines = readline.createInterface({ input: process.stdin }); for await (const l of lines) { line = l; break; } line",
  "the event readable":
    "await new Promise<string>((r) => process.stdin.once('readable', () => r(String(process.stdin.read()).trim())))",
  "an iterator": "String((await process.stdin[Symbol.asyncIterator]().next()).value).trim()",
};
for (const [name, code] of Object.entries(READERS)) {
  test(`standard input is read by ${name}, again and again`, async () => {
    for (let times = 0; times < 3; times++) {
      const { asked, ...ended } = await run(`{}${code.startsWith("let") ? "" : ""}\n${code}`);
      assert.deepEqual([result(ended), asked], ["'one'", 1], JSON.stringify(ended.outputs));
    }
  });
}

test("where the front end takes no questions, readers say so as prompt does", async () => {
  const k = await kernel;
  for (const code of [
    'await createInterface({ input: process.stdin }).question("?")',
    'readline.createInterface({ input: process.stdin }).question("?", () => {})',
    "await new Promise((r) => process.stdin.once('data', r))",
    "for await (const chunk of process.stdin) console.log(chunk)",
    'prompt("?")',
  ]) {
    const ended = await k.execute(code, { timeoutMs: 60_000 });
    assert.match(errorOf(ended).evalue, /takes none \(its request says allow_stdin: false\)/, code);
  }
  assert.equal(
    result(await run('await createInterface({ input: process.stdin }).question("?")')),
    "'one'",
  );
});
