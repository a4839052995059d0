// Links between readers of the live site, in JupyterLite itself. Called by live.test.ts, which has the site.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { linkTo } from "../../scripts/site/share/link";
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
  test("a link is copied in one browser and opened in another: it is shown, kept, and runs when run", async () => {
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
    assert.deepEqual(elsewhere, []);
    await sender.close();
    await receiver.close();
  });
}

/** Opens a link, agrees, and waits for the notebook in Lab. */
async function opened(page: Page, link: string): Promise<NotebookPage> {
  await page.goto(link);
  await page.getByText("The link itself holds it").waitFor();
  await page.getByRole("button", { name: "Keep it and open it" }).click();
  const notebook = new NotebookPage(page, "lite");
  await page.waitForURL(/lab\/index\.html/);
  // The first visit loads the page again, once its service worker has come.
  await notebook.open(page.url(), async () => {
    await page.waitForFunction("self.crossOriginIsolated");
    await notebook.cell(0).waitFor();
  });
  return notebook;
}
