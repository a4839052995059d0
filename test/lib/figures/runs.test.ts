import assert from "node:assert/strict";
import { test } from "node:test";
import { palette, runsFigure } from "karenina";
import { matchesSnapshot } from "./snapshot";
import { trainingRows } from "./trainingRows";

const slow = trainingRows(80).map((row) => ({ ...row, loss: row.loss + 1 }));
const fast = trainingRows(80);

test("each run is a line with a colour and a dash of its own", () => {
  const runs = Object.fromEntries(palette.map((_, i) => [`run ${i}`, fast]));
  const lines = runsFigure(runs).data.map((trace) => (trace as { line: object }).line);
  assert.equal(new Set(lines.map((line) => JSON.stringify(line))).size, palette.length);
});

test("the summary ranks the runs", () => {
  const { summary } = runsFigure({ SGD: slow, Adam: fast }, { references: { floor: 2.51 } });
  assert.match(summary!, /^Loss of 2 runs, by step: SGD goes from \d/);
  assert.match(summary!, /lowest at the end: Adam with 1\.\d+\./);
  assert.match(summary!, /The loss of Adam ends 0\.\d+ below the floor/);
});

test("any field can be compared, with its unit only where it has one", () => {
  const figure = runsFigure({ A: slow, B: fast }, { y: "gradientNorm", x: "seconds" });
  assert.equal(figure.layout.yaxis?.title?.text, "gradient norm");
  assert.equal(figure.layout.xaxis?.title?.text, "time (s)");
  assert.equal(
    runsFigure({ A: fast }, { y: "validationLoss" }).layout.yaxis?.title?.text,
    "validation loss (nats)",
  );
});

test("the figure is the one agreed on", () => {
  matchesSnapshot("runs", runsFigure({ SGD: slow, Adam: fast }));
});

test("what cannot be compared is refused with the run's name", () => {
  assert.throws(() => runsFigure({}), /There is no run to draw/);
  assert.throws(() => runsFigure({ Adam: [] }), /Run "Adam": The history has no rows/);
  assert.throws(
    () => runsFigure({ Adam: [{ step: 1, epoch: 1, loss: 2 }] }, { y: "validationLoss" }),
    /No row of the run "Adam" has a validationLoss/,
  );
});
