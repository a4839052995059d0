// The kernel in a worker of a page: the session of Node's kernel, over what a browser has.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser";
import { failureOf, textOf, WorkerKernel } from "./workerKernel";
import { ISOLATION, WorkerSite } from "./workerSite";

let site: WorkerSite;
let browser: Browser;
let kernel: WorkerKernel;

async function startKernel(headers: Record<string, string>): Promise<WorkerKernel> {
  return await WorkerKernel.start(browser, await site.serve(headers), "worker.js");
}

before(async () => {
  site = await WorkerSite.make();
  browser = await launchBrowser();
  kernel = await startKernel(ISOLATION);
});
after(async () => {
  await browser?.close();
  site?.remove();
});

/** What a cell that has a value shows as text. */
async function textFor(code: string): Promise<unknown> {
  const ran = await kernel.run(code);
  assert.equal(ran.outcome.status, "ok", failureOf(ran));
  return ran.outcome.status === "ok" && ran.outcome.result?.data["text/plain"];
}

test("cells run one after the other and see each other's names and types", async () => {
  await textFor(
    "const answers = [20, 22]; const sum = (...all: number[]) => all.reduce((a, b) => a + b);",
  );
  assert.equal(await textFor("sum(...answers)"), "42");
  assert.equal(await textFor("process.env.ANSWER"), "'42'");
});

test("a wrong type is an error at its place, and the cell does not run", async () => {
  const ran = await kernel.run('console.log("runs");\nanswers.lenght;');
  assert.match(failureOf(ran), /^cell-\d+\.ts:2:9 - .*TS2551: Property 'lenght' does not exist/);
  assert.equal(textOf(ran), "");
});

test("an error at run time names cell, line and column, through a function of an earlier cell", async () => {
  const first = await kernel.run(
    "function refuse(x: number): never {\n  throw new RangeError('no ' + x);\n}",
  );
  assert.equal(first.outcome.status, "ok");
  const failure = failureOf(await kernel.run("const y = 3;\nrefuse(y);"));
  assert.match(failure, /^cell-(\d+)\.ts:2\n2 \| {3}throw new RangeError/);
  assert.match(
    failure,
    /RangeError.*: no 3\n {4}at refuse \(cell-\d+\.ts:2:9\)\n {4}at cell-\d+\.ts:2:1$/,
  );
});

test("an error from a script of the site has the cell's place", async () => {
  const failure = failureOf(await kernel.run('import { greet } from "nobody";\ngreet("");'));
  assert.match(failure, /^cell-\d+\.ts:2\n2 \| greet\(""\)/);
});

test("modules of the site are typed and loaded", async () => {
  assert.equal(await textFor('import { greet } from "nobody"; greet("you")'), "'Hello, you'");
  assert.match(failureOf(await kernel.run("greet(1);")), /TS2345/);
});

test("what a page has nothing for says so", async () => {
  const unknown = failureOf(await kernel.run('import x from "no-such-package"; x;'));
  assert.match(unknown, /TS2307/);
  assert.match(
    unknown,
    /a cell can import what the site brings: nobody. Ask whoever makes the site/,
  );
  const native = failureOf(
    await kernel.run('import { createServer } from "node:http"; createServer();'),
  );
  assert.match(native, /node:http is a module of Node.js that a page in a browser has nothing for/);
  const program = failureOf(
    await kernel.run('import { spawn } from "node:child_process"; spawn("ls", ["-l"]);'),
  );
  assert.match(program, /A page in a browser has no shell to run "ls -l" in/);
  assert.match(failureOf(await kernel.run("!ls")), /no shell/);
});

test("the console prints as Node's does", async () => {
  const ran = await kernel.run(
    'console.log("%d of %s", 1, "two", { a: [1, 2] });\nconsole.error(new Map([["k", 1]]));\nconsole.table([{ a: 1, b: "x" }, { a: 2 }]);',
  );
  const streams = ran.said.flatMap((each) =>
    each.type === "stream" ? [[each.name, each.text]] : [],
  );
  assert.deepEqual(streams.slice(0, 2), [
    ["stdout", "1 of two { a: [ 1, 2 ] }\n"],
    ["stderr", "Map(1) { 'k' => 1 }\n"],
  ]);
  assert.match(
    streams[2][1],
    /│ \(index\) │ a │ b {3}│\n.*\n│ 0 {7}│ 1 │ 'x' │\n│ 1 {7}│ 2 │ {5}│/,
  );
});

test("console.trace tells of the cells' calls", async () => {
  const ran = await kernel.run('function ask() {\n  console.trace("asked");\n}\nask();');
  assert.match(textOf(ran), /^Trace: asked\n {4}at ask \((cell-\d+\.ts):2:11\)\n {4}at \1:4:1\n$/);
});

test("displays are shown and replaced", async () => {
  const ran = await kernel.run(
    'const shown = display({ "text/html": "<b>1</b>" });\nshown.update({ "text/html": "<b>2</b>" });\nclearOutput();',
  );
  const kinds = ran.said.flatMap((each) => (each.type === "publish" ? [each.kind] : []));
  assert.deepEqual(kinds, ["display_data", "update_display_data", "clear_output"]);
});

test("names are completed and explained", async () => {
  const completion = (await kernel.ask("complete_request", "answers.ind")) as { matches: string[] };
  assert.ok(completion.matches.includes("indexOf"), completion.matches.join(" "));
  const inspection = (await kernel.ask("inspect_request", "sum")) as {
    data: Record<string, string>;
  };
  assert.match(inspection.data["text/plain"], /sum: \(\.\.\.all: number\[\]\) => number/);
});

test("what is left unhandled fails the cell that left it", async () => {
  assert.match(
    failureOf(await kernel.run('void Promise.reject(new Error("unheard"));')),
    /unheard/,
  );
  const late = await kernel.run(
    'setTimeout(() => { throw new Error("late"); }, 1);\nawait new Promise((resolve) => setTimeout(resolve, 2000));',
  );
  assert.match(failureOf(late), /Error.*: late\n {4}at cell-\d+\.ts:1:26/);
});

test("Stop ends a loop that never waits; variables stay", async () => {
  assert.ok(await kernel.isolated());
  const id = await kernel.begin(
    'let turns = 0;\nconsole.log("begun");\nwhile (true) {\n  turns++;\n}',
  );
  await kernel.hears(id, "stream");
  await kernel.stop();
  assert.match(failureOf(await kernel.end(id)), /KeyboardInterrupt/);
  assert.equal(await textFor("turns > 0"), "true");
  assert.equal(await textFor("sum(...answers)"), "42");
});

test("Stop ends such a loop of a stale cell that runs again", async () => {
  await kernel.run("const most = 1;");
  await kernel.run('if (most > 1) {\n  console.log("begun");\n  while (true) {}\n}');
  await kernel.run("const most = 2;");
  const id = await kernel.begin("await jupyter.cells.runStale();");
  await kernel.hears(id, "stream");
  await kernel.stop();
  assert.match(failureOf(await kernel.end(id)), /KeyboardInterrupt/);
  assert.equal(await textFor("most"), "2");
});

test("Stop ends a cell that waits", async () => {
  const id = await kernel.begin('console.log("begun");\nawait new Promise(() => {});');
  await kernel.hears(id, "stream");
  await kernel.stop();
  assert.match(failureOf(await kernel.end(id)), /KeyboardInterrupt/);
});

test("prompt stands still until there is an answer", async () => {
  const id = await kernel.begin('prompt("Name?") + ", you are " + prompt("Age?")');
  for (const answer of ["Änne", "7"]) {
    await kernel.page.waitForFunction(
      ([count]) =>
        (globalThis as unknown as { kernel: { told: { type: string }[] } }).kernel.told.filter(
          ({ type }) => type === "input",
        ).length === count,
      [answer === "7" ? 2 : 1],
    );
    await kernel.answer(answer);
  }
  const { outcome } = await kernel.end(id);
  assert.equal(outcome.status === "ok" && outcome.result?.data["text/plain"], "'Änne, you are 7'");
});

test("without shared memory, waiting code is stopped and prompt says why it cannot ask", async () => {
  kernel = await startKernel({});
  assert.equal(await kernel.isolated(), false);
  assert.match(failureOf(await kernel.run('prompt("Name?")')), /not cross-origin isolated/);
  const id = await kernel.begin(
    'console.log("begun");\nwhile (true) {\n  await new Promise((resolve) => setTimeout(resolve, 1));\n}',
  );
  await kernel.hears(id, "stream");
  await kernel.stop();
  assert.match(failureOf(await kernel.end(id)), /KeyboardInterrupt/);
});

const READ = 'import { existsSync, readdirSync, readFileSync } from "node:fs";';

async function shown(kernel: WorkerKernel, code: string): Promise<unknown> {
  const ran = await kernel.run(code);
  assert.equal(ran.outcome.status, "ok", failureOf(ran));
  return ran.outcome.status === "ok" && ran.outcome.result?.data["text/plain"];
}

test("files that cells write outlive their kernel, and other kernels see them", async () => {
  const address = await site.serve(ISOLATION);
  const context = await browser.newContext();
  const first = await WorkerKernel.start(context, address, "worker.js");
  const beside = await WorkerKernel.start(context, address, "worker.js");
  const write = `import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
mkdirSync("models/net", { recursive: true });
writeFileSync("models/net/weights.bin", new Uint8Array([1, 2, 3]).subarray(1));
writeFileSync("new", "text"); renameSync("new", "old.txt");
writeFileSync("/tmp/passing", "x"); writeFileSync("gone", "x"); rmSync("gone");`;
  assert.equal((await first.run(write)).outcome.status, "ok");
  const list = `${READ}
[readdirSync("."), [...readFileSync("models/net/weights.bin")], readFileSync("old.txt", "utf8"),
  existsSync("/tmp/passing")]`;
  const kept = "[ [ 'models', 'old.txt' ], [ 2, 3 ], 'text', false ]";
  const heard = `${READ}
while (!existsSync("old.txt")) await new Promise((resolve) => setTimeout(resolve, 1));`;
  assert.equal((await beside.run(heard)).outcome.status, "ok");
  assert.equal(await shown(beside, list), kept);
  await first.page.close();
  const second = await WorkerKernel.start(context, address, "worker.js");
  assert.equal(await shown(second, list), kept);
  await context.close();
});

/** A text that says at both ends which round it is of, and is as long as that round's. */
const BODY =
  "(round: number) => [round, 'x'.repeat(100_000 + (round % 7) * 30_000), round].join(' ')";

/** How often a tab is killed; KARENINA_KILLS has it done more often. */
const KILLS = Number(process.env.KARENINA_KILLS ?? 3);

test("a tab that is killed while it saves loses nothing that was saved, and tears no file", async () => {
  const address = await site.serve(ISOLATION);
  const context = await browser.newContext();
  for (let kill = 0; kill <= KILLS; kill++) {
    const kernel = await WorkerKernel.start(context, address, "worker.js");
    const look = `${READ}
JSON.stringify(readdirSync(".").map((name) => {
  const [from, xs, to] = readFileSync(name as string, "utf8").split(" ");
  return [name, from === to && xs?.length === 100_000 + (Number(from) % 7) * 30_000, Number(from)];
}))`;
    const found = JSON.parse(String(await shown(kernel, look)).slice(1, -1)) as [
      string,
      boolean,
      number,
    ][];
    for (const [name, whole] of found) {
      assert.ok(whole, `${name} is torn after kill ${kill}`);
    }
    const names = found.map(([name]) => name);
    for (let before = 0; before < kill; before++) {
      assert.ok(names.includes(`saved-${before}`), `saved-${before} is lost`);
    }
    if (kill === KILLS) {
      break;
    }
    const save = `import { renameSync, writeFileSync } from "node:fs";
const body = ${BODY};
writeFileSync("saved-${kill}", body(${kill}));`;
    assert.equal((await kernel.run(save)).outcome.status, "ok");
    const loop = await kernel.begin(`for (let round = 1; ; round++) {
  writeFileSync("plain", body(round));
  writeFileSync("part", body(round)); renameSync("part", "renamed");
  if (round % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  console.log(round);
}`);
    const many = Math.floor(Math.random() * 60);
    await kernel.page.waitForFunction(
      ([id, many]) =>
        (
          globalThis as unknown as {
            kernel: { told: { type: string; cell?: string; text: string }[] };
          }
        ).kernel.told
          .filter(({ type, cell }) => type === "stream" && cell === id)
          .reduce((sum, { text }) => sum + text.split("\n").length - 1, 0) > many,
      [loop, many] as const,
    );
    const crashed = new Promise((resolve) => kernel.page.once("crash", resolve));
    const devtools = await context.newCDPSession(kernel.page);
    devtools.send("Page.crash").catch(() => {});
    await crashed;
  }
  await context.close();
});
