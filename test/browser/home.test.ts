// The live site's first page, in Chromium: networks at work, and progress that this browser keeps.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { course } from "../../lessons/exercises/course";
import { parseProgress } from "../../lessons/exercises/standings";
import { findNotebooks } from "../../runner/findNotebooks";
import { writeHome } from "../../scripts/site/home";
import { KERNEL_FOLDER } from "../../scripts/site/kernelFolder";
import { serve } from "../../scripts/site/serve";
import { complaintsOf } from "./accessibility";
import { launchBrowser, onRequestElsewhere, PATIENCE_MS } from "./browser";

const ROOT = resolve(__dirname, "../..");
const NETWORKS = `${KERNEL_FOLDER}own/models/pretrained`;

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
  await page.getByText("3 exercises from mine.json brought back.").waitFor();
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
      assert.deepEqual(await complaintsOf(page), []);
    });
  }
}

test("nothing was asked of any other site, and no script failed", () => {
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(errors, []);
});
