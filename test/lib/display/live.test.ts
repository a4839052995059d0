import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { displayTo } from "../../../lib/display/display";
import { liveHistory, progress } from "../../../lib/display/live";
import { BarView, LiveState } from "../../../lib/display/liveView";
import type { HistoryFigureRow, HistoryOptions } from "../../../lib/figures/history";
import { TerminalBar } from "../../../lib/host/node/display";
import { OptionError } from "../../../lib/options";
import { trainingRows } from "../figures/trainingRows";
import { record } from "./recorder";

/** A clock that moves on by so many milliseconds whenever told. */
function handClock() {
  let now = 0;
  return { clock: () => now, pass: (ms: number) => (now += ms) };
}

function training(steps: number, msPerStep: number) {
  const { clock, pass } = handClock();
  return (target: "notebook" | "terminal") =>
    record(() => {
      const live = liveHistory({ title: "Tolstoy & Co", references: { floor: 2.51 }, clock });
      for (const row of trainingRows(steps)) {
        pass(msPerStep);
        live.update(row);
        live.progress(row.step, steps);
        if (row.step % 10 === 0) {
          live.text(`sample <${row.step}>`);
        }
      }
      live.done();
    }, target);
}

test("in a notebook one output is replaced, twice a second at most", () => {
  const shown = training(100, 50)("notebook");
  assert.equal(new Set(shown.map(({ id }) => id)).size, 1);
  assert.deepEqual(
    shown.map(({ update }) => update),
    [false, ...Array(shown.length - 1).fill(true)],
  );
  // 100 steps of 50 ms: one drawing at once, one each 500 ms, one at the end.
  assert.equal(shown.length, 11);
});

test("while it runs there are bar, speed, time left and sample, and no picture yet", () => {
  const shown = training(100, 50)("notebook");
  const { html } = shown[5];
  const { document } = new JSDOM(html).window;
  assert.equal(document.querySelector("img"), null);
  const bar = document.querySelector("progress")!;
  assert.equal(bar.getAttribute("max"), "100");
  assert.equal(bar.getAttribute("aria-label"), "Tolstoy & Co");
  assert.match(document.body.textContent, /\d+ of 100 · loss \d.* · 20 steps\/s · 2\.5 s left/);
  assert.match(document.querySelector("pre")!.textContent, /^sample <\d+>$/);
});

test("at the end a picture stays, with what it took and the last sample", () => {
  const { html, text } = training(100, 50)("notebook").pop()!;
  const { document } = new JSDOM(html).window;
  assert.match(document.querySelector("img")!.alt, /^Tolstoy & Co: 100 rows; loss starts at 4\.9/);
  assert.equal(document.querySelector("progress"), null);
  assert.match(document.body.textContent, /100 of 100 .* · 20 steps\/s · took 5 s/);
  assert.equal(document.querySelector("pre")!.textContent, "sample <100>");
  assert.match(text, /sample <100>$/);
});

test("2,000 steps leave less than 100 KB in the notebook", () => {
  const { bundle } = training(2000, 10)("notebook").pop()!;
  assert.ok(JSON.stringify(bundle).length < 100_000);
});

test("drawing slows down where it takes long, to 1 % of the time", () => {
  const { clock, pass } = handClock();
  let drawings = 0;
  const restore = displayTo({
    kind: "notebook",
    show: () => {
      drawings += 1;
      pass(100);
    },
  });
  const live = liveHistory({ clock });
  for (const row of trainingRows(1000)) {
    pass(100);
    live.update(row);
  }
  restore();
  assert.ok(drawings > 5);
  assert.ok((drawings * 100) / clock() < 0.0125, `${drawings} drawings in ${clock()} ms`);
});

/** The values of a curve of the figure that a chart draws after these rows; null is a gap. */
function drawnAfter(rows: HistoryFigureRow[], name: string, options: HistoryOptions = {}) {
  const panels = rows[0].gradientNorm === undefined ? [] : (["gradientNorm"] as const);
  const state = new LiveState({ title: "Gaps", smoothing: 1, panels, ...options }, 0);
  for (const row of rows) {
    state.add(row);
  }
  const curve = state.figure()?.data.find((each) => each.name === name) as { y: unknown[] };
  return { y: curve?.y, line: state.line(), summary: state.figure()?.summary };
}

test("a loss that is not finite is a gap in the curve, and the text says it", () => {
  const broken = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const loss of broken) {
    const rows = [4, loss, 3, loss].map((each, i) => ({ step: i + 1, epoch: 1, loss: each }));
    const { y, line } = drawnAfter(rows, "loss");
    assert.deepEqual(y, [4, null, 3, null]);
    assert.match(line, new RegExp(`· loss ${loss} · 2 rows not drawn: .* was ${loss} at step 4$`));
  }
});

test("a loss that is finite again is said as such, and what was lost stays said", () => {
  const rows = [4, Number.NaN, 3].map((loss, i) => ({ step: i + 1, epoch: 1, loss }));
  assert.match(
    drawnAfter(rows, "loss").line,
    /· loss 3 · 1 row not drawn: the loss was NaN at step 2/,
  );
});

test("a validation loss and a norm that are not finite are gaps, too", () => {
  const of = (step: number, value: number) => ({
    step,
    epoch: 1,
    loss: 4,
    validationLoss: value,
    gradientNorm: value,
  });
  const rows = [of(1, 5), of(2, Number.NaN), of(3, 6), of(4, Number.POSITIVE_INFINITY)];
  assert.deepEqual(drawnAfter(rows, "gradient norm").y, [5, null, 6, null]);
  const judged = drawnAfter(rows, "validation loss");
  assert.deepEqual(judged.y, [5, null, 6, null]);
  assert.match(judged.line, /validation loss Infinity/);
});

test("a loss of 0 on a logarithmic axis is a gap, and the text says it", () => {
  const rows = [4, 0, 3].map((loss, i) => ({ step: i + 1, epoch: 1, loss, validationLoss: loss }));
  const { y, line } = drawnAfter(rows, "loss", { lossScale: "log" });
  assert.deepEqual(y, [4, null, 3]);
  assert.match(line, /1 row not drawn: the loss was 0 at step 2/);
  assert.deepEqual(drawnAfter(rows, "validation loss", { lossScale: "log" }).y, [4, null, 3]);
  assert.deepEqual(drawnAfter(rows, "loss").y, [4, 0, 3]);
});

test("a training of nothing but NaN goes on without a curve, and says so", () => {
  const shown = record(() => {
    const live = liveHistory({ panels: ["gradientNorm"] });
    const nothing = { loss: Number.NaN, validationLoss: Number.NaN, gradientNorm: Number.NaN };
    live.update({ step: 1, epoch: 1, ...nothing });
    live.update({ step: 2, epoch: 1, ...nothing, loss: 4 });
    live.update({ step: 3, epoch: 1, ...nothing });
    live.done();
  });
  assert.match(shown[0].text, /loss NaN · validation loss NaN/);
  assert.match(shown.pop()!.text, /2 rows not drawn: the loss was NaN at step 3/);
});

test("a training of no steps is shown as such", () => {
  const [shown] = record(() => liveHistory().done());
  assert.match(shown.text, /^Training: step 0 · took/);
});

test("done() closes the chart once", () => {
  const shown = record(() => {
    const live = liveHistory({ title: "Once" });
    live.done();
    live.done();
    assert.throws(() => live.update({ step: 1, epoch: 1, loss: 1 }), /"Once" is finished/);
  });
  assert.equal(shown.length, 1);
});

test("a log gets a line every few seconds, the samples and the end", () => {
  const lines = training(100, 200)("terminal").map(({ text }) => text);
  const progressLines = lines.filter((line) => line.startsWith("Tolstoy & Co: "));
  assert.equal(lines.filter((line) => line.startsWith("sample <")).length, 10);
  // 20 s: one at once, one each 5 s, one at the end.
  assert.equal(progressLines.length, 5);
  assert.match(progressLines[2], /^Tolstoy & Co: 51 of 100 · loss .* · 5 steps\/s · 9\.8 s left$/);
  assert.match(progressLines[4], /100 of 100 .* · 5 steps\/s · took 20 s$/);
});

test("a loop without a curve has bar and text", () => {
  const shown = record(() => {
    const { clock, pass } = handClock();
    const bar = progress(3, { title: "Counting", clock });
    pass(500);
    bar.update(1);
    pass(500);
    bar.text("one");
    bar.update(3);
    bar.done();
  });
  assert.match(shown[1].html, /<b>Counting<\/b>.*<progress value="1" max="3"/);
  assert.match(shown.pop()!.text, /^Counting: 3 of 3 · .*\none$/);
  assert.throws(() => progress(0), /progress\(0, 0\) does not say how far it is/);
  assert.throws(() => progress(2.5), OptionError);
});

test("a terminal has a bar, and samples above it", () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 120 });
  let output = "";
  stream.on("data", (chunk) => {
    output += chunk;
  });
  const { clock, pass } = handClock();
  const state = new LiveState({ title: "Tolstoy" }, clock());
  const shown = record(() => {
    const view = new BarView(new TerminalBar(state.title, stream), 5000, clock);
    state.total = 10;
    for (const row of trainingRows(10)) {
      pass(1000);
      state.add(row);
      state.done = row.step;
      state.mark(clock());
      view.draw(state);
      if (row.step === 5) {
        view.sample("sample 5");
      }
    }
    state.finished = true;
    view.finish(state);
  }, "terminal");
  assert.match(output, /Tolstoy .*100% · 10 of 10 · loss/);
  assert.deepEqual(
    shown.map(({ text }) => text),
    [`Tolstoy: ${state.line()}`],
  );
});

test("a script ends by itself, with its log on standard output", () => {
  const script = path.join(__dirname, "training.ts");
  const tsx = require.resolve("tsx/cjs");
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-r", tsx, script], {
    encoding: "utf8",
  });
  assert.equal(stderr, "");
  assert.equal(status, 0);
  assert.match(stdout, /^Training: 1 of 50\n.*Training: 50 of 50 · loss \d.* took .*\n$/s);
});
