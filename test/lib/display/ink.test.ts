import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { computationGraphFigure } from "karenina";
import { figureHtml } from "../../../lib/display/figureHtml";
import { drawingBundle } from "../../../lib/display/show";
import { inkColor } from "../../../lib/figures/figure";

const graph = { nodes: [{ id: "w", label: "w", value: 2, gradient: 8 }], edges: [] };
const html = drawingBundle(computationGraphFigure(graph, { title: "One number" }))["text/html"];

/** A page of some text colour that has run the scripts in it. */
function page(body: string, color: string) {
  const { window } = new JSDOM(`<!doctype html><body style="color: ${color}">${body}</body>`, {
    runScripts: "dangerously",
    pretendToBeVisual: true,
  });
  return window;
}
const sourceIn = (window: { document: Document }) =>
  decodeURIComponent(window.document.querySelector("img")!.src);

test("a drawing takes the page's text colour, and words in colour are mixed with it", () => {
  const source = sourceIn(page(String(html), "rgb(10, 20, 30)"));
  assert.ok(source.includes("fill='rgb(10, 20, 30)'"));
  assert.match(source, /fill='color-mix\(in srgb,#D55E00 55%,rgb\(10, 20, 30\)\)'>grad 8</);
  assert.ok(!source.includes(inkColor));
});

test("it follows Jupyter's theme", async () => {
  const window = page(String(html), "rgb(10, 20, 30)");
  window.document.body.style.color = "rgb(250, 250, 250)";
  window.document.body.setAttribute("data-jp-theme-name", "JupyterLab Dark");
  await Promise.resolve();
  assert.ok(sourceIn(window).includes("fill='rgb(250, 250, 250)'"));
  window.close();
});

test("a drawing that stands in no page yet is painted once it does", async () => {
  const window = page("", "rgb(10, 20, 30)");
  const out = window.document.createElement("div");
  out.innerHTML = String(html);
  const script = window.document.createElement("script");
  script.textContent = out.querySelector("script")!.textContent;
  const beside = out.querySelector("div")!;
  out.querySelector("script")!.replaceWith(script);
  window.document.body.append(beside);
  assert.ok(sourceIn(window).includes("fill='rgb(10, 20, 30)'"));
  window.close();
});

test("a live plot's text in the ink is given the page's colour by a rule that names the ink", () => {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(inkColor.slice(at, at + 2), 16));
  const rule = figureHtml({ data: [], layout: {} }, {}).match(/<style>(.*?)<\/style>/)![1];
  // jsdom lets no rule win over an element's own style: test/browser/lessonFigures sees the colours.
  const [, selector, declared] = /^(.*)\{(.*)\}$/.exec(rule)!;
  assert.equal(declared, "fill:currentColor!important");
  const { document } = page(
    `<div class="js-plotly-plot"><svg><text style="fill: rgb(${red}, ${green}, ${blue});"></text>` +
      '<text style="fill: rgb(1, 2, 3);"></text></svg></div>',
    "rgb(10, 20, 30)",
  );
  const [ink, own] = document.querySelectorAll("text");
  assert.ok(ink.matches(selector) && !own.matches(selector));
});
