// The live site's first page, in Chromium: networks at work, and progress that this browser keeps.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { course } from "../../lessons/exercises/course";
import { parseProgress, progressText } from "../../lessons/exercises/standings";
import { findNotebooks } from "../../runner/findNotebooks";
import { writeContents } from "../../scripts/site/contents";
import { writeHome } from "../../scripts/site/home";
import { KERNEL_FOLDER } from "../../scripts/site/kernelFolder";
import { serve } from "../../scripts/site/serve";
import { unzip, zip } from "../../scripts/site/work/zip";
import { claiming } from "../scripts/site/claimingZip";
import { launchBrowser, onRequestElsewhere, PATIENCE_MS } from "./browser";

const ROOT = resolve(__dirname, "../..");
const NETWORKS = `${KERNEL_FOLDER}own/models/pretrained`;
const axe = createRequire(__filename).resolve("axe-core/axe.min.js");

let folder: string;
let server: Server;
let address: string;
let browser: Browser;
let page: Page;
const elsewhere: string[] = [];
const errors: string[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "home page-"));
  mkdirSync(join(folder, NETWORKS), { recursive: true });
  for (const name of ["anna-karenina", "presidents"]) {
    const file = `${name}.safetensors`;
    cpSync(join(ROOT, "lib/models/pretrained", file), join(folder, NETWORKS, file));
  }
  const lessons = findNotebooks(["notebooks"], [ROOT]).filter((file) => !/[\\/]ru[\\/]/.test(file));
  await writeHome(folder, lessons);
  writeContents(folder, lessons);
  ({ server, address } = await serve(folder, { port: 0, below: "/a/course/" }));
  browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
  context.setDefaultTimeout(PATIENCE_MS);
  page = await context.newPage();
  onRequestElsewhere(page, address, (url) => elsewhere.push(url));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(address);
});
after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function screenshot(name: string): Promise<void> {
  const shots = join(ROOT, "build/screenshots");
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `home-${name}.png`), fullPage: true });
}

/** What axe-core finds, a line each. */
async function complaints(): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  return await page.evaluate(async () => {
    const { violations } = await (
      window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

test("a network writes, and shows what it held likely where the mouse and the arrow keys are", async () => {
  await page.getByRole("button", { name: "Write" }).click();
  const written = page.locator("#written span");
  await written.nth(399).waitFor();
  const text = (await page.locator("#written").textContent()) ?? "";
  assert.match(text, /[а-яё]{3,} [а-яё]/i);
  await written.nth(7).hover();
  const likely = page.locator("#likely tr");
  assert.equal(await likely.count(), 5);
  await page.locator("#written").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.getByText(/^Character 2, .+: .+ \d+ %/).waitFor();
  await page.getByLabel("after").selectOption("presidents");
  await page.getByRole("button", { name: "Write" }).click();
  await written.nth(399).waitFor();
  assert.match((await page.locator("#written").textContent()) ?? "", /[a-z]{3,} [a-z]/);
  assert.equal(await page.locator("#written").getAttribute("lang"), "en");
});

test("a network learns two moons", async () => {
  await page.getByRole("button", { name: "Learn", exact: true }).click();
  const end = page.getByText(/After 400 steps (\d+) of 160 points/);
  await end.waitFor();
  const [, right] = /steps (\d+)/.exec((await end.textContent()) ?? "") ?? [];
  assert.ok(Number(right) >= 152, `${right} of 160`);
  await page.locator("#written span").nth(50).hover();
  await screenshot("at-work");
});

test("each lesson has its card, with a way into it that works below any path", async () => {
  const links = await page
    .locator(".card a.open")
    .evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).href));
  assert.equal(links.length, course.length + 1);
  assert.ok(links.every((link) => link.startsWith(`${address}lab/index.html?path=`)));
  await page.getByText(/^\d+ minutes · 4 exercises$/).waitFor();
});

test("progress comes from a file, is kept, is seen by other pages, blanked again, and saved", async () => {
  const standing = {
    attempts: 2,
    hints: 1,
    solution: false,
    right: true,
    time: "2027-01-02T03:04:05Z",
  };
  const exercises = {
    neuron: standing,
    cellRunThrice: standing,
    sine: { ...standing, right: false },
  };
  const file = join(folder, "mine.json");
  writeFileSync(file, JSON.stringify({ format: "karenina-progress", version: 1, exercises }));
  await page.locator("#progress-file").setInputFiles(file);
  await page.getByText("3 exercises of mine.json brought back.").waitFor();
  await page.reload();
  const sum = page.locator("#progress-sum");
  await sum.filter({ hasText: /^2 of/ }).waitFor();
  const other = await page.context().newPage();
  await other.goto(address);
  await other.locator("#progress-sum").filter({ hasText: /^2 of/ }).waitFor();
  await page.locator("#exercises-00-welcome summary").click();
  await screenshot("progress");
  const cellRunThrice = page.locator("#exercises-00-welcome li").first();
  await cellRunThrice.getByRole("button").click();
  await other.locator("#progress-sum").filter({ hasText: /^1 of/ }).waitFor();
  await page.getByRole("button", { name: "Blank again: lesson 00" }).click();
  await other.locator("#progress-sum").filter({ hasText: /^0 of/ }).waitFor();
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save to a file" }).click();
  const saved = await (await coming).path();
  assert.deepEqual(Object.keys(parseProgress(readFileSync(saved, "utf8"))), ["sine"]);
  await page.getByRole("button", { name: "Blank the whole course again" }).click();
  await page
    .getByRole("button", { name: "Blank again: lesson 01" })
    .and(page.locator(":disabled"))
    .waitFor();
  await other.close();
});

/** A reader's work as a file on the disk. */
async function workFile(name: string, entries: Record<string, string>): Promise<string> {
  const file = join(folder, name);
  const all = Object.entries(entries).map(([entry, text]) => ({
    name: entry,
    content: new TextEncoder().encode(text),
  }));
  writeFileSync(file, new Uint8Array(await (await zip(all)).arrayBuffer()));
  return file;
}

test("work comes back after a look at each file, beside what is there, and is downloaded again", async () => {
  const notebook = (source: string) => {
    const metadata = { trusted: true };
    const outputs = [
      {
        output_type: "display_data",
        metadata: {},
        data: { "text/html": "<script>top.ran=1</script>" },
      },
    ];
    const cell = { cell_type: "code", id: "a", source, metadata, outputs, execution_count: 1 };
    return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] });
  };
  const first = await workFile("first.zip", {
    "notebooks/mine.ipynb": notebook("1"),
    "files/home/notebooks/out.txt": "one",
    "../outside.txt": "x",
  });
  await page.locator("#work-file").setInputFiles(first);
  await page.getByText("../outside.txt: is left out: its name leads out of its folder.").waitFor();
  await screenshot("work");
  await page.getByRole("button", { name: "Bring back 2 files" }).click();
  await page.getByText("2 files brought back.").waitFor();
  await page.locator("#work-file").setInputFiles(first);
  await page.getByText("notebooks/mine.ipynb: is here already, the same.").waitFor();
  assert.equal(await page.locator("#carry-out").isVisible(), false);
  const standing = {
    attempts: 1,
    hints: 0,
    solution: false,
    right: true,
    time: "2027-01-02T03:04:05Z",
  };
  const second = await workFile("second.zip", {
    "notebooks/mine.ipynb": notebook("2"),
    "files/home/notebooks/out.txt": "two",
    "progress.json": progressText({ neuron: standing }),
  });
  await page.locator("#work-file").setInputFiles(second);
  await page.getByText("comes back as mine (2).ipynb, since there is another one here").waitFor();
  await page.getByRole("button", { name: "Bring back 3 files" }).click();
  await page.getByText("3 files brought back.").waitFor();
  await page.reload();
  await page.locator("#progress-sum").filter({ hasText: /^1 of/ }).waitFor();
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download my work" }).click();
  const download = await coming;
  assert.match(download.suggestedFilename(), /^karenina-work-\d{4}-\d\d-\d\d\.zip$/);
  const entries = await unzip(new Uint8Array(readFileSync(await download.path())));
  const texts = new Map(
    entries.map(({ name, content }) => [name, new TextDecoder().decode(content)]),
  );
  assert.deepEqual(
    [...texts.keys()],
    [
      "files/home/notebooks/out (2).txt",
      "files/home/notebooks/out.txt",
      "notebooks/mine (2).ipynb",
      "notebooks/mine.ipynb",
      "progress.json",
    ],
  );
  assert.equal(texts.get("files/home/notebooks/out.txt"), "one");
  assert.deepEqual(Object.keys(parseProgress(texts.get("progress.json") ?? "")), ["neuron"]);
  const mine = JSON.parse(texts.get("notebooks/mine.ipynb") ?? "");
  assert.deepEqual([mine.cells[0].source, mine.cells[0].metadata], ["1", {}]);
  assert.equal(mine.cells[0].outputs.length, 1);
  assert.equal(await page.evaluate<unknown>("top.ran"), undefined);
});

test("a file that is no work, a cut one and a bomb are refused in words", async () => {
  const good = readFileSync(await workFile("good.zip", { "notebooks/a.txt": "a" }));
  const packed = deflateRawSync(Buffer.alloc(100_000_000));
  for (const [content, words] of [
    [Buffer.from("hello"), "can't be brought back: it is no ZIP file, or its end is missing."],
    [good.subarray(0, good.length - 30), "it is no ZIP file, or its end is missing."],
    [claiming(100_000_000, packed), "it would unpack to 100 MB, and 4.9 MB are the most"],
  ] as const) {
    const file = join(folder, "wrong.zip");
    writeFileSync(file, new Uint8Array(content));
    await page.locator("#work-file").setInputFiles(file);
    await page.locator("#work-says", { hasText: words }).waitFor();
    assert.equal(await page.locator("#work-plan").isVisible(), false);
  }
});

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1280, 400]) {
    test(`at ${width} pixels, ${scheme}: all fits, and everybody can use it`, async () => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 900 });
      const [inner, outer] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.ok(inner <= outer, `${inner} pixels of ${outer}`);
      await screenshot(`${width}-${scheme}`);
      assert.deepEqual(await complaints(), []);
    });
  }
}

test("nothing was asked of any other site, and no script failed", () => {
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(errors, []);
});
