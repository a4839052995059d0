// Run All Cells in JupyterLite, with and without a network. Called by live.test.ts, which has the site.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { serve } from "../../scripts/site/serve";
import { PATIENCE_MS } from "../browser/browser";
import { keptFiles } from "../browser/keptFiles";
import { NotebookPage } from "../browser/notebookPage";

/** The cells of failing.ipynb; the second is tagged as one that has to fail. */
export const FAILING = [
  "const before = 1;\nbefore",
  'throw new RangeError("as expected, in ./node_modules/here.js:1")',
  '"behind the expected one"',
  'throw new RangeError("unexpected")',
  '"behind the unexpected one"',
];

/** @param site of the site that is served, once it is; `folder` is where its files lie */
export function runAllTests(
  site: () => { browser: Browser; address: string; folder: string },
): void {
  test("cells behind one that fails are not run, unless it had to fail; Lab's console stays clean", async () => {
    const { browser, address } = site();
    const context = await contextOf(browser);
    const page = await context.newPage();
    const faults = faultsOf(page);
    const notebook = await opened(page, address, "failing.ipynb");
    await runAll(page);
    await notebook.shows(2, "behind the expected one");
    await notebook.shows(3, "unexpected");
    await notebook.givenUp(4);
    assert.equal(await notebook.outputText(4), "");
    await notebook.screenshot("aborted");
    await notebook.run(4);
    await notebook.shows(4, "behind the unexpected one");
    assert.deepEqual(faults, []);
    await context.close();
  });

  test("a second visit runs all of lesson 07 without a network", async () => {
    const { browser, folder } = site();
    const { server, address } = await serve(folder, { port: 0, below: "/a/course/" });
    const context = await contextOf(browser);
    const first = await context.newPage();
    await first.goto(`${address}lab/index.html?path=07-anna-karenina.ipynb`);
    await first.locator("html[data-karenina-kept=yes]").waitFor({ state: "attached" });
    await first.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const page = await context.newPage();
    const faults = faultsOf(page);
    const notebook = await opened(page, address, "07-anna-karenina.ipynb");
    await runAll(page);
    const cells = await ranCells(page, address, "07-anna-karenina.ipynb");
    assert.deepEqual(
      cells.filter(failed).map(({ source }) => source),
      [],
    );
    await notebook.screenshot("offline-07");
    assert.deepEqual(faults, []);
    await context.close();
  });
}

async function contextOf(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 1800 } });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/** What a page reports as errors from now on, and what it asks for in vain. */
function faultsOf(page: Page): string[] {
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") {
      faults.push(`${message.text()} ${message.location().url}`);
    }
  });
  page.on("response", (response) => {
    if (response.status() >= 400) {
      faults.push(`${response.status()} ${response.url()}`);
    }
  });
  return faults;
}

async function opened(page: Page, address: string, name: string): Promise<NotebookPage> {
  const notebook = new NotebookPage(page, "lite");
  await notebook.openOnSite(`${address}lab/index.html?path=${name}`);
  return notebook;
}

async function runAll(page: Page): Promise<void> {
  await page.locator(".lm-MenuBar-item", { hasText: "Run" }).click();
  await page.locator(".lm-Menu-item", { hasText: "Run All Cells" }).first().click();
}

/** A cell of code as a notebook's file has it. */
interface CodeCell {
  cell_type: string;
  source: string | string[];
  execution_count: number | null;
  outputs: { output_type: string }[];
  metadata: { tags?: string[] };
}

const failed = ({ outputs, metadata }: CodeCell) =>
  !metadata.tags?.includes("raises-exception") &&
  outputs.some(({ output_type }) => output_type === "error");

/**
 * The notebook's cells of code once all have run, or one has failed, as saved on JupyterLite's drive: Lab
 * has no elements for cells that are far from what is seen.
 */
async function ranCells(page: Page, address: string, name: string): Promise<CodeCell[]> {
  const below = new URL(address).pathname;
  for (;;) {
    await page.keyboard.press("ControlOrMeta+s");
    const files = await keptFiles<CodeCell>(page, below);
    const cells = files.find(({ path }) => path === name)?.content.cells ?? [];
    const code = cells.filter(
      ({ cell_type, source }) => cell_type === "code" && [source].flat().join("") !== "",
    );
    const isOver = ({ execution_count }: CodeCell) => execution_count !== null;
    if (code.length > 0 && (code.every(isOver) || code.some(failed))) {
      return code;
    }
    await page.waitForTimeout(1000);
  }
}
