import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { formatNumber } from "../../lib";
import { findChromium } from "../../scripts/test/chromium.mjs";
import { launchBrowser, newPage } from "./browser";
import { JupyterServer } from "./jupyterServer";
import { NotebookPage } from "./notebookPage";

const FRONT_ENDS = {
  lab: (name: string) => `lab/workspaces/${name.replace(".ipynb", "")}/tree/${name}`,
  notebook: (name: string) => `notebooks/${name}`,
};

/** Cells by what they show; their order is the notebook's. */
const CELLS = {
  network: [
    'import { anywidget, button, charRnn, interact, lineFigure, live, select, sequenceBatches } from "karenina";',
    'import { slider, text, toggle, train, Vocabulary } from "karenina";',
    'const tale = "all happy families are alike. ".repeat(4);',
    "const vocabulary = Vocabulary.of(tale);",
    "const encoded = vocabulary.encode(tale);",
    "const batches = () => sequenceBatches(encoded, { batchSize: 2, steps: 10 });",
    "const network = charRnn({ vocabularySize: vocabulary.size, batchSize: 2, hiddenSize: 8 });",
    '"ready"',
  ].join("\n"),
  controls: [
    'const rate = slider("learning rate", { min: 1e-4, max: 1, scale: "log", value: 0.01 });',
    'const enough = button("That will do");',
  ].join("\n"),
  training: [
    'const news = display({ "text/plain": "not begun" });',
    "let told = 0;",
    "const onStep = ({ learningRate }: { learningRate: number }) => {",
    '  if (learningRate !== told) { told = learningRate; news.update({ "text/plain": "rate " + told }); }',
    "};",
    "const rows = await train(network, batches, {",
    "  epochs: 1e7, learningRate: rate, stopWhen: enough,",
    '  callbacks: [{ onStep }, live({ title: "Follows a slider" })],',
    "});",
    // The click may overtake the drag's last move, which the front end holds back: no row has it.
    "rows[0].learningRate === 0.01 && rows.at(-1)!.learningRate === told && told < 0.01",
  ].join("\n"),
  interact: [
    "const xs = Array.from({ length: 50 }, (_, i) => i / 10);",
    "interact(({ k }) => lineFigure(xs, { line: xs.map((x) => k * x) }), {",
    '  k: slider("k", { min: 1, max: 20, value: 2 }),',
    "});",
  ].join("\n"),
  others: [
    'const cell = select("cell", ["lstm", "gru", "rnn"]);',
    'const dropout = toggle("dropout");',
    'const prime = text("begin with", { value: "Anna" });',
    'dropout.onChange((on) => console.log("dropout", on, "cell", cell.value, "prime", prime.value));',
  ].join("\n"),
  own: [
    "const counter = anywidget({",
    "  esm: `export default { render({ model, el }) {",
    '    const button = document.createElement("button");',
    '    const show = () => { button.textContent = "pressed " + model.get("count"); };',
    '    button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };',
    '    model.on("change:count", show); show(); el.append(button);',
    "  } };`,",
    "  state: { count: 0 },",
    "});",
    'counter.onChange(({ count }) => console.log("heard", count));',
  ].join("\n"),
};
const NAMES = Object.keys(CELLS) as (keyof typeof CELLS)[];
const at = (name: keyof typeof CELLS) => NAMES.indexOf(name);

describe("controls in a browser", {
  skip: findChromium() ? false : "no Chromium was found; name one in KARENINA_CHROMIUM",
  timeout: 600_000,
}, () => {
  let server: JupyterServer;
  let browser: Browser;

  before(async () => {
    [server, browser] = await Promise.all([
      JupyterServer.start({ name: "controls" }),
      launchBrowser(),
    ]);
    server.addPlotly();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const [frontEnd, path] of Object.entries(FRONT_ENDS)) {
    describe(frontEnd, () => {
      const name = `controls-${frontEnd}.ipynb`;
      let notebook: NotebookPage;

      before(async () => {
        server.writeNotebook(name, Object.values(CELLS));
        const page = await newPage(browser, { width: 1200, height: 900 });
        notebook = new NotebookPage(page, frontEnd);
        await notebook.open(server.url(path(name)), () => server.connected(name));
        await notebook.run(at("network"));
        await notebook.shows(at("network"), "ready");
      });

      test("a slider and a button stand below their cell", async () => {
        await notebook.run(at("controls"));
        await notebook.shown(at("controls"), ".widget-slider").waitFor();
        await notebook.shown(at("controls"), "button.jupyter-button").waitFor();
        assert.match(await notebook.outputText(at("controls")), /learning rate/);
        await notebook.screenshot("controls");
      });

      test("a slider that is moved while train runs changes its rate; a click ends it", async () => {
        await notebook.start(at("training"));
        await notebook.shows(at("training"), "rate 0.01");
        await notebook.running(at("training"));
        await notebook.drag(at("controls"), -30);
        await notebook.shows(at("training"), /rate 0\.00\d+/);
        await notebook.running(at("training"));
        await notebook.screenshot("slider-while-training");
        await notebook.shown(at("controls"), "button.jupyter-button").click();
        await notebook.finished(at("training"));
        await notebook.shows(at("training"), "true");
      });

      test("a figure follows its slider", async () => {
        await notebook.run(at("interact"));
        const figure = notebook.shown(at("interact"), "[role=figure]");
        await figure.waitFor();
        const before = await figure.getAttribute("aria-label");
        await notebook.drag(at("interact"), 40);
        await figure
          .and(notebook.shown(at("interact"), `:not([aria-label="${before}"])`))
          .waitFor();
        await notebook.screenshot("interact");
      });

      test("what is chosen, checked and written arrives, and a handler's print stands there", async () => {
        await notebook.run(at("others"));
        await notebook.shown(at("others"), "select").selectOption("gru");
        const line = notebook.shown(at("others"), "input[type=text]");
        await line.fill("Levin");
        await line.press("Enter");
        await notebook.shown(at("others"), "input[type=checkbox]").check();
        await notebook.shows(at("others"), "dropout true cell gru prime Levin");
        await notebook.screenshot("others");
      });

      test("a widget of one's own is drawn, and both ends hear of a change", async () => {
        await notebook.run(at("own"));
        await notebook.shown(at("own"), "button").click();
        await notebook.shows(at("own"), /pressed 1[\s\S]*heard 1/);
        await notebook.screenshot("anywidget");
      });

      test("the saved notebook knows where the sliders stand, as state and as text", async () => {
        await notebook.press("ControlOrMeta+s");
        const saved = await server.saved(
          name,
          ({ cells, metadata }) => metadata.widgets && cells[at("own")].outputs.length > 0,
        );
        const { state } = saved.metadata.widgets["application/vnd.jupyter.widget-state+json"];
        const models = Object.values(state);
        const rate = models.find((model) => model.model_name === "FloatLogSliderModel");
        const value = Number(rate?.state.value);
        assert.ok(value < 0.01, JSON.stringify(rate));
        const [slider] = saved.cells[at("controls")].outputs;
        const text = [slider.data["text/plain"]].flat().join("");
        assert.equal(text, `learning rate: ${formatNumber(value)}`);
      });
    });
  }
});
