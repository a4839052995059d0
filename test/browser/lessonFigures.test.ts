// A lesson's sliders moved by hand, and its figures as they can be read on a light and on a dark page.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { readNotebook, sourceOf } from "../../runner/notebookFile";
import { findChromium } from "../../scripts/test/chromium.mjs";
import { launchBrowser, newPage } from "./browser";
import { JupyterServer, ROOT } from "./jupyterServer";
import { NotebookPage } from "./notebookPage";

const NAME = "sliders.ipynb";
const LESSON = readNotebook(join(ROOT, "notebooks/04-under-and-overfitting.ipynb"));

/** The lesson's cells that its sliders need, and a drawing of lesson 01's kind. */
const NEEDED = ["ee051ed8", "11010b63", "94718490", "222be55e", "e4i00002"];
const SLIDERS = NEEDED.length - 1;
const DRAWING = NEEDED.length;
const sources = [
  ...NEEDED.map((id) => sourceOf(LESSON.cells.find((cell) => cell.id === id)!)),
  [
    'import { computationGraphFigure } from "karenina";',
    'import { graphOf, Value } from "karenina-lessons";',
    'const product = new Value(2, "a").mul(new Value(3, "b"));',
    "product.backward();",
    'show(computationGraphFigure(graphOf(product), { title: "A product" }));',
  ].join("\n"),
];

/** Relative luminance and contrast as WCAG 2.2 defines them; colours are red, green and blue to 255. */
function contrast(one: number[], other: number[]): number {
  const [dark, bright] = [one, other]
    .map((color) =>
      color
        .map((channel) => channel / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + [0.2126, 0.7152, 0.0722][i] * c, 0),
    )
    .sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

/** A text of a figure with its colour, laid over that of the page behind it. */
interface SeenText {
  text: string;
  color: number[];
  page: number[];
}

/** Title, names of axes, ticks, legend and labels of lines. */
function textsIn(plot: Locator): Promise<SeenText[]> {
  // No named functions in here: the page lacks the helper that tsx names them with.
  return plot.locator("text").evaluateAll((texts) =>
    texts
      .filter(({ textContent }) => textContent.trim())
      .map((text) => {
        let behind: Element | null = text.closest(".js-plotly-plot");
        while (behind && /, 0\)$|^transparent$/.test(getComputedStyle(behind).backgroundColor)) {
          behind = behind.parentElement;
        }
        const shown = [getComputedStyle(text).fill, getComputedStyle(behind!).backgroundColor];
        const [[r, g, b, alpha = 1], ground] = shown.map((each) =>
          [...each.matchAll(/[\d.]+/g)].map(Number),
        );
        const color = [r, g, b].map((each, i) => alpha * each + (1 - alpha) * ground[i]);
        return { text: text.textContent, color, page: ground.slice(0, 3) };
      }),
  );
}

describe("the figures of a lesson in JupyterLab", {
  skip: findChromium() ? false : "no Chromium was found; name one in KARENINA_CHROMIUM",
  timeout: 600_000,
}, () => {
  let server: JupyterServer;
  let browser: Browser;
  let page: Page;
  let notebook: NotebookPage;

  before(async () => {
    [server, browser] = await Promise.all([
      JupyterServer.start({ name: "lesson-figures", env: { KARENINA_MODE: "fast" } }),
      launchBrowser(),
    ]);
    server.addPlotly();
    server.writeNotebook(NAME, sources);
    page = await newPage(browser, { width: 1200, height: 1000 });
    notebook = new NotebookPage(page, "lesson");
    await notebook.open(server.url(`lab/workspaces/sliders/tree/${NAME}`), () =>
      server.connected(NAME),
    );
    for (let index = 0; index <= DRAWING; index++) {
      await notebook.run(index);
    }
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Texts darker than #595959 on white have a contrast above 7; those on a dark page should be as clear. */
  async function canBeRead(): Promise<void> {
    for (const index of [SLIDERS - 2, SLIDERS - 1, SLIDERS]) {
      await notebook.cell(index).scrollIntoViewIfNeeded();
      const plot = notebook.shown(index, ".js-plotly-plot");
      await plot.locator(".gtitle").waitFor();
      const texts = await textsIn(plot);
      assert.ok(texts.length > 10, `${texts.length} texts`);
      for (const { text, color, page } of texts) {
        assert.ok(contrast(color, page) >= 7, `"${text}": ${color} on ${page}`);
      }
    }
    await notebook.cell(DRAWING).scrollIntoViewIfNeeded();
    const drawing = notebook.shown(DRAWING, "img");
    await drawing.waitFor();
    const seen = await drawing.evaluate((image: HTMLImageElement) => ({
      source: decodeURIComponent(image.src),
      color: getComputedStyle(image).color,
    }));
    assert.ok(seen.source.includes(`fill='${seen.color}'`), "a drawing has the page's text colour");
    assert.doesNotMatch(seen.source, /#767676/);
  }

  for (const [slider, pixels] of [
    ["degree", -150],
    ["penalty", 120],
  ] as const) {
    test(`lesson 04's figure follows its slider for the ${slider}`, async () => {
      await notebook.shown(SLIDERS, ".js-plotly-plot .gtitle").waitFor();
      const figure = notebook.shown(SLIDERS, "[role=figure]");
      const before = await figure.getAttribute("aria-label");
      assert.match(before!, /error on fresh points/);
      await notebook.drag(SLIDERS, pixels, new RegExp(slider));
      await figure.and(notebook.shown(SLIDERS, `:not([aria-label="${before}"])`)).waitFor();
      await figure.scrollIntoViewIfNeeded();
      await notebook.screenshot(`04-${slider}`);
    });
  }

  test("text in figures is as dark as a projector needs it", canBeRead);

  test("and as bright when the theme becomes dark", async () => {
    await page.locator(".lm-MenuBar-itemLabel", { hasText: "Settings" }).click();
    for (const name of ["Theme", "JupyterLab Dark"]) {
      const item = page.locator(".lm-Menu-itemLabel").getByText(name, { exact: true });
      await item.waitFor();
      await item.click();
    }
    // The body itself has no height, which counts as not visible.
    await page.locator('body[data-jp-theme-name="JupyterLab Dark"]').waitFor({ state: "attached" });
    await canBeRead();
    await notebook.screenshot("04-dark");
  });
});
