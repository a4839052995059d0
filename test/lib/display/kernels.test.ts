import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { JSDOM } from "jsdom";
import { type Kernel, startKernel } from "../../../runner/client";
import { KARENINA, ROOT, TSLAB } from "../../runner/client/kernels";

type RichOutput = { output_type: string; data: Record<string, unknown> };

const rows = `Array.from({ length: 400 }, (_, i) => ({ step: i + 1, epoch: 1, loss: 1.6 + 3.3 * Math.exp(-i / 50) }))`;

for (const [name, spec] of [
  ["tslab", TSLAB],
  ["karenina", KARENINA],
] as const) {
  describe(`what cells show on a real ${name} kernel`, {
    skip: spec ? false : "the kernel is not installed",
    timeout: 180_000,
  }, () => {
    let kernel: Kernel;
    before(async () => {
      kernel = await startKernel({ spec: spec!, cwd: ROOT });
    });
    after(() => kernel?.shutdown());

    async function outputsOf(code: string): Promise<RichOutput[]> {
      const { status, outputs } = await kernel.execute(code, { timeoutMs: 120_000 });
      assert.equal(status, "ok", JSON.stringify(outputs));
      return outputs as unknown as RichOutput[];
    }

    function dom(output: RichOutput): Document {
      const html = output.data["text/html"] as string;
      return new JSDOM(html).window.document;
    }

    test("a figure arrives as a picture that says what it shows", async () => {
      const outputs = await outputsOf(
        `import { historyFigure, show } from "karenina";\nshow(historyFigure(${rows}));`,
      );
      assert.equal(outputs.length, 1);
      assert.match(
        dom(outputs[0]).querySelector("img")!.alt,
        /^Loss by step: 400 rows; loss starts/,
      );
      const plotly = outputs[0].data["application/vnd.plotly.v1+json"];
      assert.equal(plotly !== undefined, name === "karenina");
    });

    test("a live chart is one output, that of the end", async () => {
      const outputs = await outputsOf(
        [
          'import { liveHistory } from "karenina";',
          'const live = liveHistory({ title: "Live", everyMs: 50 });',
          `for (const row of ${rows}) {`,
          "  live.update(row);",
          "  live.progress(row.step, 400);",
          "  await new Promise((resolve) => setTimeout(resolve, 1));",
          "}",
          'live.text("the last sample");',
          "live.done();",
        ].join("\n"),
      );
      assert.equal(outputs.length, 1);
      const document = dom(outputs[0]);
      assert.ok(document.querySelector("img"));
      assert.match(document.body.textContent, /400 of 400 · loss 1\.601.* took/);
      assert.equal(document.querySelector("pre")!.textContent, "the last sample");
    });

    test("a loop that never yields loses nothing that it shows", async () => {
      const outputs = await outputsOf(
        [
          'import { display } from "karenina";',
          'display({ "text/html": "0", "text/plain": "0" }, { id: "loop" });',
          "for (let i = 1; i <= 2000; i++) {",
          '  display({ "text/html": String(i), "text/plain": String(i) }, { id: "loop", update: true });',
          "}",
          "await new Promise((resolve) => setTimeout(resolve, 50));",
          'display({ "text/html": "after", "text/plain": "after" });',
        ].join("\n"),
      );
      const shown = outputs.map((output) => output.data["text/html"]);
      assert.deepEqual(shown, ["2000", "after"]);
    });
  });
}
