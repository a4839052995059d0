import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { errorOf, printed, result, start } from "./kernels";

const kernel = start();

/** Runs a cell that prints "go" when it is time to stop it, and stops it then. */
async function stop(code: string) {
  const k = await kernel;
  let stopped: Promise<void> | undefined;
  const ended = await k.execute(code, {
    timeoutMs: 120_000,
    onOutput: ({ content }) => {
      if (String(content.text ?? "").includes("go")) {
        stopped ??= k.interrupt();
      }
    },
  });
  await stopped;
  return ended;
}

const loops = {
  "a synchronous loop": "console.log('go'); while (true) {}",
  "an await": "console.log('go'); await new Promise(() => {});",
  "a loop after an await": "await null; console.log('go'); while (true) {}",
  "a loop in a function after an await":
    "await null; const spin = () => { for (;;) {} }; console.log('go'); spin();",
  "a loop in a timer":
    "setTimeout(() => { console.log('go'); for (;;) {} }, 1); await new Promise(() => {});",
  "a loop in an immediate":
    "setImmediate(() => { console.log('go'); for (;;) {} }); await new Promise(() => {});",
  "a loop of awaits": "console.log('go'); for (;;) await null;",
  "a loop that swallows errors":
    "await null; console.log('go'); for (;;) { try { await null; } catch {} }",
  "printing without end": "console.log('go'); for (;;) console.log('x'.repeat(1000));",
  "a loop within an AsyncResource":
    "import { AsyncResource } from 'node:async_hooks';" +
    "new AsyncResource('Mine').runInAsyncScope(() => { console.log('go'); for (;;) {} });",
  "a loop in a test of node:test":
    "import test from 'node:test'; test('endless', () => { console.log('go'); for (;;) {} });",
  "a loop within AsyncLocalStorage":
    "import { AsyncLocalStorage } from 'node:async_hooks'; const storage = new AsyncLocalStorage();" +
    "await storage.run(1, async () => { await null; console.log('go'); for (;;) {} });",
  "an await, once AsyncLocalStorage is in use": "console.log('go'); await new Promise(() => {});",
  "a loop in a function after an await, once AsyncLocalStorage is in use":
    "await null; const turn = () => { for (;;) {} }; console.log('go'); turn();",
  "a synchronous loop, once AsyncLocalStorage is in use": "console.log('go'); while (true) {}",
  "a loop in a timer, once AsyncLocalStorage is in use":
    "setTimeout(() => { console.log('go'); for (;;) {} }, 1); await new Promise(() => {});",
};

for (const [name, code] of Object.entries(loops)) {
  test(`Stop ends ${name} and keeps the state`, async () => {
    const k = await kernel;
    await k.execute("var kept = 'kept'");
    const ended = await stop(code);
    assert.equal(ended.status, "error");
    assert.equal(errorOf(ended).ename, "KeyboardInterrupt");
    assert.equal(result(await k.execute("kept")), "'kept'");
  });
}

test("Stop ends a loop of a stale cell that runs again, once hooks are in use", async () => {
  const k = await kernel;
  await k.execute("const turns = 1");
  await k.execute("if (turns > 1) { console.log('go'); for (;;) {} }");
  await k.execute("const turns = 2");
  const again = await stop("await jupyter.cells.runStale()");
  assert.equal(errorOf(again).ename, "KeyboardInterrupt");
  assert.equal(result(await k.execute("turns")), "2");
});

test("a loop of an older cell within an AsyncResource, which would end Node, is left alone, and Stop says so", async () => {
  const k = await start();
  const file = join(mkdtempSync(join(tmpdir(), "stop-")), "enough");
  after(() => rmSync(dirname(file), { recursive: true, force: true }));
  await k.execute(
    `import { existsSync } from "node:fs"; var kept = "kept";
     function spin() { console.log("go"); while (!existsSync(${JSON.stringify(file)})) {} }`,
  );
  let stopped: Promise<void> | undefined;
  await k.execute(
    'import { AsyncResource } from "node:async_hooks"; new AsyncResource("Mine").runInAsyncScope(spin)',
    {
      timeoutMs: 120_000,
      onOutput: ({ content }) => {
        if (String(content.text).includes("go")) {
          stopped ??= k.interrupt();
        } else if (String(content.text).includes("cannot be stopped")) {
          writeFileSync(file, "");
        }
      },
    },
  );
  await stopped;
  assert.equal(result(await k.execute("kept")), "'kept'");
});

test("the work really ends: loops, timers, and what heeds the signal", async () => {
  const k = await kernel;
  await k.execute(
    "var steps = 0, ticks = 0, cleaned = 0, signalled = false; const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));" +
      "async function work() { try { for (;;) { await sleep(5); steps++; } } finally { cleaned++; } }",
  );
  await stop(
    "jupyter.cell?.signal.addEventListener('abort', () => { signalled = true; }); setInterval(() => ticks++, 5);" +
      "console.log('go'); await work();",
  );
  const before = await k.execute("[steps, ticks]");
  const after = await k.execute("await sleep(200); [steps, ticks]");
  assert.equal(result(after), result(before));
  assert.equal(result(await k.execute("[cleaned, signalled]")), "[ 1, true ]");
});

test("a library that yields by immediates ends in good order", async () => {
  const k = await kernel;
  // As a package would be written: no await of it passes through the kernel.
  await k.execute(
    "var busy = false, laps = 0; const train = new Function('state', `return (async () => { state.busy(true); try { for (;;) { await new Promise((r) => setImmediate(r)); state.lap(); } } finally { state.busy(false); } })()`);",
  );
  await stop(
    "console.log('go'); await train({ busy: (b: boolean) => { busy = b; }, lap: () => { laps++; } });",
  );
  const [first, second] = [await k.execute("[busy, laps]"), await k.execute("[busy, laps]")];
  assert.match(String(result(first)), /false/);
  assert.equal(result(second), result(first));
});

test("Stop while nothing runs ends what earlier cells left running, and nothing else", async () => {
  const k = await kernel;
  await k.execute("var beats = 0; setInterval(() => { beats++; }, 5); undefined");
  await k.interrupt();
  const first = await k.execute("await new Promise((r) => setTimeout(r, 50)); beats");
  const second = await k.execute("await new Promise((r) => setTimeout(r, 100)); beats");
  assert.equal(result(second), result(first));
  assert.equal(printed(await k.execute("console.log('fine')")), "fine\n");
});

test("Stop answers a question that nobody answers", async () => {
  const k = await kernel;
  const ended = await k.execute("prompt('?')", {
    timeoutMs: 120_000,
    onStdin: () => {
      void k.interrupt();
      return new Promise<string>(() => {});
    },
  });
  assert.equal(errorOf(ended).ename, "KeyboardInterrupt");
});

const AWAITED = {
  "a promise of one's own": "await new Promise(() => {})",
  "a promise that others derive from it":
    "await Promise.race([new Promise(() => {}).then(() => 1)])",
  "a thenable": "await ({ then() {} } as any)",
  "an async function": "await (async () => { await new Promise(() => {}); })()",
  "an event": 'await require("node:events").once(new EventTarget(), "never")',
  "a promise of node:timers/promises": 'await require("node:timers/promises").setTimeout(1e6)',
  "an event, held in a variable":
    'const kept = require("node:events").once(new EventTarget(), "never"); await kept',
  "an event, assigned and held in an object":
    'let it: any; it = require("node:events").once(new EventTarget(), "never"); const o = { it }; await o.it',
  "several events": `const { once } = require("node:events"); const all = ["a", "b"].map((e) => once(new EventTarget(), e)); await Promise.all(all)`,
  "what is pushed to a list":
    'const list: Promise<unknown>[] = []; list.push(require("node:events").once(new EventTarget(), "a")); await Promise.allSettled(list)',
  "the first of two": `const { once } = require("node:events"); await Promise.race([once(new EventTarget(), "a"), once(new EventTarget(), "b")])`,
  "any of a set, held in a variable": `const { once } = require("node:events"); const any = Promise.any(new Set([once(new EventTarget(), "a")])); await any`,
  "several of several":
    'const { once } = require("node:events"); await Promise.all([Promise.all([once(new EventTarget(), "a")])])',
  "what a function of one's own returns":
    'function get() { return require("node:events").once(new EventTarget(), "a"); } await get()',
  "what an async function of one's own returns":
    'const get = async () => require("node:events").once(new EventTarget(), "a"); await get()',
  "a stream": "for await (const x of new (require('node:stream').Readable)({ read() {} })) void x",
  "the lines of a stream":
    "for await (const x of require('node:readline').createInterface({ input: new (require('node:stream').Readable)({ read() {} }) })) void x",
  "events one after the other":
    "for await (const x of require('node:events').on(new EventTarget(), 'never')) void x",
};

for (const [name, wait] of Object.entries(AWAITED)) {
  test(`Stop rejects the wait for ${name}: the code around it cleans up`, async () => {
    const k = await kernel;
    await k.execute("var cleaned = '';");
    const ended = await stop(
      `try { console.log('go'); ${wait}; } catch (e) { cleaned = (e as Error).name; } finally { cleaned += ' finally'; }`,
    );
    assert.equal(ended.status, "error");
    assert.equal(result(await k.execute("cleaned")), "'KeyboardInterrupt finally'");
  });
}

test("Stop rejects the wait for what nobody can settle, though the garbage was collected meanwhile", async () => {
  const k = await kernel;
  await k.execute(
    'import v8 from "node:v8"; import vm from "node:vm"; v8.setFlagsFromString("--expose-gc"); const collect = vm.runInNewContext("gc"); var cleaned = "";',
  );
  const ended = await stop(`
    setTimeout(() => { collect(); setTimeout(() => { collect(); console.log("go"); }, 20); }, 20);
    try { await (async () => { await new Promise(() => {}); })(); } finally { cleaned = "finally"; }
  `);
  assert.equal(errorOf(ended).ename, "KeyboardInterrupt");
  assert.equal(result(await k.execute("cleaned")), "'finally'");
});

test("Stop does not reject what an earlier cell waits for", async () => {
  const k = await kernel;
  await k.execute(
    "var open = () => {}; var gate = new Promise<string>((r) => { open = () => r('opened'); }); var passed = gate.then((v) => v + '!'); undefined",
  );
  await stop("console.log('go'); await gate;");
  assert.equal(result(await k.execute("open(); await passed")), "'opened!'");
});
