import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../nasty/cells";
import { errorOf, printed, start } from "./kernels";

const kernel = start();
const run = async (code: string) => (await kernel).execute(code, { timeoutMs: 60_000 });

const ENDS = {
  "its end": "process.stdout.end('text\\n')",
  "a pipeline into it":
    "await (await import('node:stream/promises')).pipeline(['text\\n'], process.stdout)",
  "a pipe into it that ends it":
    "require('node:stream').Readable.from(['text\\n']).pipe(process.stdout, { end: true }); await new Promise((r) => setTimeout(r, 20))",
  "its destruction": "process.stdout.write('text\\n'); process.stdout.destroy()",
  "a web stream that closes it":
    "const w = require('node:stream').Writable.toWeb(process.stdout).getWriter(); await w.write(Buffer.from('text\\n')); void w.close()",
};

for (const [name, code] of Object.entries(ENDS)) {
  test(`standard output works on after ${name}, in the cell and in the next`, async () => {
    for (let times = 0; times < 2; times++) {
      const ended = await run(`${code}; console.log('after');`);
      assert.equal(printed(ended), "text\nafter\n", JSON.stringify(ended.outputs));
      assert.equal(printed(await run("process.stdout.write('next\\n'); undefined")), "next\n");
    }
  });
}

test("what has ended is ended: a stream that is kept refuses what comes after", async () => {
  const { evalue } = errorOf(
    await run(
      "const kept = process.stdout; kept.end(); kept.write('late'); await new Promise(() => {})",
    ),
  );
  assert.match(evalue, /write after end/);
});

test("what a worker writes to descriptor 1 belongs to the cell", async () => {
  const worker = await run(
    "const { Worker } = require('node:worker_threads'); const one = new Worker('require(\\'fs\\').writeSync(1, \\'from a worker\\\\n\\')', { eval: true }); await new Promise((r) => one.on('exit', r)); console.log('then');",
  );
  assert.equal(printed(worker), "from a worker\nthen\n");
});

/** What a worker does with the descriptors is nothing that the kernel could see in the program. */
const inWorker = (code: string) =>
  `const { Worker } = require("node:worker_threads"); const one = new Worker(${JSON.stringify(code)}, { eval: true }); await new Promise((r) => one.on("exit", r));`;

const NATIVE = {
  "a worker": 'require("node:fs").writeSync(2, "words\\n")',
  "a child that inherits":
    'require("node:child_process").spawnSync("sh", ["-c", "echo words >&2"], { stdio: "inherit" })',
};

for (const [name, code] of Object.entries(NATIVE)) {
  test(`what ${name} writes to descriptor 2 belongs to the cell, as an error`, async () => {
    const ended = await run(`${inWorker(code)} console.log("then");`);
    assert.equal(printed(ended, "stderr"), "words\n", JSON.stringify(ended.outputs));
    assert.equal(printed(ended), "then\n");
  });
}

test("the last words of a kernel that crashes are found, in its terminal too", async () => {
  const own = await start();
  const code = inWorker(
    'require("node:fs").writeSync(2, "last words\\n"); process.kill(process.pid, "SIGABRT")',
  );
  await assert.rejects(own.execute(code, { timeoutMs: 120_000 }), /SIGABRT[\s\S]*last words/);
});

test("what is written to descriptor 2 goes to the terminal, once", async () => {
  const own = await start();
  await own.execute(inWorker('require("node:fs").writeSync(2, "also there\\n")'));
  await eventually(() => own.lastWords.includes("also there"));
  await own.shutdown();
  assert.equal(own.lastWords.match(/also there/g)?.length, 1, own.lastWords);
});
