// Links between readers of the live site, in JupyterLite itself. Called by live.test.ts, which has the site.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { linkTo } from "../../scripts/site/share/link";
import { unzip } from "../../scripts/site/work/zip";
import { onRequestElsewhere, PATIENCE_MS } from "../browser/browser";
import { NotebookPage } from "../browser/notebookPage";

/** Would set a mark where any of it ran by itself. */
const HOSTILE = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    {
      cell_type: "markdown",
      metadata: { trusted: true },
      source:
        "# From afar\n\n<img src='x:' onerror='top.ran=1'><script>top.ran=2</script> [go](javascript:top.ran=3)",
    },
    {
      cell_type: "code",
      metadata: { trusted: true },
      source: "const sum: number = 40 + 2;\nsum",
      execution_count: 1,
      outputs: [
        {
          output_type: "display_data",
          metadata: {},
          data: { "text/html": "<img src='x:' onerror='top.ran=4'>" },
        },
      ],
    },
  ],
};

/** @param site of the site that is served, once it is */
export function sharingTests(site: () => { browser: Browser; address: string }): void {
  test("a link is copied in one browser and opened in another, whose work goes to a third as one file", async () => {
    const { browser, address } = site();
    const sender = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
    await sender.grantPermissions(["clipboard-read", "clipboard-write"]);
    sender.setDefaultTimeout(PATIENCE_MS);
    const first = await sender.newPage();
    const elsewhere: string[] = [];
    onRequestElsewhere(first, address, (url) => elsewhere.push(url));
    const sent = await opened(first, await linkTo(address, JSON.stringify(HOSTILE), "afar.ipynb"));
    await first.locator(".jp-RenderedMarkdown h1", { hasText: "From afar" }).waitFor();
    assert.equal(await sent.outputText(0), "");
    await sent.type(0, " + 1");
    await first.locator(".jp-Toolbar").getByText("Link", { exact: true }).click();
    const box = first.locator(".jp-Dialog input");
    const link = await box.inputValue();
    await sent.screenshot("link");
    const words = /It is copied: [\d,]+ characters\. It holds the notebook without/;
    await first.locator(".jp-Dialog", { hasText: words }).waitFor();
    assert.equal(await first.evaluate(() => navigator.clipboard.readText()), link);
    assert.equal(await first.evaluate<unknown>("top.ran"), undefined);
    await sent.accept();

    const receiver = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
    receiver.setDefaultTimeout(PATIENCE_MS);
    const second = await receiver.newPage();
    onRequestElsewhere(second, address, (url) => elsewhere.push(url));
    const got = await opened(second, link);
    assert.equal(await second.evaluate<unknown>("top.ran"), undefined);
    await got.run(0);
    await got.shows(0, "43");

    const coming = second.waitForEvent("download");
    await fromFileMenu(second, "Download My Work");
    const file = await (await coming).path();
    const entries = await unzip(new Uint8Array(readFileSync(file)));
    const [saved] = entries.filter(({ name }) => name === "notebooks/afar.ipynb");
    assert.match(new TextDecoder().decode(saved.content), /"text\/plain"[^\]]*"43"/);

    const third = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
    third.setDefaultTimeout(PATIENCE_MS);
    const home = await third.newPage();
    await home.goto(address);
    await home.locator("#work-file").setInputFiles({
      name: "work.zip",
      mimeType: "application/zip",
      buffer: readFileSync(file),
    });
    await home.getByText("notebooks/afar.ipynb: comes back.").waitFor();
    await home.locator("#carry-out").click();
    await home.locator("#work-says", { hasText: "brought back" }).waitFor();
    const back = new NotebookPage(home, "lite");
    await back.open(`${address}lab/index.html?path=afar.ipynb`, async () => {
      await home.waitForFunction("self.crossOriginIsolated");
      await back.cell(0).waitFor();
    });
    await back.shows(0, "43");
    assert.deepEqual(elsewhere, []);
    for (const context of [sender, receiver, third]) {
      await context.close();
    }
  });

  test("a notebook that is too large for a link is downloaded in its place", async () => {
    const { browser, address } = site();
    const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    // Digits that repeat nowhere hardly pack.
    const noise = Array.from({ length: 9000 }, (_, i) => `// ${Math.sin(i)}`).join("\n");
    const cells = [
      { cell_type: "code", source: "1" },
      { cell_type: "raw", source: noise },
    ];
    await page.goto(`${address}open.html`);
    await page.locator("#chosen").setInputFiles({
      name: "large.ipynb",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells })),
    });
    const notebook = await keptAndOpened(page);
    await page.locator(".jp-Toolbar").getByText("Link", { exact: true }).click();
    const words = /A link to this notebook would have [\d,]+ characters/;
    await page.locator(".jp-Dialog", { hasText: words }).waitFor();
    const coming = page.waitForEvent("download");
    await notebook.accept();
    const large = JSON.parse(readFileSync(await (await coming).path(), "utf8"));
    assert.equal([large.cells[1].source].flat().join(""), noise);
    await context.close();
  });
}

/** Chooses from Lab's File menu. */
async function fromFileMenu(page: Page, label: string): Promise<void> {
  await page.locator(".lm-MenuBar-itemLabel", { hasText: /^File$/ }).click();
  await page.locator(".lm-Menu-itemLabel", { hasText: label }).click();
}

/** Opens a link that holds a notebook. */
async function opened(page: Page, link: string): Promise<NotebookPage> {
  await page.goto(link);
  await page.getByText("The link itself holds it").waitFor();
  return await keptAndOpened(page);
}

/** Agrees to what the page shows, and waits for it in Lab. */
async function keptAndOpened(page: Page): Promise<NotebookPage> {
  await page.getByRole("button", { name: "Keep it and open it" }).click();
  const notebook = new NotebookPage(page, "lite");
  await page.waitForURL(/lab\/index\.html/);
  await notebook.openOnSite(page.url());
  return notebook;
}
