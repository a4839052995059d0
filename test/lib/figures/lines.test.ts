import assert from "node:assert/strict";
import { test } from "node:test";
import {
  barFigure,
  gradientNormFigure,
  historyFigure,
  lineFigure,
  palette,
  runsFigure,
  schedulesFigure,
} from "karenina";
import type { LineOptions } from "../../../lib/figures/lines";
import type { References } from "../../../lib/figures/references";
import { renderSvg } from "../../../lib/pictures/renderSvg";
import { matchesSnapshot } from "./snapshot";

type Trace = { name: string; x: number[]; y: (number | null)[]; mode: string };
const traces = (figure: { data: unknown[] }) => figure.data as Trace[];
const x = [0, 1, 2, 3];

test("curves stand over their common x, with their names, axes and references", () => {
  const figure = lineFigure(
    x,
    { up: [1, 2, 3, 4], down: Float32Array.of(4, 3, 2, 1) },
    { xTitle: "time (s)", yTitle: "height (m)", references: { roof: 3.5 } },
  );
  assert.deepEqual(
    traces(figure).map(({ name, x, y }) => [name, x, y]),
    [
      ["up", x, [1, 2, 3, 4]],
      ["down", x, [4, 3, 2, 1]],
    ],
  );
  assert.equal(figure.layout.xaxis?.title?.text, "time (s)");
  assert.equal(figure.layout.yaxis?.title?.text, "height (m)");
  assert.match(
    figure.summary!,
    /^Height \(m\) by time \(s\): up starts at 1 and ends at 4 \(rising\), lowest 1 at time \(s\) 0/,
  );
  assert.match(figure.summary!, /The curve "down" ends 2\.5 below the roof \(3\.5\)\.$/);
  matchesSnapshot("lines", figure);
});

test("a reference beyond all that is drawn has room, so that its label is not on the axis", () => {
  const range = (references: References, options: LineOptions = {}) =>
    lineFigure([1, 2, 3], [20, 60, 90], { references, ...options }).layout.yaxis?.autorangeoptions
      ?.include;
  const [below] = range({ guessing: 10 }) as unknown as number[];
  assert.ok(below < 10 && below > 0, `${below}`);
  const [above] = range({ perfect: 100 }) as unknown as number[];
  assert.ok(above > 100 && above < 110, `${above}`);
  assert.equal(range({ within: 50 }), undefined);
  assert.equal(range({}), undefined);
  assert.equal(range({ guessing: 10 }, { yScale: "log" }), undefined);
  assert.deepEqual(
    lineFigure([1, 2, 3], [20, Number.NaN, 90], { references: { guessing: 10 } }).layout.yaxis
      ?.autorangeoptions,
    { include: [below] },
  );
});

test("a reference's label stands at the left where only the right end lies on a curve", () => {
  const labelled = (y: number[], options = {}) => {
    const { layout } = lineFigure(x, y, { references: { rule: 1 }, ...options });
    return layout.shapes![0].label!.textposition;
  };
  assert.equal(labelled([3, 3, 3, 3]), "end");
  assert.equal(labelled([3, 2, 1.1, 1.1]), "start");
  assert.equal(labelled([3, 2, 0.9, 0.9]), "end", "the curve runs below the line, the label above");
  assert.equal(labelled([3, 3, 3, 0]), "end", "the curve is past the line left of the label");
  assert.equal(labelled([3, 3, 3, 1.02]), "start", "a curve between its points counts");
  assert.equal(labelled([1.1, 3, 3, 1.1]), "end", "where both ends lie on curves, nothing is won");
  assert.equal(
    labelled([0.5, 0.5, 0.98, 0.98]),
    "start",
    "below the line, when that is the highest",
  );
  assert.equal(labelled([3, 2, 1.1, 1.1], { yScale: "log" }), "end");
  assert.equal(lineFigure([1], [2], { references: { rule: 1 } }).layout.shapes?.length, 1);
});

test("where a curve runs through both ends, the label stands on the line's other side, or beyond the panel", () => {
  const labelOf = (y: number[], options: Parameters<typeof lineFigure>[2] = {}) => {
    const { layout } = lineFigure(
      x,
      { y, low: [1, 1, 1, 1], high: [8, 8, 8, 8] },
      { ...options, references: { "where all of this began": 4 } },
    );
    const { textposition, xanchor, yanchor } = layout.shapes![0].label!;
    return { place: [textposition, xanchor, yanchor].join(), right: layout.margin!.r };
  };
  const standard = labelOf([1, 1, 1, 1]);
  assert.equal(standard.place, "end,right,bottom");
  assert.equal(labelOf([4.2, 4.2, 4.2, 4.2]).place, "end,right,top");
  // Swings that cross the line at both ends, above and below it.
  const beyond = labelOf([3.6, 4.4, 3.6, 4.4]);
  assert.equal(beyond.place, "end,left,middle");
  assert.ok(beyond.right! > standard.right! + 10, "there is room for it");
  assert.equal(labelOf([4.2, 4.2, 4.2, 4.2], { yScale: "log" }).place, "end,right,top");
});

test("dots are described from left to right, whatever their order", () => {
  const figure = lineFigure([3, 1, 2], [30, 10, 20], { mode: "markers", xTitle: "rate" });
  assert.match(figure.summary!, /y starts at 10 and ends at 30 \(rising\), lowest 10 at rate 1/);
});

test("a reference line at 0 or below is refused on a logarithmic axis of every figure", () => {
  const rows = [4, 2].map((loss, i) => ({ step: i + 1, epoch: 1, loss }));
  const figures = {
    line: (references: References) => lineFigure([1, 2], [1, 3], { yScale: "log", references }),
    bars: (references: References) => barFigure(["a"], [2], { yScale: "log", references }),
    history: (references: References) => historyFigure(rows, { lossScale: "log", references }),
    runs: (references: References) => runsFigure({ a: rows }, { scale: "log", references }),
    norms: (references: References) => gradientNormFigure({ RNN: [0.5, 1] }, { references }),
  };
  for (const [name, draw] of Object.entries(figures)) {
    for (const value of [0, -0.5]) {
      assert.throws(
        () => draw({ floor: value }),
        {
          name: "FigureError",
          message:
            `The reference line "floor" stands at ${value}, which has no place on a logarithmic ` +
            "axis. Leave it out, or draw it on a linear axis.",
        },
        name,
      );
    }
    assert.equal(draw({ floor: 0.1 }).layout.shapes?.length, 1);
  }
  assert.equal(lineFigure([1, 2], [1, 3], { references: { floor: 0 } }).layout.shapes?.length, 1);
});

test("a logarithmic axis names 1, 2 and 5, over many powers of ten the powers only", () => {
  const tick = (highest: number) => {
    const { layout } = lineFigure([1, 2], [1, highest], { yScale: "log" });
    return layout.yaxis?.dtick;
  };
  assert.deepEqual([2, 50, 1e4, 1e9].map(tick), [undefined, undefined, 1, undefined]);
  const { yaxis } = lineFigure([1, 2], [30, 5000], { yScale: "log" }).layout;
  assert.deepEqual(yaxis?.tickvals?.slice(2, 6), [50, 100, 200, 500]);
  assert.deepEqual(yaxis?.ticktext?.slice(5, 9), ["500", "1,000", "2,000", "5,000"]);
  assert.equal(lineFigure([1, 2], [1, 50]).layout.yaxis?.dtick, undefined);
});

test("one list needs no name, and one point is a dot", () => {
  const figure = lineFigure([1], [2], { yTitle: "loss" });
  assert.deepEqual(
    traces(figure).map(({ name, mode }) => [name, mode]),
    [["loss", "markers"]],
  );
  assert.equal(figure.layout.showlegend, false);
});

test("ten million points become a thinned figure with a note, and no spike is lost", () => {
  const count = 10_000_000;
  const long = new Float32Array(count);
  const places = new Float32Array(count).map((_, i) => i);
  long[7_654_321] = 9;
  const figure = lineFigure(places, long);
  const [trace] = traces(figure);
  assert.ok(trace.y.length <= 800);
  assert.equal(Math.max(...(trace.y as number[])), 9);
  assert.match(figure.layout.xaxis?.title?.text ?? "", /^x \(\d+ of 10,000,000 points drawn\)$/);
});

test("a level curve is called level, rounding errors or not", () => {
  const { summary } = lineFigure(x, [0.1, 0.1, 0.1 + 1e-17, 0.1]);
  assert.match(summary!, /\(level\)/);
});

test("the trend in words is the one that is seen on the axis: on a logarithmic one a fall goes on", () => {
  const halving = Array.from({ length: 30 }, (_, i) => 2 ** -i);
  const places = halving.map((_, i) => i);
  assert.match(lineFigure(places, halving).summary!, /\(level\)/);
  assert.match(lineFigure(places, halving, { yScale: "log" }).summary!, /\(falling\)/);
  const flat = halving.map(() => 1e-5);
  assert.match(lineFigure(places, flat, { yScale: "log" }).summary!, /\(level\)/);
});

test("missing values are gaps, and a value between two of them is a dot", () => {
  const figure = lineFigure([1, 2, 3, 4, 5, 6], {
    a: [1, Number.NaN, 3, undefined, 5, 6],
    b: Float64Array.of(1, 2, 3, 4, 5, 6),
  });
  const [line, dots, whole] = traces(figure);
  assert.deepEqual(line.y, [1, null, 3, null, 5, 6]);
  assert.deepEqual([dots.mode, dots.x, dots.y], ["markers", [1, 3], [1, 3]]);
  assert.deepEqual(whole.y, [1, 2, 3, 4, 5, 6]);
  assert.match(
    figure.summary!,
    /a starts at 1 .* with 2 gaps at x 2, 4, where 2 values are missing/,
  );
  assert.doesNotMatch(figure.summary!, /b starts[^;]*gap/);
  const options = { references: { rule: 4 }, yScale: "log" } as const;
  assert.match(lineFigure([1, 2], [null, 2], options).summary!, /ends 2 below the rule/);
});

test("a picture without a browser has the gap, too", () => {
  const pieces = (y: (number | null)[]) =>
    renderSvg(lineFigure([1, 2, 3, 4, 5, 6], y)).match(/<path class="[^"]*js-line"/g)?.length;
  assert.equal(pieces([1, 2, 3, 4, 5, 6]), 1);
  assert.equal(pieces([1, 2, null, 4, 5, 6]), 2);
  assert.equal(pieces([1, 2, Number.NaN, Number.NaN, 5, 6]), 2);
});

test("norms may have gaps", () => {
  const [curve] = traces(gradientNormFigure([0, 1, Number.NaN, 0.1, 0.01]));
  assert.deepEqual(
    [curve.x, curve.y],
    [
      [1, 2, 3, 4],
      [1, null, 0.1, 0.01],
    ],
  );
});

test("curves that cannot be drawn are refused with a way out", () => {
  assert.throws(() => lineFigure(x, { a: [1, 2] }), /"a" has 2 values, but there are 4 of x/);
  assert.throws(() => lineFigure(x, {}), /no list of numbers was given/);
  assert.throws(
    () => lineFigure(x, { a: [1, Number.NEGATIVE_INFINITY, 3, 4] }),
    /The a at index 1 is -Infinity, .* null or undefined for a gap/,
  );
  assert.throws(() => lineFigure([1, Number.NaN], [1, 2]), /The x at index 1 is NaN/);
  assert.throws(
    () => lineFigure(x, [null, null, null, null]),
    /no y to draw: all 4 values are gaps/,
  );
  assert.throws(() => lineFigure([], []), /There is no x to draw/);
  assert.throws(
    () => lineFigure(x, { a: [1, 0, 3, 4] }, { yScale: "log" }),
    /The a at x 1 is 0, which has no place on a logarithmic axis/,
  );
  const tensor = { dataSync: () => [1], shape: [1] };
  assert.throws(() => lineFigure(x, tensor as never), /a tensor\. .* `tensor\.dataSync\(\)`/);
});

test("norms stand against the time step on a logarithmic axis; zeros are shaded and said", () => {
  const figure = gradientNormFigure({ RNN: [0, 1e-6, 1e-3, 1], LSTM: [0.5, 1] }, { firstStep: 1 });
  assert.equal(figure.layout.yaxis?.type, "log");
  assert.equal(figure.layout.xaxis?.title?.text, "time step");
  assert.deepEqual(
    traces(figure).map(({ x }) => x),
    [
      [2, 3, 4],
      [1, 2],
    ],
  );
  assert.match(figure.summary!, /RNN starts at 1e-6 and ends at 1 \(rising\)/);
  assert.match(figure.summary!, /Of RNN, 1 norms are 0: at time step 1\.$/);
  const [area, ...others] = figure.layout.shapes!;
  assert.deepEqual([area.x0, area.x1, area.label?.text], [0.5, 1.5, "no gradient: RNN"]);
  assert.equal(others.length, 0);
  assert.throws(() => gradientNormFigure([1, -1]), /at time step 1 is -1, .* never below zero/);
  assert.throws(() => gradientNormFigure({ dead: [0, 0] }), /All norms of "dead" are 0/);
});

test("where no gradient arrives for long, the shaded part says of what, beside references", () => {
  const norms = [0, ...Array(30).fill(1), ...Array(60).fill(0), 1];
  const { layout, summary } = gradientNormFigure(
    { whole: norms.map(() => 1), "in <pieces>": norms },
    { references: { "clipped at": 0.5 } },
  );
  assert.deepEqual(
    layout.shapes!.map(({ type, x0, x1, label, fillcolor }) => [
      type,
      x0,
      x1,
      label?.text,
      fillcolor,
    ]),
    [
      ["rect", -0.5, 0.5, undefined, palette[1]],
      ["rect", 30.5, 90.5, "no gradient: in &lt;pieces&gt;", palette[1]],
      ["line", 0, 1, "clipped at = 0.5", undefined],
    ],
  );
  assert.match(summary!, /Of in <pieces>, 61 norms are 0: at time step 0, 31 to 90\.$/);
});

test("schedules are asked for each step, long ones for a thousand", () => {
  const figure = schedulesFigure(
    { constant: () => 0.1, falling: (step) => 1 / (1 + step) },
    { steps: 3 },
  );
  assert.deepEqual(
    traces(figure).map(({ x, y }) => [x, y]),
    [
      [
        [0, 1, 2],
        [0.1, 0.1, 0.1],
      ],
      [
        [0, 1, 2],
        [1, 0.5, 0.33333],
      ],
    ],
  );
  const asked: number[] = [];
  const long = schedulesFigure({ a: (step) => asked.push(step) }, { steps: 1_000_000 });
  assert.equal(asked.length, 1000);
  assert.equal(asked[asked.length - 1], 999_999);
  assert.match(long.summary!, /rising/);
  assert.throws(() => schedulesFigure({}, { steps: 5 }), /no schedule to draw/);
  assert.throws(() => schedulesFigure({ a: () => 1 }, { steps: 0 }), /`steps` is 0/);
  assert.throws(
    () => schedulesFigure({ a: (step) => 1 / (step - 1) }, { steps: 3 }),
    /learning rate of "a" at step 1 is Infinity/,
  );
});

test("bars stand in the order given, groups side by side", () => {
  const figure = barFigure(
    ["bigram", "LSTM"],
    { train: [2.5, 1.5], "held out": [2.6, 1.7] },
    { yTitle: "loss (nats)", references: { floor: 2.2 } },
  );
  assert.deepEqual(
    traces(figure).map(({ name, y }) => [name, y]),
    [
      ["train", [2.5, 1.5]],
      ["held out", [2.6, 1.7]],
    ],
  );
  assert.deepEqual(figure.layout.xaxis?.ticktext, ["bigram", "LSTM"]);
  assert.match(
    figure.summary!,
    /train: bigram 2\.5, LSTM 1\.5; highest bigram 2\.5, lowest LSTM 1\.5.* floor 2\.2\.$/,
  );
  matchesSnapshot("bars", figure);
});

test("bars that do not fit their labels are refused", () => {
  assert.throws(() => barFigure(["a", "b"], [1]), /"value" has 1 values, but there are 2 labels/);
  assert.throws(() => barFigure(["a"], [Number.NaN]), /is NaN/);
  const many = Array.from({ length: 201 }, (_, i) => String(i));
  assert.throws(() => barFigure(many, new Float32Array(201)), /201 bars .* histogramFigure/s);
  assert.throws(() => barFigure(["a"], [0], { yScale: "log" }), /of a is 0, which has no place/);
});
