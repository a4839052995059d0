// Cells whose inputs have changed get a mark in JupyterLab and in Notebook, until they have run again.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { findChromium } from "../../scripts/test/chromium.mjs";
import { launchBrowser, newPage } from "./browser";
import { JupyterServer } from "./jupyterServer";
import { NotebookPage } from "./notebookPage";

const CELLS = [
  "const base = 2;",
  "const doubled = base * 2;\ndoubled",
  "const other = 1;",
  "await jupyter.cells.runStale()",
];

describe("stale cells in a browser", {
  skip: findChromium() ? false : "no Chromium was found; name one in KARENINA_CHROMIUM",
}, () => {
  let server: JupyterServer;
  let browser: Browser;

  before(async () => {
    [server, browser] = await Promise.all([
      JupyterServer.start({ name: "stale-cells" }),
      launchBrowser(),
    ]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const [frontEnd, path] of [
    ["lab", "lab/tree"],
    ["notebook", "notebooks"],
  ]) {
    test(`${frontEnd}: the mark comes, names what has changed, and goes`, async () => {
      const name = `${frontEnd}.ipynb`;
      server.writeNotebook(name, CELLS);
      const page = await newPage(browser, { width: 1000, height: 700 });
      const notebook = new NotebookPage(page, `stale-${frontEnd}`);
      await notebook.open(server.url(`${path}/${name}`), () => server.connected(name));
      for (const index of [0, 1, 2]) {
        await notebook.run(index);
      }
      const marked = page.locator("[data-karenina-stale]");
      assert.equal(await marked.count(), 0);

      await notebook.type(0, "// once more");
      await notebook.run(0);
      await marked.waitFor();
      assert.match((await marked.textContent()) ?? "", /const doubled/);
      assert.equal(
        await marked.getAttribute("title"),
        "Run again: base changed since this cell ran.",
      );
      await notebook.screenshot("mark");

      await notebook.run(1);
      await marked.waitFor({ state: "detached" });
      await notebook.type(0, " and again");
      await notebook.run(0);
      await marked.waitFor();
      await notebook.run(3);
      await marked.waitFor({ state: "detached" });

      await notebook.run(0);
      await marked.waitFor();
      await page.close();
    });
  }
});
