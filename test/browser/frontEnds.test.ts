import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { findChromium } from "../../scripts/test/chromium.mjs";
import { launchBrowser, newPage } from "./browser";
import { JupyterServer } from "./jupyterServer";
import { NotebookPage } from "./notebookPage";

/** The same notebook in two front ends: where each serves it. Lab opens nothing else beside it. */
const FRONT_ENDS = {
  lab: (name: string) => `lab/workspaces/${name.replace(".ipynb", "")}/tree/${name}`,
  notebook: (name: string) => `notebooks/${name}`,
};

/** Cells by what they show; their order is the notebook's. */
const CELLS = {
  result: "const answer: number = 6 * 7;\nanswer",
  error: [
    "interface Erased { a: number }",
    "type ErasedToo = { b: string };",
    'const both: Erased & ErasedToo = { a: 1, b: "x" };',
    'throw new RangeError("out of " + both.b);',
  ].join("\n"),
  typeError: '// The check comes first.\nconst wrong: number = "text";',
  live: [
    'const live = display({ "text/html": "<b>step 0</b>" });',
    "for (let step = 1; step <= 10; step++) {",
    "  await new Promise((resolve) => setTimeout(resolve, 150));",
    '  live.update({ "text/html": "<b>step " + step + "</b>" });',
    "}",
  ].join("\n"),
  loop: 'console.log("looping");\nwhile (true) {}',
  afterLoop: "answer + 1",
  model: [
    'import * as tf from "@tensorflow/tfjs";',
    'await tf.setBackend("cpu");',
    "const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });",
    'model.compile({ optimizer: "sgd", loss: "meanSquaredError" });',
    "let epochs = 0;",
    "const xs = tf.tensor2d([[1], [2], [3]]);",
    "tf.version.tfjs",
  ].join("\n"),
  training: [
    'const progress = display({ "text/plain": "training" });',
    "await model.fit(xs, tf.mul(xs, 2), {",
    "  epochs: 1_000_000,",
    "  verbose: 0,",
    "  callbacks: {",
    "    onEpochEnd: () => {",
    "      epochs++;",
    '      if (epochs % 10 === 0) progress.update({ "text/plain": "epoch " + epochs });',
    "    },",
    "  },",
    "});",
  ].join("\n"),
  afterTraining: "[epochs > 0, xs.shape]",
  stillStopped: [
    "const before = epochs;",
    "await new Promise((resolve) => setTimeout(resolve, 500));",
    "epochs - before",
  ].join("\n"),
  completion: "",
  tooltip: "",
};
const NAMES = Object.keys(CELLS) as (keyof typeof CELLS)[];
const at = (name: keyof typeof CELLS) => NAMES.indexOf(name);

const ALL_AGAIN = [
  "let runs = 0;",
  'runs += 1;\nconsole.log("run " + runs);',
  "runs * 100",
  'display({ "text/html": "<i>the end</i>" });',
];

describe("notebooks in a browser", {
  skip: findChromium() ? false : "no Chromium was found; name one in KARENINA_CHROMIUM",
  timeout: 600_000,
}, () => {
  let server: JupyterServer;
  let browser: Browser;

  before(async () => {
    [server, browser] = await Promise.all([
      JupyterServer.start({ name: "front-ends" }),
      launchBrowser(),
    ]);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const [frontEnd, path] of Object.entries(FRONT_ENDS)) {
    describe(frontEnd, () => {
      let notebook: NotebookPage;

      before(async () => {
        const name = `${frontEnd}.ipynb`;
        server.writeNotebook(name, Object.values(CELLS));
        const page = await newPage(browser, { width: 1200, height: 900 });
        notebook = new NotebookPage(page, frontEnd);
        await notebook.open(server.url(path(name)), () => server.connected(name));
      });

      test("a cell runs and its value is shown", async () => {
        await notebook.run(at("result"));
        await notebook.shows(at("result"), /^\s*(\[1\]:)?\s*42\s*$/);
        await notebook.screenshot("result");
      });

      test("an error names its line", async () => {
        await notebook.run(at("error"));
        await notebook.shows(at("error"), "RangeError: out of x");
        assert.match(await notebook.outputText(at("error")), /cell-\d+\.ts:4:\d+/);
        await notebook.screenshot("error");
      });

      test("a type error stops the cell and points at the place", async () => {
        await notebook.run(at("typeError"));
        await notebook.shows(at("typeError"), /2322/);
        assert.match(await notebook.outputText(at("typeError")), /:2:7/);
        await notebook.screenshot("type-error");
      });

      test("a display is updated in place while its cell runs", async () => {
        await notebook.start(at("live"));
        await notebook.shows(at("live"), /step [1-8]\b/);
        await notebook.running(at("live"));
        await notebook.screenshot("live");
        await notebook.finished(at("live"));
        await notebook.shows(at("live"), "step 10");
        assert.equal(await notebook.outputs(at("live")).count(), 1);
      });

      test("Stop ends a synchronous loop and keeps the state", async () => {
        await notebook.start(at("loop"));
        await notebook.shows(at("loop"), "looping");
        await notebook.running(at("loop"));
        await notebook.toolbar("interrupt-kernel");
        await notebook.finished(at("loop"));
        await notebook.shows(at("loop"), /Interrupt/);
        await notebook.screenshot("stopped-loop");
        await notebook.run(at("afterLoop"));
        await notebook.shows(at("afterLoop"), "43");
      });

      test("Stop ends a running training and keeps the state", async () => {
        await notebook.run(at("model"));
        await notebook.start(at("training"));
        await notebook.shows(at("training"), /epoch \d+/);
        await notebook.toolbar("interrupt-kernel");
        await notebook.finished(at("training"));
        await notebook.shows(at("training"), /Interrupt/);
        await notebook.screenshot("stopped-training");
        await notebook.run(at("afterTraining"));
        await notebook.shows(at("afterTraining"), "[ true, [ 3, 1 ] ]");
        await notebook.run(at("stillStopped"));
        await notebook.shows(at("stillStopped"), /^\s*(\[\d+\]:)?\s*0\s*$/);
      });

      test("Tab offers members by their types and completes the chosen one", async () => {
        // A single match is put in at once, several are offered.
        await notebook.type(at("completion"), "tf.matM");
        await notebook.pressUntil("Tab", notebook.code(at("completion"), "tf.matMul"));
        await notebook.type(at("completion"), "(xs, xs).data");
        await notebook.pressUntil("Tab", notebook.completer.filter({ hasText: "dataSync" }));
        await notebook.screenshot("completion");
        await notebook.completer.getByText("dataSync").click();
        await notebook.code(at("completion"), "tf.matMul(xs, xs).dataSync").waitFor();
      });

      test("Shift-Tab shows the signature and the doc comment inside the parentheses", async () => {
        await notebook.type(at("tooltip"), "tf.matMul(");
        await notebook.pressUntil("Shift+Tab", notebook.tooltip.filter({ hasText: "dot product" }));
        assert.match((await notebook.tooltip.textContent()) ?? "", /transposeA/);
        await notebook.screenshot("tooltip");
        await notebook.press("Escape");
      });

      test("Restart and run all starts from nothing and runs every cell", async () => {
        const name = `${frontEnd}-all.ipynb`;
        server.writeNotebook(name, ALL_AGAIN);
        await notebook.open(server.url(path(name)), () => server.connected(name));
        await notebook.run(0);
        await notebook.run(1);
        await notebook.run(1);
        await notebook.shows(1, "run 2");
        await notebook.toolbar("restart-run-all");
        await notebook.accept();
        await notebook.shows(3, "the end");
        await notebook.shows(2, "100");
        await notebook.shows(1, "run 1");
        await notebook.screenshot("restarted");
      });
    });
  }
});
