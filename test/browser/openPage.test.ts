// The live site's page that opens notebooks from elsewhere, in Chromium: nothing of them runs, and no other
// site is asked, before the reader agrees.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { writeContents } from "../../scripts/site/contents";
import { writeOpenPage } from "../../scripts/site/openPage";
import { serve } from "../../scripts/site/serve";
import { linkTo } from "../../scripts/site/share/link";
import { complaintsOf } from "./accessibility";
import { launchBrowser, onRequestElsewhere, PATIENCE_MS } from "./browser";
import { keptFiles } from "./keptFiles";

const ROOT = resolve(__dirname, "../..");

/** Sets a mark where any of it runs. */
const EVIL = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: "python3", language: "python" } },
  cells: [
    {
      cell_type: "markdown",
      metadata: { trusted: true },
      source:
        "# Moons <img src=x onerror='top.ran=1'>\n\n<script>top.ran=2</script>\n![p](https://pictures.example/p.png)",
    },
    {
      cell_type: "code",
      metadata: { trusted: true },
      source: "const user = 'a';\u202E // </pre><script>top.ran=3</script>",
      outputs: [
        {
          output_type: "display_data",
          metadata: {},
          data: {
            "text/html": "<script>top.ran=4</script>",
            "application/javascript": "top.ran=5",
          },
        },
      ],
    },
  ],
};

let folder: string;
let server: Server;
let address: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const elsewhere: string[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "open page-"));
  const lesson = join(ROOT, "notebooks", "00-welcome.ipynb");
  writeContents(folder, [lesson]);
  await writeOpenPage(folder);
  cpSync(join(ROOT, "scripts/site/home/style.css"), join(folder, "home.css"));
  mkdirSync(join(folder, "lab"));
  writeFileSync(join(folder, "lab", "index.html"), "<title>Lab</title>");
  writeFileSync(join(folder, "index.html"), "<title>Home</title>");
  ({ server, address } = await serve(folder, { port: 0, below: "/a/course/" }));
  browser = await launchBrowser();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(PATIENCE_MS);
});
beforeEach(async () => {
  await page?.close();
  page = await context.newPage();
  elsewhere.length = 0;
  onRequestElsewhere(page, address, (url) => elsewhere.push(url));
});
after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const says = (text: string | RegExp) => page.locator("#says").filter({ hasText: text }).waitFor();
const ran = () => page.evaluate<unknown>("top.ran");

/** What lies among JupyterLite's files. */
const kept = () =>
  keptFiles<{ source: string; metadata: object; outputs?: unknown[] }>(page, "/a/course/");

test("a link that holds a notebook shows it as text, keeps it once asked to, and opens it", async () => {
  const hostile = JSON.stringify(EVIL);
  await page.goto(await linkTo(address, hostile, "some/moons.ipynb"));
  await page.getByRole("heading", { name: "Moons <img src=x onerror='top.ran=1'>" }).waitFor();
  await page.getByText("The link itself holds it").waitFor();
  await page.getByText("1 cell of code with 1 line, 1 cell of text. Its texts may load").waitFor();
  assert.match(
    (await page.locator("#found-cells pre.code").textContent()) ?? "",
    /^const user = 'a';⟨U\+202E⟩ \/\/ <\/pre><script>top.ran=3<\/script>$/,
  );
  assert.equal(await page.locator("#found-cells").locator("script, img").count(), 0);
  assert.equal(await ran(), undefined);
  await page.getByRole("button", { name: "Keep it and open it" }).click();
  await page.waitForURL(`${address}lab/index.html?path=moons.ipynb`);
  await page.goto(await linkTo(address, hostile, "moons.ipynb"));
  await page.getByRole("button", { name: "Keep it and open it" }).click();
  await page.waitForURL(`${address}lab/index.html?path=moons%20(2).ipynb`);
  // Nor is a lesson of the site's hidden behind what came from elsewhere.
  await page.goto(await linkTo(address, hostile, "00-welcome.ipynb"));
  await page.getByRole("button", { name: "Keep it and open it" }).click();
  await page.waitForURL(`${address}lab/index.html?path=00-welcome%20(2).ipynb`);
  const files = await kept();
  assert.deepEqual(
    files.map(({ path, type }) => [path, type]),
    ["00-welcome (2).ipynb", "moons (2).ipynb", "moons.ipynb"].map((path) => [path, "notebook"]),
  );
  for (const { content } of files) {
    assert.deepEqual(
      content.cells.map(({ source, metadata, outputs }) => [source, metadata, outputs]),
      EVIL.cells.map(({ source, outputs }) => [source, {}, outputs && []]),
    );
  }
  assert.deepEqual(elsewhere, []);
});

test("another site is asked only once the reader agrees, and learns nothing of the reader", async () => {
  const heads: Record<string, string>[] = [];
  await page.route("https://raw.githubusercontent.com/**", (route) => {
    heads.push(route.request().headers());
    return route.fulfill({
      body: JSON.stringify(EVIL),
      headers: { "access-control-allow-origin": "*" },
    });
  });
  const asked = "https://github.com/o/r/blob/main/lessons/my%20moons.ipynb";
  await page.goto(`${address}open.html#${new URLSearchParams({ address: asked })}`);
  const raw = "https://raw.githubusercontent.com/o/r/main/lessons/my%20moons.ipynb";
  await page.locator("#asked-address").filter({ hasText: raw }).waitFor();
  assert.deepEqual(elsewhere, []);
  await page.getByRole("button", { name: "Fetch it" }).click();
  await page.getByText(`Another site, which nobody here has checked: ${raw}`).waitFor();
  await page
    .getByText("The outputs of 1 cell are left out. It says that its code is python")
    .waitFor();
  assert.deepEqual(elsewhere, [raw]);
  assert.equal(heads[0].referer, undefined);
  assert.equal(heads[0].cookie, undefined);
  assert.equal(await ran(), undefined);
});

test("where another site gives nothing, the page says why and what else to do", async () => {
  const ask = async (path: string) => {
    await page.goto("about:blank");
    const asked = `https://elsewhere.example/${path}`;
    await page.goto(`${address}open.html#${new URLSearchParams({ address: asked })}`);
    await page.getByRole("button", { name: "Fetch it" }).click();
  };
  const allowed = { "access-control-allow-origin": "*" };
  await page.route("https://elsewhere.example/**", (route) => {
    const { pathname } = new URL(route.request().url());
    return pathname === "/closed"
      ? route.fulfill({ body: "{}", headers: { "access-control-allow-origin": "https://its.own" } })
      : pathname === "/gone"
        ? route.fulfill({ status: 404, headers: allowed })
        : pathname === "/large"
          ? route.fulfill({ body: "x".repeat(10_000_001), headers: allowed })
          : route.fulfill({ body: "<!DOCTYPE html>", headers: allowed });
  });
  await ask("closed");
  await says(
    /^elsewhere\.example could not be asked, or does not let pages .* save the file there/,
  );
  await ask("gone");
  await says(/does not hand it over \(HTTP status 404\)/);
  await ask("large");
  await says("is not taken: it is larger than 10 MB.");
  await ask("page.ipynb");
  await says("page.ipynb can't be opened: it is not JSON.");
  assert.equal(await page.locator("#found").isVisible(), false);
});

test("an address of this site needs no question; a damaged link is explained, and the next one works", async () => {
  await page.goto(`${address}open.html#address=files/00-welcome.ipynb`);
  await page.getByText(`This site: ${address}files/00-welcome.ipynb`).waitFor();
  const link = await linkTo(address, JSON.stringify(EVIL), "moons.ipynb");
  await page.goto(link.slice(0, -40));
  await says(/^The notebook in this link can't be read: it is damaged: .* cut long links/);
  assert.equal(await page.locator("#found").isVisible(), false);
  await page.goto(`${address}open.html#address=javascript:top.ran=6`);
  await says(/^The link names an address that does not begin with "https:\/\/"/);
  await page.goto(link);
  await page.getByText("The link itself holds it").waitFor();
  assert.equal(await ran(), undefined);
});

test("a file is opened from the machine, an address from the page; within another page nothing is", async () => {
  const file = join(folder, "mine.ipynb");
  writeFileSync(file, JSON.stringify(EVIL));
  await page.goto(`${address}open.html`);
  await page.locator("#chosen").setInputFiles(file);
  await page.getByText("A file from your machine.").waitFor();
  await page.getByLabel("From the address").fill("https://elsewhere.example/x.ipynb");
  await page.getByRole("button", { name: "Look at it" }).click();
  await page.locator("#asked-host").filter({ hasText: "elsewhere.example" }).waitFor();
  assert.equal(await page.locator("#found").isVisible(), false);
  await page.goto(address);
  await page.evaluate(() => {
    const frame = document.createElement("iframe");
    frame.src = "open.html#address=files/00-welcome.ipynb";
    document.body.append(frame);
  });
  await page.frameLocator("iframe").getByText("Open this page in a tab of its own").waitFor();
  assert.deepEqual(elsewhere, []);
});

test("all fits, and everybody can use it, on small and large, light and dark screens", async () => {
  const shots = join(ROOT, "build/screenshots");
  mkdirSync(shots, { recursive: true });
  const link = await linkTo(address, JSON.stringify(EVIL), "moons.ipynb");
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1280, 400]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${address}open.html#address=https%3A%2F%2Felsewhere.example%2Fx.ipynb`);
      await page.getByRole("button", { name: "Fetch it" }).waitFor();
      await page.screenshot({
        path: join(shots, `open-asks-${width}-${colorScheme}.png`),
        fullPage: true,
      });
      assert.deepEqual(await complaintsOf(page), []);
      await page.goto(link);
      await page.getByRole("button", { name: "Keep it and open it" }).waitFor();
      const [inner, outer] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.ok(inner <= outer, `${inner} pixels of ${outer}`);
      await page.screenshot({
        path: join(shots, `open-${width}-${colorScheme}.png`),
        fullPage: true,
      });
      assert.deepEqual(await complaintsOf(page), []);
    }
  }
});
