// The site of `npm run docs`, as readers open it: from the disk, and below an address.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { findNotebooks } from "../../runner/findNotebooks";
import { makeSite } from "../../scripts/docs/site";
import { makeWebsite } from "../../scripts/docs/website";
import { serve } from "../../scripts/site/serve";
import { launchBrowser, newPage, onRequestElsewhere } from "./browser";

const ROOT = resolve(__dirname, "../..");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let folder: string;
const at = (path: string) => `${pathToFileURL(folder).href}/${path}`;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "site of karenina-"));
  const notebooks = findNotebooks(["notebooks"], [ROOT]);
  const { editions } = await makeSite({ notebooks, root: ROOT, folder, slides: true });
  await makeWebsite({ editions, folder });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A page that notes what it asks of a network, and its errors; both are faults. */
async function openPage(address: string): Promise<{ page: Page; faults: string[] }> {
  const page = await newPage(browser);
  const faults: string[] = [];
  onRequestElsewhere(page, address, (url) => faults.push(url));
  // Files that a page on the disk may not load are there all the same: the link check has seen to it.
  page.on("requestfailed", (request) => {
    if (request.url().startsWith("http")) {
      faults.push(`${request.url()} failed`);
    }
  });
  page.on("pageerror", (error) => faults.push(error.message));
  await page.goto(address);
  return { page, faults };
}

/** What is used of a slide show. */
interface Deck {
  getState(): object;
  getCurrentSlide(): HTMLElement;
  next(): void;
  prev(): void;
}

interface Finding {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

/** What axe calls serious or critical. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] })",
  )) as { violations: Finding[] };
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 150))}`);
}

const KINDS: Record<string, string> = {
  home: "index.html",
  lesson: "07-anna-karenina.html",
  glossary: "glossary.html",
  guide: "contributing.html",
  drawing: "architecture.html",
  search: "search.html?q=gradient",
  "Russian home": "ru/index.html",
  "Russian lesson": "ru/07-anna-karenina.html",
  "Russian glossary": "ru/glossary.html",
  "Russian search": "ru/search.html?q=градиент",
  "API module": "api/modules/karenina.html",
  "API function": "api/functions/karenina.train.html",
  slides: "slides/07-anna-karenina.html",
};

for (const [kind, path] of Object.entries(KINDS)) {
  test(`${kind}: opens from the disk without a network, and is accessible`, async () => {
    const { page, faults } = await openPage(at(path));
    // Figures come alive after the page: then it is looked at as its readers have it.
    if (kind.endsWith("lesson")) {
      await page.waitForSelector(".js-plotly-plot[role=figure] .main-svg");
    }
    if (kind.endsWith("search")) {
      await page.waitForSelector("#search-results li mjx-container");
    }
    assert.deepEqual(await seriousFindings(page), []);
    assert.deepEqual(faults, []);
    await page.close();
  });
}

test("figures come alive, formulas are set", async () => {
  const { page, faults } = await openPage(at("05-optimizers.html"));
  await page.waitForSelector(".output_html .js-plotly-plot .main-svg");
  await page.waitForSelector("mjx-container svg");
  assert.deepEqual(faults, []);
  await page.close();
});

test("each key shows the next part of a slide within the screen, there and back", async () => {
  const { page, faults } = await openPage(at("slides/05-optimizers.html"));
  await page.waitForFunction("globalThis.Reveal?.isReady()");
  /** How often the key leads on, and where what it shows is not in sight. */
  const walk = (key: "next" | "prev") =>
    page.evaluate((key) => {
      const deck = (globalThis as unknown as { Reveal: Deck }).Reveal;
      const unseen: string[] = [];
      let steps = 0;
      for (let before = ""; before !== JSON.stringify(deck.getState()); steps++) {
        before = JSON.stringify(deck.getState());
        deck[key]();
        const slide = deck.getCurrentSlide();
        const screen = slide.getBoundingClientRect();
        const part =
          [...slide.querySelectorAll(".fragment.visible")].at(-1) ?? slide.firstElementChild!;
        const { top, bottom, height } = part.getBoundingClientRect();
        const inside = top >= screen.top - 1 && bottom <= screen.bottom + 1;
        const begins = height > screen.height && Math.abs(top - screen.top) <= 1;
        if (!inside && !begins) {
          unseen.push(part.textContent.trim().slice(0, 60));
        }
      }
      return { steps, unseen };
    }, key);
  for (const key of ["next", "prev", "next"] as const) {
    const { steps, unseen } = await walk(key);
    assert.ok(steps > 40, `${steps} steps`);
    assert.deepEqual(unseen, [], key);
  }
  assert.deepEqual(faults, []);
  await page.close();
});

test("on a wide screen lines of code fit, and names in tables are not cut in two", async () => {
  const page = await newPage(browser, { width: 1280, height: 900 });
  /** Elements that are higher than their lines of text ask for. */
  const wrapped = (selector: string) =>
    page.$$eval(selector, (all) =>
      all
        .filter((each) => {
          const lines = each.textContent.trimEnd().split("\n").length;
          const lineHeight = Number.parseFloat(getComputedStyle(each).lineHeight);
          return each.getBoundingClientRect().height > (lines + 0.5) * lineHeight;
        })
        .map((each) => each.textContent),
    );
  await page.goto(at("07-anna-karenina.html"));
  assert.ok((await page.locator(".input_area pre").count()) > 20);
  assert.deepEqual(await wrapped(".input_area pre"), []);
  await page.goto(at("dependencies.html"));
  const cells = "td:first-child";
  assert.ok((await page.locator(cells).count()) > 20);
  // Between its words a name may go on in the next line.
  const long = (await wrapped(`${cells} code`)).filter((name) => !/[- ]/.test(name));
  assert.deepEqual(long, []);
  await page.close();
});

test("on a phone no page is wider than the screen", async () => {
  const page = await newPage(browser, { width: 400, height: 800 });
  for (const path of ["index.html", "dependencies.html", "search.html?q=gradient"]) {
    await page.goto(at(path));
    if (path.startsWith("search")) {
      await page.waitForSelector("#search-results li mjx-container svg");
    }
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 400, path);
  }
  await page.close();
});

test("the search finds lessons and the reference, and follows what is typed", async () => {
  const { page } = await openPage(at("index.html"));
  await page.fill("#query", "momentum ravine");
  await page.press("#query", "Enter");
  await page.waitForSelector("#search-results li a");
  const links = await page.$$eval("#search-results li a", (all) =>
    all.map((each) => each.getAttribute("href") ?? ""),
  );
  assert.ok(
    links.some((href) => href.startsWith("05-optimizers.html#")),
    links.join(" "),
  );
  await page.fill("#query", "hessian newton");
  await page.waitForSelector("#search-results li mjx-container svg");
  const shown = await page.$$eval("#search-results li", (all) =>
    all.map((each) => each.textContent ?? ""),
  );
  assert.doesNotMatch(shown.join(" "), /[\uE000\uE001]|\\(frac|partial|nabla)/, "formulas are set");
  await page.fill("#query", "charRnn");
  await page.waitForSelector('#search-results a[href="api/functions/karenina.charRnn.html"]');
  await page.click('#search-results a[href="api/functions/karenina.charRnn.html"]');
  await page.waitForSelector("h1:has-text('charRnn')");
  await page.close();
});

test("an English lesson leads to the Russian one, and that back; each says its language", async () => {
  const { page, faults } = await openPage(at("07-anna-karenina.html"));
  assert.equal(await page.getAttribute("html", "lang"), "en");
  await page.click('header a[lang="ru"]');
  await page.waitForURL(/\/ru\/07-anna-karenina\.html$/);
  assert.equal(await page.getAttribute("html", "lang"), "ru");
  assert.match((await page.textContent("h1"))!, /Анна Каренина/);
  assert.equal((await page.locator('[lang="en"] .input_area').count()) > 10, true);
  assert.equal(await page.locator('[lang="en"] .text_cell_render').count(), 0);
  assert.match((await page.textContent('.neighbours a[rel="next"]'))!, /Говори/);
  await page.click('header a[lang="en"]');
  await page.waitForURL((url) => !url.pathname.includes("/ru/"));
  assert.match((await page.textContent("h1"))!, /Anna Karenina/);
  assert.deepEqual(faults, []);
  await page.close();
});

test("each Russian lesson has a page, and the search in Russian finds it", async () => {
  const { page } = await openPage(at("ru/index.html"));
  const lessons = await page.$$eval("td:first-child a", (all) =>
    all.map((each) => each.getAttribute("href")),
  );
  const english = findNotebooks(["notebooks"], [ROOT]).map((file) => basename(file, ".ipynb"));
  assert.deepEqual(
    lessons,
    english.map((name) => `${name}.html`),
  );
  await page.fill("#query", "градиенты затухают");
  await page.press("#query", "Enter");
  await page.waitForSelector("#search-results li a");
  const links = await page.$$eval("#search-results li a", (all) =>
    all.map((each) => each.getAttribute("href") ?? ""),
  );
  assert.ok(
    links.some((href) => href.startsWith("../ru/06-recurrent-nets-from-scratch.html#")),
    links.join(" "),
  );
  for (const href of links) {
    assert.match(href, /^\.\.\/(ru|api)\//);
  }
  await page.close();
});

test("all works below an address, too", async () => {
  const outside: string[] = [];
  const { server, address } = await serve(folder, { port: 0, below: "/a/course/" });
  server.on("request", ({ url }) => {
    const path = decodeURI(new URL(url!, "http://localhost").pathname);
    if (!path.startsWith("/a/course/") && path !== "/favicon.ico") {
      outside.push(path);
    }
  });
  try {
    for (const path of ["index.html", "07-anna-karenina.html", "search.html?q=lstm"]) {
      const { page, faults } = await openPage(`${address}${path}`);
      if (path.startsWith("search")) {
        await page.waitForSelector("#search-results li a");
      }
      assert.deepEqual(faults, []);
      await page.close();
    }
    assert.deepEqual(outside, []);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
