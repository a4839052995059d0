import assert from "node:assert/strict";
import { test } from "node:test";
import { FigureError, historyFigure, runsFigure } from "karenina";
import { matchesSnapshot } from "./snapshot";
import { trainingRows } from "./trainingRows";

type Trace = { name: string; x: number[]; y: (number | null)[]; yaxis?: string };

const rows = trainingRows(200);
const traces = (figure: { data: unknown[] }) => figure.data as Trace[];

test("the loss is drawn as recorded, and its moving average and the validation loss over it", () => {
  const [loss, smooth, validation] = traces(historyFigure(rows));
  assert.equal(loss.name, "loss");
  assert.deepEqual(
    loss.x,
    rows.map((row) => row.step),
  );
  loss.y.forEach((value, i) => {
    assert.ok(Math.abs(value! - rows[i].loss) < 1e-4 * rows[i].loss);
  });
  assert.equal(smooth.name, "mean of about 5 steps");
  assert.equal(validation.name, "validation loss");
  assert.deepEqual(validation.x, [50, 100, 150, 200]);
});

test("a few rows are drawn without an average, one row as a dot", () => {
  assert.equal(historyFigure(rows.slice(0, 10)).data.length, 1);
  const [only] = historyFigure(rows.slice(0, 1)).data as { mode: string }[];
  assert.equal(only.mode, "markers");
});

test("the average names its steps also where not each has a row", () => {
  const sparse = trainingRows(2000).filter((row) => row.step % 10 === 0);
  assert.equal(traces(historyFigure(sparse))[1].name, "mean of about 50 steps");
});

test("axes say what they show, with units", () => {
  const { layout } = historyFigure(rows, { x: "seconds" });
  assert.equal(layout.xaxis?.title?.text, "time (s)");
  assert.equal(layout.yaxis?.title?.text, "loss (nats)");
  assert.equal(historyFigure(rows, { lossUnit: "" }).layout.yaxis?.title?.text, "loss");
  assert.equal(historyFigure(rows, { lossScale: "log" }).layout.yaxis?.type, "log");
});

test("a value that a logarithmic axis has no place for is refused, as in all figures", () => {
  const zero = rows.map((row) => (row.step === 100 ? { ...row, loss: 0 } : row));
  assert.throws(
    () => historyFigure(zero, { lossScale: "log" }),
    /The loss at step 100 is 0, which has no place on a logarithmic axis/,
  );
  const judged = rows.map((row) => (row.step === 100 ? { ...row, validationLoss: -1 } : row));
  assert.throws(
    () => historyFigure(judged, { lossScale: "log", x: "epoch" }),
    /The validation loss at epoch [\d.]+ is -1/,
  );
  assert.throws(
    () => runsFigure({ SGD: rows, Adam: zero }, { scale: "log" }),
    /The loss of "Adam" at step 100 is 0/,
  );
  assert.doesNotThrow(() => historyFigure(zero));
});

test("a logarithmic loss names 1, 2 and 5, or the powers alone, so that labels do not meet", () => {
  const falling = (powers: number) =>
    Array.from({ length: 100 }, (_, i) => ({
      step: i,
      epoch: i,
      loss: 10 ** ((-i * powers) / 99),
    }));
  for (const [powers, dtick, label] of [
    [2, undefined, "0.02"],
    [5, 1, undefined],
    [8, undefined, undefined],
  ] as const) {
    const options = { lossScale: "log", panels: [] } as const;
    const { yaxis } = historyFigure(falling(powers), options).layout;
    assert.equal(yaxis?.dtick, dtick);
    assert.equal(yaxis?.ticktext?.[1], label);
  }
});

test("references are lines with their names and values", () => {
  const { layout, summary } = historyFigure(rows, { references: { "bigram <floor>": 2.51 } });
  const [line] = layout.shapes!;
  assert.equal(line.y0, 2.51);
  assert.equal(line.label?.text, "bigram &lt;floor&gt; = 2.51");
  assert.match(summary!, /The loss ends 0\.\d+ below the bigram <floor> \(2\.51\)\./);
});

test("panels stand below the loss on the same x axis", () => {
  const figure = historyFigure(rows, { panels: ["learningRate", "gradientNorm"] });
  const layout = figure.layout as unknown as Record<string, { domain: number[]; anchor?: string }>;
  const [loss, rate, norm] = [layout.yaxis, layout.yaxis2, layout.yaxis3].map((y) => y.domain);
  assert.ok(loss[0] > rate[1] && rate[0] > norm[1] && norm[0] === 0);
  assert.equal(layout.xaxis.anchor, "y3");
  assert.deepEqual(
    traces(figure).map(({ name, yaxis }) => [name, yaxis]),
    [
      ["loss", undefined],
      ["mean of about 5 steps", undefined],
      ["validation loss", undefined],
      ["learning rate", "y2"],
      ["gradient norm", "y3"],
    ],
  );
});

test("a long history is thinned, and the axis says so", () => {
  const figure = historyFigure(trainingRows(100_000));
  const [loss, smooth] = traces(figure);
  assert.equal(loss.y.length, 600);
  assert.ok(smooth.y.length <= 250);
  assert.equal(figure.layout.xaxis?.title?.text, "step (600 of 100,000 points drawn)");
  assert.ok(JSON.stringify(figure).length < 40_000);
});

test("the summary says the numbers that the picture shows", () => {
  const { summary } = historyFigure(
    [
      { step: 1, epoch: 1, loss: 4.94 },
      { step: 2, epoch: 1, loss: 5.2 },
      { step: 3, epoch: 1, loss: 3, validationLoss: 3.5 },
      { step: 4, epoch: 1, loss: 2.5 },
    ],
    { title: "Tolstoy" },
  );
  assert.equal(
    summary,
    "Tolstoy: 4 rows; loss starts at 4.94 and ends at 2.5 (falling), lowest 2.5 at step 4, highest " +
      "5.2 at step 2. The validation loss is 3.5 at step 3.",
  );
});

test("a loss that is missing is a gap, and rows without a validation loss are none", () => {
  const missing = [null, Number.NaN, undefined];
  const gappy = trainingRows(9).map((row, i) => ({
    ...row,
    loss: i >= 3 && i < 6 ? missing[i - 3] : row.loss,
    validationLoss: i % 2 === 0 ? 3 - i / 10 : i === 7 ? Number.NaN : i === 1 ? null : undefined,
  }));
  const figure = historyFigure(gappy, { panels: ["gradientNorm"] });
  const [loss, validation] = traces(figure);
  assert.deepEqual(
    loss.y.map((value) => value === null),
    [false, false, false, true, true, true, false, false, false],
  );
  assert.deepEqual(validation.x, [1, 3, 5, 7, 8, 9]);
  assert.deepEqual(validation.y, [3, 2.8, 2.6, 2.4, null, 2.2]);
  assert.match(
    figure.summary!,
    /loss starts at .*, with a gap at step 4, where 3 values are missing/,
  );
  // With an average, which has the same gap, beginning where its last mean stands.
  const long = trainingRows(200).map((row, i) =>
    i > 80 && i < 120 ? { ...row, loss: null } : row,
  );
  for (const { x, y } of traces(historyFigure(long)).slice(0, 2)) {
    const gaps = x.filter((_, i) => y[i] === null);
    assert.ok(gaps.length > 0 && gaps.every((step) => step > 75 && step < 121));
  }
});

test("the figure is the one agreed on", () => {
  matchesSnapshot(
    "history",
    historyFigure(rows.slice(0, 60), {
      references: { "bigram floor": 2.51 },
      panels: ["gradientNorm"],
    }),
  );
});

test("what cannot be drawn is refused with a way out", () => {
  const broken = [{ step: 1, epoch: 1, loss: 4 }];
  assert.throws(() => historyFigure([]), /The history has no rows/);
  assert.throws(
    () => historyFigure([...broken, { step: 2, epoch: 1, loss: Number.POSITIVE_INFINITY }]),
    (error) => error instanceof FigureError && /The loss at step 2 is Infinity/.test(error.message),
  );
  assert.throws(() => historyFigure(broken, { x: "seconds" }), /The seconds in row 0 is undefined/);
  assert.throws(
    () => historyFigure(broken, { panels: ["gradientNorm"] }),
    /No row .* gradientNorm/,
  );
  assert.throws(
    () => historyFigure(broken, { references: { floor: Number.POSITIVE_INFINITY } }),
    /"floor" stands at Infinity/,
  );
});
