// A tab that is killed while a cell downloads: the next one has the data set, and has it whole.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

/** How often a tab is killed; KARENINA_KILLS has it done more often. */
const KILLS = Number(process.env.KARENINA_KILLS ?? 3);
const BYTES = 1_500_000;

let folder: string;
let server: Server;
let address: string;
let browser: Browser;

/** A file of each round's own: kept ones go by their contents. */
function contentOf(round: number): Uint8Array {
  const numbers = new Uint32Array(BYTES / 4);
  for (let i = 0, x = round + 1; i < numbers.length; i++) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    numbers[i] = x;
  }
  return new Uint8Array(numbers.buffer);
}

/** A sum that depends on each byte and its place. */
const SUM = "(bytes: Uint8Array) => bytes.reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 0)";
const sumOf = (bytes: Uint8Array) => bytes.reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 0);

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "download-"));
  writeFileSync(join(folder, "index.html"), "<!DOCTYPE html><title>A page</title>");
  await bundleWorker(folder);
  await writeCourse(folder, { mode: "fast", minify: false });
  mkdirSync(join(folder, "data"), { recursive: true });
  const dataSets = Array.from({ length: KILLS }, (_, round) => {
    const content = contentOf(round);
    const name = `noise-${round}`;
    mkdirSync(join(folder, "data", name));
    writeFileSync(join(folder, "data", name, "noise.bin"), content);
    const file = {
      name: "noise.bin",
      bytes: content.length,
      sha256: createHash("sha256").update(content).digest("hex"),
      mirrors: [`https://site.invalid/${name}/noise.bin`],
    };
    const words = { title: name, description: name, licence: "none", citation: "none" };
    return [name, { ...words, kind: "images", files: [file] }];
  });
  const registry = { version: 1, dataSets: Object.fromEntries(dataSets) };
  writeFileSync(join(folder, "registry.json"), JSON.stringify(registry));
  ({ server, address } = await serve(folder, { port: 0, headers: ISOLATION }));
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a tab that is killed while it downloads leaves nothing torn", async () => {
  const context = await browser.newContext();
  const start = async () => {
    const kernel = await WorkerKernel.start(context, address, "worker.js");
    const ran = await kernel.run(`import { loadFile } from "karenina";\nconst sum = ${SUM};`);
    assert.equal(ran.outcome.status, "ok", failureOf(ran));
    return kernel;
  };
  const load = (round: number) =>
    `console.log("begins");
const bytes = await loadFile("noise-${round}", "noise.bin");
console.log(bytes.length, sum(bytes));`;
  for (let round = 0; round < KILLS; round++) {
    const killed = await start();
    const crashed = new Promise((resolve) => killed.page.once("crash", resolve));
    await killed.begin(load(round));
    // From before the first byte until after the last: a whole download takes some 50 ms.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 80));
    const devtools = await context.newCDPSession(killed.page);
    devtools.send("Page.crash").catch(() => {});
    await crashed;
    const next = await start();
    const ran = await next.run(load(round));
    assert.equal(ran.outcome.status, "ok", failureOf(ran));
    assert.equal(textOf(ran).trim().split("\n").at(-1), `${BYTES} ${sumOf(contentOf(round))}`);
    await next.page.close();
  }
  await context.close();
});
