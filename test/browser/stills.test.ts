// Still pictures that a page draws, beside those that lib/pictures drew of the same figures.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import type { Figure } from "../../lib/figures/figure";
import { readNotebook } from "../../runner/notebookFile";
import { findChromium } from "../../scripts/test/chromium.mjs";
import { launchBrowser, newPage } from "./browser";

const ROOT = resolve(__dirname, "../..");

/** A figure of the gallery, and the picture that its notebook stores. */
interface Stored {
  figure: Figure;
  picture: string;
}

const PLOTLY = "application/vnd.plotly.v1+json";

const stored = readNotebook(join(ROOT, "notebooks/appendix-gallery.ipynb")).cells.flatMap((cell) =>
  ((cell.outputs ?? []) as { data?: Record<string, unknown> }[]).flatMap(({ data = {} }) => {
    const html = [data["text/html"] ?? ""].flat().join("");
    const [, picture] = /<img src="(data:image\/svg\+xml,[^"]*)"/.exec(html) ?? [];
    return data[PLOTLY] && picture ? [{ figure: data[PLOTLY] as Figure, picture } as Stored] : [];
  }),
);

/** What is seen of a picture. */
interface Seen {
  width: number;
  height: number;
  /** Pixels that are not transparent, as a part of all. */
  filled: number;
  colors: number;
  /** Words but for those at ticks, which depend on the sizes of others. */
  texts: string[];
}

describe("still pictures drawn by a page", {
  skip: findChromium() ? false : "no Chromium was found; name one in KARENINA_CHROMIUM",
}, () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { drawPicture } from "./scripts/site/lab/drawPicture";
          globalThis.drawStill = (figure) => drawPicture(globalThis.Plotly, figure);`,
        resolveDir: ROOT,
      },
      bundle: true,
      write: false,
      format: "iife",
      target: "chrome110",
      logLevel: "error",
    });
    browser = await launchBrowser();
    page = await newPage(browser);
    await page.goto("about:blank");
    await page.addScriptTag({
      content: readFileSync(join(ROOT, "node_modules/plotly.js-dist/plotly.js"), "utf8"),
    });
    await page.addScriptTag({ content: outputFiles[0].text });
  });
  after(() => browser?.close());

  const draw = (figure: Figure) =>
    page.evaluate(
      (given) =>
        (globalThis as unknown as { drawStill(figure: unknown): Promise<string> }).drawStill(given),
      figure as object,
    );

  const seen = (picture: string) =>
    page.evaluate<Seen, string>(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const { naturalWidth: width, naturalHeight: height } = image;
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext("2d")!;
      context.drawImage(image, 0, 0);
      const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
      const filled = pixels.filter((pixel) => pixel >>> 24 > 0);
      const svg = new DOMParser().parseFromString(
        decodeURIComponent(url.slice(url.indexOf(",") + 1)),
        "image/svg+xml",
      );
      const texts = [...svg.querySelectorAll("text")]
        .filter((text) => !text.closest(".xtick, .ytick, .cbaxis"))
        .map((text) => text.textContent ?? "")
        .filter((text) => /[a-z]{3}/i.test(text))
        .sort();
      return {
        width,
        height,
        filled: filled.length / pixels.length,
        colors: new Set(filled).size,
        texts,
      };
    }, picture);

  test("have the size, the words and the ink of stored ones, and about their room", async () => {
    assert.ok(stored.length >= 10, `${stored.length} figures were found`);
    for (const { figure, picture } of stored) {
      const drawn = await draw(figure);
      const [now, before] = [await seen(drawn), await seen(picture)];
      const { text } = figure.layout.title as { text: string };
      assert.deepEqual([now.width, now.height], [before.width, before.height], text);
      assert.deepEqual(now.texts, before.texts, text);
      assert.ok(now.colors > 10, `${text}: ${now.colors} colours`);
      const ratio = now.filled / before.filled;
      assert.ok(ratio > 0.8 && ratio < 1.25, `${text}: ${now.filled} and ${before.filled} filled`);
      assert.ok(drawn.length < 1.5 * picture.length + 2000, `${text}: ${drawn.length} characters`);
    }
    assert.equal(await page.locator(".js-plotly-plot").count(), 0, "nothing stays in the page");
  });

  test("are left out where stored notebooks have none", async () => {
    const surface = {
      data: [
        {
          type: "surface",
          z: [
            [1, 2],
            [3, 4],
          ],
        },
      ],
      layout: {},
    };
    assert.equal(await draw(surface as unknown as Figure), undefined);
  });
});
