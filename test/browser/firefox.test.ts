// The kernel in a worker of Firefox, whose engine writes other stacks: errors have the places that they
// have in Chromium, and what a page of it needs of a browser is there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { findFirefox } from "../../scripts/test/firefox.mjs";
import { launch } from "../../scripts/test/launch";
import { PATIENCE_MS } from "./browser";
import { failureOf, textOf, WorkerKernel } from "./workerKernel";
import { ISOLATION, WorkerSite } from "./workerSite";

const FIREFOX = findFirefox();
const skip = FIREFOX ? false : "no Firefox was found; name one in KARENINA_FIREFOX";

let site: WorkerSite;
let browser: Browser;
let kernel: WorkerKernel;

before(async () => {
  if (FIREFOX) {
    site = await WorkerSite.make();
    browser = await launch(PATIENCE_MS, "firefox");
    kernel = await WorkerKernel.start(browser, await site.serve(ISOLATION), "worker.js");
  }
});
after(async () => {
  await browser?.close();
  site?.remove();
});

/** The calls that the error of a failing cell tells of, cells by their place from the last. */
async function callsOf(code: string): Promise<string[]> {
  return numbered(failureOf(await kernel.run(code)).split("\n"));
}

/** What a cell prints, likewise. */
async function printed(code: string): Promise<string[]> {
  const ran = await kernel.run(code);
  assert.equal(ran.outcome.status, "ok", failureOf(ran));
  return numbered(textOf(ran).split("\n"));
}

/** The calls among some lines; the newest cell is `cell`, and those before it have their numbers. */
function numbered(lines: string[]): string[] {
  const calls = lines.filter((line) => /^ {4}at /.test(line)).map((line) => line.slice(7));
  const newest = Math.max(
    ...lines.flatMap((line) => /cell-(\d+)/.exec(line)?.[1] ?? []).map(Number),
  );
  return calls.map((call) => call.replace(`cell-${newest}.ts`, "cell"));
}

const first = `function refuse(x: number): never {
  throw new RangeError("no " + x);
}
class Net {
  constructor(readonly size: number) { if (size < 0) refuse(size); }
  train(): void { [1].map((x) => this.step(x)); }
  step(x: number): void { refuse(x); }
  get loss(): number { return refuse(0); }
}
async function later(x: number): Promise<void> {
  await 1;
  refuse(x);
}`;
const REFUSE = "refuse (cell-1.ts:2:9)";

test("an error names cell, line and column of each call, and nothing of the kernel", {
  skip,
}, async () => {
  assert.equal((await kernel.run(first)).outcome.status, "ok");
  const failure = failureOf(await kernel.run("const y = 3;\nrefuse(y);"));
  assert.match(
    failure,
    /^cell-1\.ts:2\n2 \| {3}throw new RangeError\(.*\n +\^\n.*RangeError.*: no 3\n/,
  );
  assert.deepEqual(numbered(failure.split("\n")), [REFUSE, "cell:2:1"]);
  assert.deepEqual(await callsOf("new Net(2).train();"), [
    REFUSE,
    "step (cell-1.ts:7:27)",
    "cell-1.ts:6:39",
    "train (cell-1.ts:6:23)",
    "cell:1:12",
  ]);
  assert.deepEqual(await callsOf("new Net(-1);"), [REFUSE, "Net (cell-1.ts:5:54)", "cell:1:1"]);
  assert.deepEqual(await callsOf("(() => {\n  new Net(2).loss;\n})();"), [
    REFUSE,
    "get loss (cell-1.ts:8:31)",
    "cell:2:3",
    "cell:3:3",
  ]);
  assert.deepEqual(await callsOf('new Function("f", "f(1)")(refuse);'), [
    REFUSE,
    "<anonymous>:3:2",
    "cell:1:26",
  ]);
  assert.deepEqual(await callsOf("setTimeout(() => refuse(5), 1);\nawait new Promise(() => {});"), [
    REFUSE,
    "cell:1:18",
  ]);
});

test("functions that await what fails have lines, though Firefox forgets them", {
  skip,
}, async () => {
  const code = "async function outer() {\n  return await later(1);\n}\nawait outer();";
  assert.deepEqual(await callsOf(code), [
    REFUSE,
    "later (cell-1.ts:12:3)",
    "async outer (cell:2:10)",
    "async cell:4:1",
  ]);
  const ofSite = 'import { greetLater } from "nobody";\nawait greetLater("");';
  assert.deepEqual(await callsOf(ofSite), ["async cell:2:1"]);
  assert.deepEqual(await callsOf("await (async () => refuse(2))();"), [
    REFUSE,
    "cell:1:20",
    "cell:1:30",
  ]);
});

test("messages that quote emitted code are put in terms of the cell", { skip }, async () => {
  const failure = async (code: string) => failureOf(await kernel.run(code));
  const path = 'import * as path from "node:path";\n(path as any).nothing();';
  assert.match(await failure(path), /: path\.nothing is not a function\n/);
  const named = '// @ts-nocheck\nimport { nothing } from "node:path";\nnothing("x");';
  assert.match(await failure(named), /: nothing is not a function\n/);
  await kernel.run("let held: any;");
  assert.match(await failure("held.x;"), /: can't access property "x", held is undefined\n/);
});

test("code reads the same stacks, however they were taken", { skip }, async () => {
  const caught = "try { refuse(1); } catch (e) { console.log((e as Error).stack); }";
  assert.deepEqual(await printed(caught), [REFUSE, "cell:1:7"]);
  assert.deepEqual(await printed('console.log(new Error("shown"));'), ["cell:1:13"]);
  assert.deepEqual(await printed('console.trace("here");'), ["cell:1:9"]);
  const own = `class Own extends Error {
  constructor() {
    super("mine");
    Error.captureStackTrace(this, Own);
    this.name = "Own";
  }
}
console.log(new Own().stack);`;
  assert.equal(
    textOf(await kernel.run(own)).replace(/cell-\d+/, "cell"),
    "Own: mine\n    at cell.ts:8:13\n",
  );
  const set = 'const e = new Error("x"); e.stack = "of my own"; console.log(e.stack);';
  assert.equal(textOf(await kernel.run(set)), "of my own\n");
});

test("cells complete, ask, and end when they are stopped", { skip }, async () => {
  const completion = (await kernel.ask("complete_request", "new Net(1).tr")) as {
    matches: string[];
  };
  assert.deepEqual(completion.matches, ["train"]);
  const question = await kernel.begin('prompt("Name?")');
  await kernel.page.waitForFunction(() =>
    (globalThis as unknown as { kernel: { told: { type: string }[] } }).kernel.told.some(
      ({ type }) => type === "input",
    ),
  );
  await kernel.answer("Änne");
  const { outcome } = await kernel.end(question);
  assert.equal(outcome.status === "ok" && outcome.result?.data["text/plain"], "'Änne'");
  const endless = [
    'console.log("begun");\nwhile (true) {}',
    'let turns = 0;\nconsole.log("begun");\nwhile (true) {\n  turns++;\n}',
    'console.log("begun");\nwhile (true) {\n  await new Promise((resolve) => setTimeout(resolve, 1));\n}',
  ];
  for (const code of endless) {
    const id = await kernel.begin(code);
    await kernel.hears(id, "stream");
    await kernel.stop();
    assert.match(failureOf(await kernel.end(id)), /KeyboardInterrupt/);
  }
  assert.match(failureOf(await kernel.run("refuse(7);")), /no 7/);
});
