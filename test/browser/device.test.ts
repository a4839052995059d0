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
import { launchBrowser } from "./browser";
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

const start = () => WorkerKernel.start(browser, address, "worker.js");

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

test("it says nothing, and measures nothing, where the environment says so", async () => {
  const kernel = await start();
  await said(kernel, 'process.env.KARENINA_SPEED = "off";');
  assert.equal(await said(kernel, `${PREPARE}\nawait learn();`), "");
});
