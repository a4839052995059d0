// What a tab says of the device that it computes on.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { bundleWorker } from "../../kernel/lite/make/bundle";
import { writeCourse } from "../../scripts/site/course";
import { serve } from "../../scripts/site/serve";
import { launch } from "../../scripts/test/launch";
import { launchBrowser, PATIENCE_MS } from "./browser";
import { failureOf, textOf, WorkerKernel } from "./workerKernel";
import { ISOLATION } from "./workerSite";

let folder: string;
let server: Server;
let address: string;
let browser: Browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "device-"));
  writeFileSync(join(folder, "index.html"), "<!DOCTYPE html><title>A page</title>");
  await bundleWorker(folder);
  await writeCourse(folder, { mode: "fast", minify: false });
  ({ server, address } = await serve(folder, { port: 0, headers: ISOLATION }));
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (chosen = browser) => WorkerKernel.start(chosen, address, "worker.js");

/** What a cell says that has to run. */
async function said(kernel: WorkerKernel, code: string): Promise<string> {
  const ran = await kernel.run(code);
  assert.equal(ran.outcome.status, "ok", failureOf(ran));
  return textOf(ran);
}

const PREPARE = `import { adam, charRnn, ready, setSeed, tf, train } from "karenina";
await ready();
const rows = [Int32Array.of(0, 1, 2, 1), Int32Array.of(2, 0, 1, 0)];
async function learn() {
  setSeed(1);
  const model = charRnn({ vocabularySize: 3, batchSize: 2, hiddenSize: 4, embeddingSize: 2 });
  const history = await train(model, () => [{ x: rows, y: rows }], {
    epochs: 3, optimizer: adam({ learningRate: 0.01 }),
  });
  return history.map(({ loss }) => loss);
}`;

test("the first training says once how fast the device is", async () => {
  const kernel = await start();
  await said(kernel, 'process.env.KARENINA_THREADS = "1";');
  assert.equal(await said(kernel, PREPARE), "");
  const line = await said(kernel, "const losses = await learn();");
  const [, instructions, many, , step] =
    /^Training here runs on WebAssembly \((.+); 1 thread\): about ([\d.]+) (million|billion) multiplications a second\. A step of lesson 07's network takes about ([\d.]+) m?s\.\n$/.exec(
      line,
    ) ?? assert.fail(line);
  assert.match(instructions, /^SIMD(, relaxed SIMD)?$/);
  assert.ok(Number(many) > 0 && Number(step) > 0, line);
  assert.equal(await said(kernel, "const again = await learn();"), "");
});

test("without a graphics processor WebGPU is refused in a sentence, and WebAssembly stays", async () => {
  const kernel = await start();
  const learn = "console.log(tf.getBackend(), (await ready()).name, await learn());";
  await said(kernel, `process.env.KARENINA_SPEED = "off";\n${PREPARE}`);
  const before = await said(kernel, learn);
  // Nothing of the device's speed before that, where the environment says so.
  assert.match(before, /^wasm wasm /);
  for (const [gpu, why] of [
    ["undefined", /^This browser has no WebGPU, .* WebAssembly stays\.\n$/],
    [
      "{ requestAdapter: async () => null }",
      /found no graphics processor .* WebAssembly stays\.\n$/,
    ],
    [
      '{ requestAdapter: async () => { throw new Error("lost"); } }',
      /^WebGPU could not be started in this browser: lost\. WebAssembly stays\.\n$/,
    ],
  ] as const) {
    const wish = `process.env.KARENINA_BACKEND = "webgpu";
Object.defineProperty(Reflect.get(globalThis, "navigator"), "gpu", { value: ${gpu}, configurable: true });
await ready();`;
    assert.match(await said(kernel, wish), why);
    await said(kernel, 'process.env.KARENINA_BACKEND = "wasm";');
    assert.equal(await said(kernel, learn), before);
  }
});

/** Has Chromium offer a graphics processor that is a program, where it brings one. */
const SOFTWARE = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--use-angle=swiftshader",
  "--ignore-gpu-blocklist",
];

test("on WebGPU a network learns what it learns on WebAssembly", async (t) => {
  const own = await launch(PATIENCE_MS, "chromium", SOFTWARE);
  t.after(() => own.close());
  const kernel = await start(own);
  const learn = "console.log(tf.getBackend(), JSON.stringify(await learn()));";
  const numbersOf = (text: string) => JSON.parse(text.slice(text.indexOf("["))) as number[];
  await said(kernel, `process.env.KARENINA_SPEED = "off";\n${PREPARE}`);
  const expected = await said(kernel, learn);
  const line = await said(kernel, 'process.env.KARENINA_BACKEND = "webgpu";\nawait ready();');
  if (/WebAssembly stays/.test(line)) {
    t.skip(`this Chromium has no software for WebGPU: ${line.trim()}`);
    return;
  }
  assert.match(line, /^TensorFlow\.js computes on WebGPU from now on\. .* not tested .*\n$/);
  const found = await said(kernel, learn);
  assert.match(expected, /^wasm /);
  assert.match(found, /^webgpu /);
  const [right, numbers] = [numbersOf(expected), numbersOf(found)];
  assert.equal(numbers.length, right.length);
  for (const [i, number] of numbers.entries()) {
    assert.ok(Math.abs(number - right[i]) < 1e-4, `${number} where WebAssembly has ${right[i]}`);
  }
  assert.equal(await said(kernel, 'process.env.KARENINA_BACKEND = "wasm";\nawait ready();'), "");
  assert.equal(await said(kernel, learn), expected);
});

/** Keeps what threads are given; the second word of their memory is how many have come to run. */
const WATCH = `const given: { words: Int32Array }[] = [];
const Original = (globalThis as any).Worker;
if (Original) {
  (globalThis as any).Worker = class extends Original {
    postMessage(data: any) { given.push(data); super.postMessage(data); }
  };
}
const running = () => (given.length === 0 ? 0 : Atomics.load(given[0].words, 1));`;

/** A network whose steps are large enough for threads to share them. */
const LARGE = `import { adam, charRnn, ready, setSeed, train } from "karenina";
process.env.KARENINA_THREADS = "2";
await ready();
const rows = Array.from({ length: 8 }, (_, n) => Int32Array.from({ length: 25 }, (_, t) => (n * t) % 30));
async function learn() {
  setSeed(1);
  const model = charRnn({ vocabularySize: 30, batchSize: 8, hiddenSize: 96 });
  const history = await train(model, () => [{ x: rows, y: rows }, { x: rows, y: rows }], {
    epochs: 2, optimizer: adam({ learningRate: 0.01 }),
  });
  return JSON.stringify(history.map(({ loss }) => loss));
}`;

test("threads share large steps where memory can be shared, and the losses are one thread's", async () => {
  const losses: string[] = [];
  const plain = await serve(folder, { port: 0, headers: {} });
  try {
    for (const [from, count] of [
      [address, 1],
      [plain.address, 0],
    ] as const) {
      const kernel = await WorkerKernel.start(browser, from, "worker.js");
      assert.equal(await kernel.isolated(), count === 1);
      await said(kernel, `${WATCH}\n${LARGE}`);
      const line = await said(kernel, "const first = await learn();");
      assert.match(line, count === 1 ? /; 2 threads\)/ : /; 1 thread\)/);
      // A thread starts when this one gives way.
      const wait = `while (running() < ${count}) { await new Promise((go) => setTimeout(go, 20)); }`;
      await said(kernel, wait);
      const text = await said(
        kernel,
        "console.log(first === (await learn()), given.length, first);",
      );
      assert.ok(text.startsWith(`true ${count} [`), text);
      losses.push(text.slice(text.indexOf("[")));
    }
  } finally {
    plain.server.close();
  }
  assert.equal(losses[0], losses[1]);
});
