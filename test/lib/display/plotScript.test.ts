import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { JSDOM, VirtualConsole } from "jsdom";
import { type Figure, historyFigure } from "karenina";
import { figureHtml, plotlyRelease } from "../../../lib/display/figureHtml";
import { trainingRows } from "../figures/trainingRows";

const figure = historyFigure(trainingRows(5), { title: "</script><b>" });
const stub = `window.drawn = []; window.Plotly = {
  react: function (plot, data, layout) { window.drawn.push({ plot: plot, data: data, layout: layout }); }
};`;

/** A page as a browser runs it; `url` is where the notebook stands in JupyterLab. */
function page(body: string, { head = "", url = "http://127.0.0.1:1/" } = {}) {
  return new JSDOM(`<!doctype html><head>${head}</head><body>${body}</body>`, {
    url,
    runScripts: "dangerously",
    resources: "usable",
    virtualConsole: new VirtualConsole(),
  }).window;
}

test("with Plotly in the page, the plot takes the picture's place at once", () => {
  const picture = "data:image/svg+xml;base64,AAAA";
  const window = page(figureHtml(figure, { picture }), { head: `<script>${stub}</script>` });
  assert.equal(window.drawn.length, 1);
  assert.deepEqual(JSON.parse(JSON.stringify(window.drawn[0].data)), figure.data);
  assert.equal(window.drawn[0].layout.title.text, "&lt;/script&gt;&lt;b&gt;");
  assert.equal(window.document.querySelector("img"), null);
  assert.equal(window.drawn[0].plot.getAttribute("aria-label"), figure.summary);
});

test("a slider's frames are added to the plot once it is drawn", async () => {
  const withFrames = `${stub}
    var react = Plotly.react;
    Plotly.react = function () { react.apply(null, arguments); return Promise.resolve(); };
    Plotly.addFrames = function (plot, frames) { window.added = { plot: plot, frames: frames }; };`;
  const frames = [{ name: "0", data: [{ x: [1] }], traces: [0] }];
  const window = page(figureHtml({ ...figure, frames } as Figure, {}), {
    head: `<script>${withFrames}</script>`,
  });
  await Promise.resolve();
  assert.equal(window.added.plot, window.drawn[0].plot);
  assert.deepEqual(JSON.parse(JSON.stringify(window.added.frames)), frames);
});

test("a plot that is shown again stays the same element", () => {
  const html = figureHtml(figure, { keepAs: "live-1" });
  const window = page(`<div id="out">${html}</div>`, { head: `<script>${stub}</script>` });
  const out = window.document.getElementById("out")!;
  // JupyterLab sets the new HTML and then puts a fresh copy in the place of each script.
  out.innerHTML = html;
  const inert = out.querySelector("script")!;
  const script = window.document.createElement("script");
  script.textContent = inert.textContent;
  inert.replaceWith(script);
  assert.equal(window.drawn.length, 2);
  assert.equal(window.drawn[1].plot, window.drawn[0].plot);
  assert.ok(out.contains(window.drawn[0].plot));
});

test("Plotly is found in the node_modules of the Jupyter server's root or of a folder in it", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    const found = request.url === "/base/files/course/node_modules/plotly.js-dist/plotly.js";
    response.writeHead(found ? 200 : 404, { "content-type": "text/javascript" });
    response.end(found ? `${stub} window.dispatchEvent(new Event("plotly"));` : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const config = `<script id="jupyter-config-data" type="application/json">{"baseUrl": "/base/"}</script>`;
  const window = page(figureHtml(figure, {}), {
    head: config,
    url: `http://127.0.0.1:${port}/base/lab/tree/course/notebooks/07.ipynb`,
  });
  try {
    await new Promise((resolve) => window.addEventListener("plotly", resolve));
    await window.kareninaPlotly;
    assert.equal(window.drawn.length, 1);
    assert.deepEqual(asked, [
      "/base/files/node_modules/plotly.js-dist/plotly.js",
      "/base/files/course/node_modules/plotly.js-dist/plotly.js",
    ]);
  } finally {
    window.close();
    server.close();
  }
});

test("where Plotly cannot be had, the picture stays", async () => {
  const picture = "data:image/svg+xml;base64,AAAA";
  const window = page(figureHtml(figure, { picture }));
  await Promise.resolve();
  await Promise.resolve();
  // The CDN: asked for with its version and checksum, so that nothing else can come from there.
  const cdn = window.document.querySelector<HTMLScriptElement>("head script")!;
  assert.ok(cdn.src.startsWith("https://"));
  assert.ok(cdn.src.includes(`@${plotlyRelease.version}/`));
  assert.equal(cdn.getAttribute("integrity") ?? cdn.integrity, plotlyRelease.integrity);
  cdn.dispatchEvent(new window.Event("error"));
  await window.kareninaPlotly.catch(() => {});
  assert.ok(window.document.querySelector("img"));
  window.close();
});

test("the release asked for is the one that is installed", () => {
  const { version } = require("plotly.js-dist/package.json") as { version: string };
  assert.equal(plotlyRelease.version, version);
});

test("no path of this machine gets into a notebook", () => {
  assert.ok(!figureHtml(figure, {}).includes(process.cwd()));
});
