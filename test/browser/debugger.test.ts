import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { findChromium } from "../../scripts/test/chromium.mjs";
import { launchBrowser, newPage } from "./browser";
import { JupyterServer } from "./jupyterServer";
import { NotebookPage } from "./notebookPage";

const NAME = "debugger.ipynb";
const LOOP = 1;
const IMPORT = 2;
const CATCH = 3;

const CELLS = [
  "const offset: number = 100;\nconst weights = new Float32Array([0.5, 0.25, 0.125]);",
  "let total = 0;\nfor (let i = 0; i < 4; i++) {\n  total += i;\n}\ntotal + offset",
  "import { scale } from './scale';\nscale(offset)",
  "try {\n  JSON.parse('{');\n} catch {\n  console.log('went on');\n}",
];

const MODULE = `interface Options {
  by: number;
}

export function scale(x: number, { by }: Options = { by: 3 }): number {
  const scaled = x * by;
  return scaled;
}
`;

describe("the debugger in JupyterLab", {
  skip: findChromium() ? false : "no Chromium was found; name one in KARENINA_CHROMIUM",
  timeout: 600_000,
}, () => {
  let server: JupyterServer;
  let browser: Browser;
  let page: Page;
  let notebook: NotebookPage;
  /** Gets each message that comes from the server. */
  let heard: (message: string) => void = () => {};

  /** Resolves when the kernel has done what JupyterLab asked for, which no element shows. */
  const answered = (reply: RegExp) =>
    new Promise<void>((resolve) => {
      heard = (message) => {
        if (message.includes("debug_reply") && reply.test(message)) {
          resolve();
        }
      };
    });

  before(async () => {
    [server, browser] = await Promise.all([
      JupyterServer.start({ name: "debugger" }),
      launchBrowser(),
    ]);
    writeFileSync(join(server.root, "scale.ts"), MODULE);
    server.writeNotebook(NAME, CELLS);
    page = await newPage(browser, { width: 1500, height: 1000 });
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => heard(String(payload))),
    );
    notebook = new NotebookPage(page, "debugger");
    const path = `lab/workspaces/debugger/tree/${NAME}`;
    await notebook.open(server.url(path), () => server.connected(NAME));
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const showNotebook = () =>
    page.locator(".lm-TabBar-tab").filter({ hasText: NAME }).first().click();
  const press = (command: string) =>
    page.locator(`.jp-DebuggerSidebar [data-command="debugger:${command}"]`).first().click();
  const variable = (text: RegExp) =>
    page.locator(".jp-DebuggerVariables .jp-TreeItem").filter({ hasText: text }).first();
  const call = (text: RegExp) =>
    page.locator(".jp-DebuggerCallstack-body").filter({ hasText: text }).first();
  const highlighted = (text: RegExp) =>
    page.locator(".jp-DebuggerEditor-highlight").filter({ hasText: text }).first();
  /** The mark of a breakpoint; an invisible one gives the gutter its width. */
  const breakpoint = (editor: Locator) =>
    editor.locator(".cm-breakpoint-icon").locator("visible=true").first();
  /** Presses beside a line of a cell, where breakpoints are. */
  const pressGutter = async (cell: number, line: number) => {
    const numbers = notebook.cell(cell).locator(".cm-breakpoint-gutter .cm-gutterElement");
    // The first is an invisible one that gives the gutter its width.
    await numbers.nth(line).click();
  };

  test("its button is there, and the session's variables fill its panel without a stop", async () => {
    await notebook.run(0);
    // Until JupyterLab has asked the kernel about its debugger, the button does nothing.
    const button = page.locator(".jp-DebuggerBugButton").first();
    await notebook.repeatUntil(
      () => button.click(),
      page.locator('.jp-DebuggerBugButton[aria-pressed="true"]').first(),
    );
    await variable(/offset/).waitFor();
    assert.match((await variable(/offset/).textContent()) ?? "", /(number|100) = 100/);
    assert.match(
      (await variable(/weights/).textContent()) ?? "",
      /Float32Array.* = Float32Array\(3\) \[0\.5, 0\.25, 0\.125\]/,
    );
    await notebook.screenshot("variables");
  });

  test("a breakpoint in a cell's loop stops there; variables are read; a step; on", async () => {
    await notebook.cell(LOOP).locator(".cm-content").click();
    await pressGutter(LOOP, 3);
    await breakpoint(notebook.cell(LOOP)).waitFor();
    await notebook.start(LOOP);
    await highlighted(/total \+= i/).waitFor();
    await call(/cell-2/).waitFor();
    await variable(/^i/).waitFor();
    assert.match((await variable(/^i/).textContent()) ?? "", /number = 0/);
    await notebook.screenshot("loop");
    await press("continue");
    await variable(/^i.*= 1/).waitFor();
    await press("next");
    await highlighted(/for \(let i/).waitFor();
    await pressGutter(LOOP, 3);
    await breakpoint(notebook.cell(LOOP)).waitFor({ state: "detached" });
    await press("continue");
    await notebook.shows(LOOP, "106");
  });

  test("a breakpoint in an imported .ts stops there", async () => {
    await notebook.run(IMPORT);
    await notebook.shows(IMPORT, "300");
    const sources = page.locator(".jp-DebuggerKernelSource-source").filter({ hasText: "scale.ts" });
    await sources.first().click();
    const viewer = page
      .locator(".jp-MainAreaWidget .cm-editor")
      .filter({ hasText: "interface Options" })
      .first();
    await viewer.waitFor();
    await viewer.locator(".cm-breakpoint-gutter .cm-gutterElement").nth(6).click();
    await breakpoint(viewer).waitFor();
    await notebook.screenshot("module-breakpoint");
    await showNotebook();
    await notebook.start(IMPORT);
    await call(/scale/).waitFor();
    await variable(/^by/).waitFor();
    await notebook.screenshot("module");
    await press("continue");
    // JupyterLab has shown the file in front of the notebook.
    await showNotebook();
    await notebook.finished(IMPORT);
  });

  test("a caught exception stops where it is thrown", async () => {
    const chosen = answered(/"setExceptionBreakpoints".*"verified": ?true/s);
    await page.locator(".jp-PauseOnExceptions").first().click();
    await page
      .locator(".lm-Menu-item")
      .filter({ hasText: /^caught/i })
      .first()
      .click();
    await chosen;
    await notebook.start(CATCH);
    await highlighted(/JSON\.parse/).waitFor();
    await notebook.screenshot("exception");
    await press("continue");
    await notebook.shows(CATCH, "went on");
  });
});
