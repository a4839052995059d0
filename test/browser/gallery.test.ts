import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { findChromium } from "../../scripts/test/chromium.mjs";
import { launchBrowser, newPage } from "./browser";
import { JupyterServer, ROOT } from "./jupyterServer";
import { NotebookPage } from "./notebookPage";

const GALLERY = join(ROOT, "notebooks/appendix-gallery.ipynb");

interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
}
interface Cell {
  cell_type: string;
  source: string | string[];
  outputs: Output[];
  metadata: { jupyter?: { source_hidden?: boolean } };
}
interface Output {
  output_type: string;
  name?: string;
  data?: Record<string, unknown>;
}

/** A live plot as it stands in a page. */
interface Plot {
  title: string;
  x: string;
  y: string;
  traces: number;
}

const read = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Notebook;
const joined = (text: unknown) => (Array.isArray(text) ? text.join("") : String(text));
const codeOf = ({ cells }: Notebook) => cells.filter((cell) => cell.cell_type === "code");
const outputsOf = (notebook: Notebook) => codeOf(notebook).flatMap((cell) => cell.outputs);

/** What the figures in a notebook say of themselves: what their plots must look like. */
function figuresIn(notebook: Notebook): Plot[] {
  return outputsOf(notebook).flatMap(({ data }) => {
    const figure = data?.["application/vnd.plotly.v1+json"] as
      | { data: unknown[]; layout: Record<string, { title?: { text: string }; visible?: boolean }> }
      | undefined;
    if (!figure) {
      return [];
    }
    const { layout } = figure;
    const title = (layout.title as { text?: string } | undefined)?.text ?? "";
    const axis = (name: string) =>
      layout[name]?.visible === false ? "" : (layout[name]?.title?.text ?? "");
    return [{ title, x: axis("xaxis"), y: axis("yaxis"), traces: figure.data.length }];
  });
}

/** The plots in a page that a browser drew, from the top. */
function plotsIn(page: Page): Promise<Plot[]> {
  // No named functions in here: the page lacks the helper that tsx names them with.
  return page.locator(".js-plotly-plot").evaluateAll((plots) =>
    plots.map((plot) => ({
      title: plot.querySelector(".gtitle")?.textContent ?? "",
      x: plot.querySelector(".xtitle")?.textContent ?? "",
      y: plot.querySelector(".ytitle")?.textContent ?? "",
      traces: (plot as unknown as { data: unknown[] }).data.length,
    })),
  );
}

/** The pictures of figures and drawings in a page: their words, and whether they could be drawn. */
function picturesIn(page: Page): Promise<{ alt: string; drawn: boolean }[]> {
  return page.locator('img[src^="data:image/svg+xml"]').evaluateAll((images) =>
    Promise.all(
      (images as HTMLImageElement[]).map(async (image) => {
        await image.decode().catch(() => {});
        return { alt: image.alt, drawn: image.naturalWidth > 100 };
      }),
    ),
  );
}

describe("the gallery in a browser", {
  skip: findChromium() ? false : "no Chromium was found; name one in KARENINA_CHROMIUM",
  timeout: 870_000,
}, () => {
  let server: JupyterServer;
  let browser: Browser;
  /** How many figures and drawings the cells show, by what stands in them. */
  const shown = codeOf(read(GALLERY)).reduce(
    (sum, { source }) => sum + (joined(source).match(/(?<![\w.])show\(/g)?.length ?? 0),
    0,
  );

  /** The gallery as a front end saved it. Jupyter writes in place: half a file is a file to come. */
  async function saved(name: string): Promise<Notebook> {
    for (;;) {
      try {
        return read(join(server.root, name));
      } catch (error) {
        if (!(error instanceof SyntaxError)) {
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** Opens a page of the server. */
  async function open(path: string): Promise<Page> {
    const page = await newPage(browser, { width: 1100, height: 900 });
    await page.goto(server.url(path));
    return page;
  }

  /** Keeps a picture of each cell that shows something drawn, for people to look at. */
  async function screenshots(page: Page, name: string): Promise<void> {
    const folder = join(ROOT, "build/screenshots", `gallery-${name}`);
    mkdirSync(folder, { recursive: true });
    const drawn = page.locator(".js-plotly-plot, img[src^='data:image']");
    const areas = page.locator(".jp-OutputArea-output, .jp-RenderedHTML").filter({ has: drawn });
    for (const [index, area] of (await areas.all()).entries()) {
      await area.scrollIntoViewIfNeeded();
      await area.screenshot({ path: join(folder, `${String(index).padStart(2, "0")}.png`) });
    }
  }

  /** Waits until as many plots stand in a page; the figures say which. */
  async function showsPlots(page: Page, expected: Plot[]): Promise<void> {
    await page.locator(".js-plotly-plot .main-svg").nth(0).waitFor();
    await page.waitForFunction(
      (count) => document.querySelectorAll(".js-plotly-plot .gtitle").length >= count,
      expected.length,
    );
    const found = await plotsIn(page);
    for (const figure of expected) {
      const plot = found.find(({ title }) => title === figure.title);
      assert.deepEqual(plot, figure);
    }
  }

  /** Runs all cells of a fresh copy in a front end, as a student does, and saves it. */
  async function runAll(frontEnd: string, kernel: string, path: (name: string) => string) {
    const name = `${kernel}.ipynb`;
    const file = join(server.root, name);
    const notebook = read(GALLERY);
    for (const cell of codeOf(notebook)) {
      cell.outputs = [];
    }
    notebook.metadata = { kernelspec: { name: kernel, display_name: kernel } };
    writeFileSync(file, JSON.stringify(notebook));
    const page = await newPage(browser, { width: 1100, height: 900 });
    // tslab takes half a minute on an idle machine.
    const front = new NotebookPage(page, frontEnd);
    await front.open(server.url(path(name)), () => server.connected(name));
    await front.toolbar("restart-run-all");
    await front.accept();
    // A folded cell shows no number.
    await front.finished(
      codeOf(notebook).findLastIndex(({ metadata }) => !metadata.jupyter?.source_hidden),
    );
    while (codeOf(await saved(name)).at(-1)!.outputs.length === 0) {
      await front.press("ControlOrMeta+s");
      await page.waitForTimeout(1000);
    }
    return page;
  }

  let inLab: Page;
  let inNotebook: Page;

  before(async () => {
    [server, browser] = await Promise.all([
      JupyterServer.start({ name: "gallery", env: { KARENINA_MODE: "lesson" } }),
      launchBrowser(),
    ]);
    server.addPlotly();
    [inLab, inNotebook] = await Promise.all([
      runAll("lab", "karenina", (name) => `lab/workspaces/karenina/tree/${name}`),
      runAll("notebook", "tslab", (name) => `notebooks/${name}`),
    ]);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("every cell ran, on both kernels, and nothing is red", async () => {
    for (const kernel of ["karenina", "tslab"]) {
      const outputs = outputsOf(await saved(`${kernel}.ipynb`));
      assert.deepEqual(
        outputs.filter(({ output_type }) => output_type === "error"),
        [],
      );
      assert.deepEqual(
        outputs.filter(({ name }) => name === "stderr"),
        [],
      );
    }
  });

  test("JupyterLab on karenina draws every figure alive, with its axes, traces and title", async () => {
    const figures = figuresIn(await saved("karenina.ipynb"));
    assert.ok(figures.length >= 15);
    await showsPlots(inLab, figures);
    const pictures = await picturesIn(inLab);
    assert.equal(figures.length + pictures.length, shown);
    for (const { alt, drawn } of pictures) {
      assert.ok(drawn && alt.length > 20, alt);
    }
    await screenshots(inLab, "lab-karenina");
  });

  test("Notebook on stock tslab draws the same ones", async () => {
    await showsPlots(inNotebook, figuresIn(await saved("karenina.ipynb")));
    const pictures = await picturesIn(inNotebook);
    assert.ok(pictures.every(({ drawn }) => drawn));
    await screenshots(inNotebook, "notebook-tslab");
  });

  for (const [name, page] of [
    ["JupyterLab", () => inLab],
    ["Notebook", () => inNotebook],
  ] as const) {
    test(`${name} shows the live chart, tables, coloured text and verdicts`, async () => {
      const area = page().locator(".jp-OutputArea");
      const has = (text: string | RegExp) => area.filter({ hasText: text }).first().waitFor();
      await has(/100 of 100 · loss .* took/);
      await has("a sample would stand here");
      await has("30 of 30");
      await has("How sure was it of each character?");
      assert.ok((await page().locator('pre span[style*="rgba(230, 159, 0"]').count()) > 5);
      assert.ok((await page().locator('pre span[style*="rgba(0, 114, 178"]').count()) > 2);
      assert.ok((await page().locator(".jp-OutputArea table th[scope=col]").count()) >= 4);
      await has(/not tried/i);
      await has("Did you forget the biases?");
      await has(/right/i);
    });
  }

  test("the slider moves the optimizers' marks along their paths", async () => {
    const plot = inLab.locator(".js-plotly-plot").filter({ hasText: "Two ways through a ravine" });
    const marks = () =>
      plot.evaluate((element) =>
        (element as unknown as { data: { mode?: string; x: number[] }[] }).data
          .filter(({ mode, x }) => mode === "markers" && x.length === 1)
          .map(({ x }) => x[0]),
      );
    const before = await marks();
    await plot.locator(".slider-rail-touch-rect").click({ position: { x: 5, y: 5 } });
    await inLab.waitForFunction(
      ([element, old]) =>
        (element as unknown as { data: { mode?: string; x: number[] }[] }).data.some(
          ({ mode, x }) =>
            mode === "markers" && x.length === 1 && !(old as number[]).includes(x[0]),
        ),
      [await plot.elementHandle(), before] as const,
    );
    assert.deepEqual((await marks()).slice(0, 2), [-8, -8]);
  });

  test("a notebook that nobody trusts still has pictures and words, and runs no script", async () => {
    const notebook = await saved("tslab.ipynb");
    writeFileSync(
      join(server.root, "strange.ipynb"),
      JSON.stringify({ ...notebook, metadata: { ...notebook.metadata, from: "elsewhere" } }),
    );
    const page = await open("lab/workspaces/strange/tree/strange.ipynb");
    await page.locator('img[src^="data:image/svg+xml"]').nth(shown).waitFor();
    const pictures = await picturesIn(page);
    // Those of `show` and that of the live chart.
    assert.equal(pictures.length, shown + 1);
    for (const { alt, drawn } of pictures) {
      assert.ok(drawn && alt.length > 20, alt);
    }
    assert.equal(await page.locator(".js-plotly-plot").count(), 0);
    await screenshots(page, "untrusted");
  });

  test("figures can be read on a dark page", async () => {
    const theme = "lab/api/settings/@jupyterlab/apputils-extension:themes";
    // As it comes from a code host: one that a front end saved may have pictures in the plots' place.
    copyFileSync(GALLERY, join(server.root, "dark.ipynb"));
    const page = await open("lab/workspaces/dark/tree/dark.ipynb");
    await page.evaluate(
      async ([url, token]) => {
        const xsrf = /_xsrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
        await fetch(url!, {
          method: "PUT",
          headers: { Authorization: `token ${token}`, "X-XSRFToken": xsrf },
          body: JSON.stringify({ raw: '{"theme": "JupyterLab Dark"}' }),
        });
      },
      [`/${theme}`, new URL(server.url("")).searchParams.get("token")],
    );
    await page.reload();
    // The body itself has no height, which counts as not visible.
    await page.locator('body[data-jp-theme-name="JupyterLab Dark"]').waitFor({ state: "attached" });
    await showsPlots(page, figuresIn(read(GALLERY)));
    await screenshots(page, "lab-dark");
  });

  test("exported to HTML, there is a picture of each, without the network", async () => {
    const python = process.platform === "win32" ? "Scripts/python.exe" : "bin/python";
    for (const kernel of ["karenina", "tslab"]) {
      const file = join(server.root, `${kernel}.ipynb`);
      await promisify(execFile)(
        join(ROOT, ".venv", python),
        ["-m", "nbconvert", "--to", "html", "--log-level=ERROR", file],
        { cwd: server.root },
      );
      const page = await newPage(browser, { width: 1100, height: 900 });
      await page.route(/^https?:/, (route) => route.abort());
      await page.goto(`file://${join(server.root, `${kernel}.html`)}`);
      const pictures = await picturesIn(page);
      assert.equal(pictures.length, shown + 1);
      for (const { alt, drawn } of pictures) {
        assert.ok(drawn && alt.length > 20, alt);
      }
      await screenshots(page, `exported-${kernel}`);
      await page.close();
    }
  });
});
