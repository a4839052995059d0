// The site of `npm run site`: JupyterLite with the kernel in a worker, and the lessons.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { readNotebook } from "../../runner/notebookFile";
import { runNotebooks } from "../../runner/run";
import { writeContents } from "../../scripts/site/contents";
import { KERNEL_FOLDER } from "../../scripts/site/kernelFolder";
import { makeLiveSite } from "../../scripts/site/make";
import { writeOffline } from "../../scripts/site/offline";
import { PageKernels } from "../../scripts/site/run/pageKernels";
import { serve } from "../../scripts/site/serve";
import { launchBrowser, newPage, onRequestElsewhere, PATIENCE_MS } from "../browser/browser";
import { keptFiles } from "../browser/keptFiles";
import { NotebookPage } from "../browser/notebookPage";
import { failureOf, WorkerKernel } from "../browser/workerKernel";
import { FAILING, runAllTests } from "./runAll";
import { sharingTests } from "./sharing";

const ROOT = resolve(__dirname, "../..");
const KERNEL = `${KERNEL_FOLDER}worker.js`;

/** Cells by what they show; their order is the notebook's. */
const CELLS = {
  result: "const answer: number = 6 * 7;\nanswer",
  typeError: "// The check comes first.\nanswer.lenght;",
  error: 'const x = 1;\nthrow new RangeError("out of " + x);',
  figure:
    'import { lineFigure, ready, show } from "karenina";\nawait ready();\nshow(lineFigure([1, 2, 3], [1, 4, 9], { title: "Squares", xTitle: "x", yTitle: "y" }));',
  control:
    'import { slider } from "karenina";\nconst size = slider("Size", { min: 0, max: 100, value: 40 });\nsize',
  size: "size.value",
  loop: 'console.log("looping");\nwhile (true) {}',
  flood: 'for (let i = 0; ; i++) console.log("flooding", i);',
  afterLoop: "answer + 1",
  question: 'prompt("Who is there?")',
  completion: "answer.toFix",
  wrong: 'import { check, hint, progress } from "karenina-lessons";\ncheck.cellRunThrice(7);',
  hint: "hint.cellRunThrice();",
  right: "check.cellRunThrice(15);",
  progress: 'progress("00");',
};
const INDEX = Object.fromEntries(Object.keys(CELLS).map((name, i) => [name, i])) as Record<
  keyof typeof CELLS,
  number
>;

let folder: string;
let server: Server;
let address: string;
let browser: Browser;
let page: Page;
let notebook: NotebookPage;
const elsewhere: string[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "live site-"));
  const site = join(folder, "site");
  const work = join(ROOT, "build", "site-parts");
  await makeLiveSite({ folder: site, work, mode: "fast" });
  const own = join(folder, "cells.ipynb");
  writeFileSync(own, JSON.stringify(notebookOf(Object.values(CELLS))));
  const failing = join(folder, "failing.ipynb");
  writeFileSync(failing, JSON.stringify(notebookOf(FAILING, [{}, { tags: ["raises-exception"] }])));
  const lessons = ["00-welcome.ipynb", "07-anna-karenina.ipynb"];
  writeContents(site, [own, failing, ...lessons.map((name) => join(ROOT, "notebooks", name))], {
    folders: ["ru"],
  });
  writeOffline(site);
  // Below a folder, and without a header that would isolate the page.
  ({ server, address } = await serve(site, { port: 0, below: "/a/course/" }));
  browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 1800 } });
  context.setDefaultTimeout(PATIENCE_MS);
  page = await context.newPage();
  onRequestElsewhere(page, address, (url) => elsewhere.push(url));
  notebook = new NotebookPage(page, "lite");
  await notebook.openOnSite(`${address}lab/index.html?path=cells.ipynb`);
});
after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

function notebookOf(sources: string[], metadata: object[] = []): object {
  const kernelspec = {
    name: "karenina",
    display_name: "TypeScript (Karenina)",
    language: "typescript",
  };
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec },
    cells: sources.map((source, i) => {
      return {
        id: `c${i}`,
        cell_type: "code",
        metadata: metadata[i] ?? {},
        execution_count: null,
        outputs: [],
        source,
      };
    }),
  };
}

test("cells run; a wrong type and an error at run time are shown at their places", async () => {
  await notebook.run(INDEX.result);
  await notebook.shows(INDEX.result, "42");
  await notebook.run(INDEX.typeError);
  await notebook.shows(INDEX.typeError, /cell-2\.ts:2:8 - error TS2339: Property 'lenght'/);
  await notebook.run(INDEX.error);
  await notebook.shows(
    INDEX.error,
    /cell-3\.ts:2\s+2 \| throw new RangeError[\s\S]*RangeError: out of 1/,
  );
});

test("a figure of the library is drawn live", async () => {
  await notebook.run(INDEX.figure);
  await notebook.shown(INDEX.figure, ".js-plotly-plot .main-svg").first().waitFor();
});

test("a saved notebook holds a still picture of the figure, which stays live in the page", async () => {
  const live = notebook.shown(INDEX.figure, ".js-plotly-plot").first();
  await live.evaluate((plot) => plot.setAttribute("data-before-saving", "yes"));
  const html = await savedHtml("cells.ipynb", INDEX.figure);
  const [, picture, alt] = /<img src="(data:image\/svg\+xml,[^"]*)" alt="([^"]*)"/.exec(html) ?? [];
  assert.ok(picture, html.slice(0, 300));
  assert.match(alt, /^Squares/);
  assert.match(html, /<script>/, "where scripts may run it comes alive");
  const { width, height, filled } = await page.evaluate(async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const context = new OffscreenCanvas(width, height).getContext("2d")!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    return { width, height, filled: data.filter((value, i) => i % 4 === 3 && value > 0).length };
  }, picture);
  assert.deepEqual([width, height], [720, 360]);
  assert.ok(filled > 2000, `${filled} pixels are drawn`);
  assert.equal(await live.getAttribute("data-before-saving"), "yes");
});

/** Saves the open notebook, and gives the HTML of a cell's first output as JupyterLite's drive has it. */
async function savedHtml(name: string, index: number): Promise<string> {
  type Cell = { outputs: { data?: Record<string, string | string[]> }[] };
  await page.keyboard.press("ControlOrMeta+s");
  for (;;) {
    const files = await keptFiles<Cell>(page, new URL(address).pathname);
    const [output] = files.find(({ path }) => path === name)?.content.cells[index]?.outputs ?? [];
    if (output) {
      return [output.data?.["text/html"] ?? ""].flat().join("");
    }
    await page.waitForTimeout(200);
  }
}

test("a slider is drawn, and a cell reads where it was moved to", async () => {
  await notebook.run(INDEX.control);
  await notebook.shown(INDEX.control, ".widget-slider .noUi-handle").waitFor();
  await notebook.drag(INDEX.control, 40);
  const moved = await notebook.shown(INDEX.control, ".widget-readout").textContent();
  assert.ok(Number(moved) > 40, `it stands at ${moved}`);
  await notebook.run(INDEX.size);
  await notebook.shows(INDEX.size, String(moved));
  await notebook.screenshot("control");
});

for (const [what, index, printed] of [
  ["never waits", INDEX.loop, "looping"],
  ["prints without end", INDEX.flood, "flooding"],
] as const) {
  test(`Stop ends a loop that ${what}; variables stay`, async () => {
    await notebook.start(index);
    await notebook.shows(index, printed);
    await notebook.toolbar("interrupt-kernel");
    await notebook.shows(index, "KeyboardInterrupt");
    await notebook.run(INDEX.afterLoop);
    await notebook.shows(INDEX.afterLoop, "43");
  });
}

test("a cell asks for input", async () => {
  await notebook.start(INDEX.question);
  const box = notebook.cell(INDEX.question).locator(".jp-Stdin-input");
  await box.fill("Anna");
  await box.press("Enter");
  await notebook.shows(INDEX.question, "'Anna'");
});

test("Tab completes by type", async () => {
  await notebook.type(INDEX.completion, "");
  await notebook.pressUntil("Tab", notebook.code(INDEX.completion, "answer.toFixed"));
});

test("restart gives a fresh kernel", async () => {
  await notebook.toolbar("restart-kernel");
  await notebook.accept();
  await notebook.run(INDEX.afterLoop);
  await notebook.shows(INDEX.afterLoop, "Cannot find name 'answer'");
  await notebook.run(INDEX.result);
  await notebook.shows(INDEX.result, "42");
});

test("a student's progress outlives the kernel, and is seen and blanked on the first page", async () => {
  await notebook.run(INDEX.wrong);
  await notebook.shows(INDEX.wrong, "Try again");
  await notebook.run(INDEX.hint);
  await notebook.shows(INDEX.hint, /Hint 1 of \d/);
  await notebook.run(INDEX.right);
  await notebook.shows(INDEX.right, "Right");
  await notebook.run(INDEX.progress);
  await notebook.shows(INDEX.progress, /1 of 4 exercises right/);
  await notebook.screenshot("progress");
  const home = await page.context().newPage();
  await home.goto(address);
  const sum = home.locator("#progress-sum");
  await sum.filter({ hasText: /^1 of \d+ exercises right/ }).waitFor();
  await home.locator("#exercises-00-welcome summary").click();
  await home.getByText(/: right, attempts 2, hints 1/).waitFor();
  await page.bringToFront();
  await notebook.toolbar("restart-kernel");
  await notebook.accept();
  await notebook.run(INDEX.wrong);
  await home.getByText(/: right, attempts 3, hints 1/).waitFor();
  await home.getByRole("button", { name: "Blank again: lesson 00" }).click();
  await home.getByText("Blank again: lesson 00.").waitFor();
  await page.bringToFront();
  await notebook.run(INDEX.progress);
  await notebook.shows(INDEX.progress, /0 of 4 exercises right/);
  await home.close();
});

sharingTests(() => ({ browser, address }));

runAllTests(() => ({ browser, address, folder: join(folder, "site") }));

test("the page asks nobody else for anything", () => {
  assert.deepEqual(elsewhere, []);
});

test("a second visit works without a network, Russian lessons too", async () => {
  const site = join(folder, "site");
  const own = await serve(site, { port: 0, below: "/a/course/" });
  const context = await browser.newContext({ viewport: { width: 1280, height: 1800 } });
  const first = await newPage(context);
  await first.goto(`${own.address}lab/index.html?path=cells.ipynb`);
  await first.locator("html[data-karenina-kept=yes]").waitFor({ state: "attached" });
  await first.close();
  own.server.closeAllConnections();
  await new Promise((resolve) => own.server.close(resolve));
  await assert.rejects(fetch(own.address));
  const cells = new NotebookPage(await newPage(context), "lite");
  await cells.open(`${own.address}lab/index.html?path=cells.ipynb`, () => cells.cell(0).waitFor());
  await cells.run(INDEX.result);
  await cells.shows(INDEX.result, "42");
  await cells.run(INDEX.figure);
  await cells.shown(INDEX.figure, ".js-plotly-plot .main-svg").first().waitFor();
  // Afterwards: Lab opens what was open before besides.
  const russian = await newPage(context);
  await russian.goto(`${own.address}lab/index.html?path=ru/00-welcome.ipynb`);
  await russian
    .locator(".jp-RenderedMarkdown h1", { hasText: "Добро пожаловать" })
    .first()
    .waitFor();
  await context.close();
});

test("the runner executes notebooks in pages of the site, with the report of other kernels", async () => {
  const good = join(folder, "good.ipynb");
  const own = { tags: ["raises-exception"] };
  writeFileSync(
    good,
    JSON.stringify(
      notebookOf(["console.log(process.env.KARENINA_MODE);\n6 * 7", "throw 1"], [{}, own]),
    ),
  );
  const endless = join(folder, "endless.ipynb");
  writeFileSync(endless, JSON.stringify(notebookOf(['console.log("on");\nwhile (true) {}'])));
  const kernels = await PageKernels.open(join(folder, "site"));
  try {
    const runIt = (path: string, cell: number) =>
      runNotebooks({
        notebooks: [path],
        root: folder,
        spec: kernels,
        mode: "fast",
        limits: { cell, notebook: 0 },
        jobs: 1,
        write: true,
        outFolder: join(folder, "out"),
        env: {},
        listener: { started() {}, progressed() {}, finished() {}, warned() {} },
      });
    const report = await runIt(good, 0);
    assert.equal(report.kernel, "lite");
    assert.equal(report.notebooks[0].error, null);
    const [first, second] = readNotebook(good).cells;
    assert.deepEqual(first.outputs, [
      { name: "stdout", output_type: "stream", text: ["fast\n"] },
      {
        data: { "text/plain": ["42"] },
        execution_count: 1,
        metadata: {},
        output_type: "execute_result",
      },
    ]);
    assert.equal((second.outputs as { output_type: string }[])[0].output_type, "error");
    const stopped = await runIt(endless, 2);
    assert.match(stopped.notebooks[0].error ?? "", /^cell 1, .*: the cell ran longer than 2 s/);
    assert.match(readFileSync(join(folder, "out", "endless.ipynb"), "utf8"), /KeyboardInterrupt/);
  } finally {
    await kernels.close();
  }
});

test("lesson 00 runs, cell by cell", async () => {
  const kernel = await WorkerKernel.start(browser, address, KERNEL);
  interface Cell {
    cell_type: string;
    source: string | string[];
    metadata: { tags?: string[] };
  }
  const text = readFileSync(join(ROOT, "notebooks", "00-welcome.ipynb"), "utf8");
  const cells = (JSON.parse(text) as { cells: Cell[] }).cells;
  for (const { cell_type, source, metadata } of cells) {
    if (cell_type === "code") {
      const ran = await kernel.run([source].flat().join(""));
      const expected = metadata.tags?.includes("raises-exception") ? "error" : "ok";
      assert.equal(ran.outcome.status, expected, failureOf(ran));
    }
  }
});
