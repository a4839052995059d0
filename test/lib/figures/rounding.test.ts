// What is drawn must stand where it is: figures store short numbers, and never merge what an axis tells apart.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  barFigure,
  decisionBoundaryFigure,
  type Figure,
  heatMapFigure,
  histogramFigure,
  historyFigure,
  lineFigure,
  lossSurfaceFigure,
  parallelCoordinatesFigure,
  runsFigure,
  scatterFigure,
} from "karenina";
import { hoverFormat, numberFormat, roundingOf } from "../../../lib/figures/numberFormat";

/** Lists whose numbers differ by little beside their size. */
const lists: Record<string, number[]> = {
  "years and months": Array.from({ length: 24 }, (_, i) => 2020 + i / 12),
  "seconds since 1970": Array.from({ length: 24 }, (_, i) => 1_700_000_000.5 + i),
  "milliseconds since 1970": Array.from({ length: 24 }, (_, i) => 1.7e12 + 0.25 + 20 * i),
  "a million and a little": Array.from({ length: 24 }, (_, i) => 1e6 + Math.sin(i)),
  "air pressure": Array.from({ length: 24 }, (_, i) => 1013.2 + 0.01 * i),
  "a large loss": Array.from({ length: 24 }, (_, i) => 123456.7 - 0.3 * i),
  "epochs late in a training": Array.from({ length: 24 }, (_, i) => 1200 + (i + 1) / 200),
  "very small": Array.from({ length: 24 }, (_, i) => 1e-9 * (1 + i / 100)),
  "on both sides of zero": Array.from({ length: 24 }, (_, i) => (i - 11.5) * 1e-7),
  "near minus a million": Array.from({ length: 24 }, (_, i) => -1e6 + i / 7),
};

const ordered = (values: readonly number[]) =>
  values.map((_, i) => i).sort((a, b) => values[a] - values[b]);

/** The drawn values are as many, in the same order, and as far apart as the real ones, to a ten-thousandth. */
function assertAlike(drawn: readonly unknown[], real: readonly number[], what: string): void {
  const values = drawn as number[];
  assert.equal(new Set(values).size, new Set(real).size, `${what}: none are merged`);
  assert.deepEqual(ordered(values), ordered(real), `${what}: in order`);
  const range = Math.max(...real) - Math.min(...real);
  values.forEach((value, i) => {
    assert.ok(Math.abs(value - real[i]) <= 1e-4 * range, `${what}: ${value} for ${real[i]}`);
  });
}

type Trace = { x: number[]; y: number[]; z: number[][]; text: string[] };
const trace = (figure: Figure, index = 0) => figure.data[index] as unknown as Trace;
const index = Array.from({ length: 24 }, (_, i) => i);

for (const [name, list] of Object.entries(lists)) {
  test(`${name}: every figure keeps the numbers apart`, () => {
    assertAlike(trace(lineFigure(list, index)).x, list, "x of a line");
    assertAlike(trace(lineFigure(index, list)).y, list, "y of a line");
    const points = trace(scatterFigure({ x: list, y: list }));
    assertAlike(points.x, list, "x of points");
    assertAlike(points.y, list, "y of points");
    const rows = list.map((value, i) => ({ step: i, epoch: value, loss: list[23 - i] }));
    const judged = rows.map((row) => ({ ...row, validationLoss: row.loss }));
    const history = historyFigure(judged, { x: "epoch", smoothing: 1 });
    for (const each of [
      trace(history),
      trace(history, 1),
      trace(runsFigure({ a: rows }, { x: "epoch" })),
    ]) {
      assertAlike(each.x, list, "x of a history");
      assertAlike(each.y, [...list].reverse(), "y of a history");
    }
    assertAlike(trace(barFigure(list.map(String), list)).y, list, "bars");
    const [low, high] = [Math.min(...list), Math.max(...list)];
    const bins = trace(histogramFigure(list, { bins: 40 }));
    const width = (high - low) / 40;
    const centres = index
      .concat(index)
      .slice(0, 40)
      .map((_, k) => low + (k + 0.5) * width);
    assertAlike(bins.x, centres, "centres of bins");
    assert.equal(
      (bins.y as number[]).reduce((a, b) => a + b, 0),
      24,
      "all values are counted",
    );
    const ridges = histogramFigure({ a: list, b: list }, { bins: 40 });
    assertAlike(trace(ridges).x.slice(1, -1), centres, "centres of a row");
    const mean = list.reduce((a, b) => a + b, 0) / 24;
    assert.ok(Math.abs(trace(ridges, 1).x[0] - mean) <= 1e-4 * (high - low), "the row's mean");
    assertAlike(trace(heatMapFigure([list])).z[0], list, "cells");
    const cells = (heatMapFigure([list]).data[0] as unknown as { text: string[][] }).text;
    cells[0].forEach((text, i) => {
      const shown = Number(text.replaceAll(",", ""));
      assert.ok(
        Math.abs(shown - list[i]) <= 0.005 * (high - low),
        `the cell of ${list[i]}: ${text}`,
      );
    });
    const sorted = [...list].sort((a, b) => a - b);
    const grid = { x: sorted, y: [0, 1], values: [...list, ...list] };
    for (const figure of [
      lossSurfaceFigure(grid, { paths: { a: list.map((value) => [value, 0.5]) } }),
      decisionBoundaryFigure(grid, { x: list, y: index }),
    ]) {
      assertAlike(trace(figure).x, sorted, "x of a grid");
      assertAlike(trace(figure).z[0], list, "values over a grid");
      assertAlike(trace(figure, 1).x, list, "a path, points");
    }
    const runs = list.map((value, i) => ({ a: value, validationLoss: i }));
    const texts = parallelCoordinatesFigure(runs).data.flatMap((each) =>
      (each as unknown as Trace).text.filter((text) => text !== ""),
    );
    assert.equal(new Set(texts).size, new Set(list).size, "boxes at lines");
  });
}

test("numbers a ten-thousandth of the range apart stay apart and in order, wherever they stand", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 9000 }), { minLength: 2, maxLength: 60 }),
      fc.integer({ min: -12, max: 9 }),
      fc.double({ min: -1e5, max: 1e5, noNaN: true }),
      (places, scale, offset) => {
        const unit = 10 ** scale;
        const list = places.map((place) => (offset + place) * unit);
        const round = roundingOf(list);
        assertAlike(list.map(round), list, "rounded");
        const strict = roundingOf(list, { distinct: true });
        assertAlike(list.map(strict), list, "rounded, distinct");
      },
    ),
  );
});

test("places along an axis stay distinct however close two of them are", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2 }),
      (list) => {
        const round = roundingOf(list, { distinct: true });
        assert.equal(new Set(list.map(round)).size, new Set(list).size);
        assert.deepEqual(ordered(list.map(round)), ordered(list));
      },
    ),
  );
});

test("what a short number shows as well is stored short; whole numbers and gaps stay", () => {
  const round = roundingOf([0, 1.23456789, 4.9]);
  assert.equal(round(1.23456789), 1.2346);
  assert.equal(round(0.00123456789), 0.0012346);
  assert.equal(round(1234567), 1234567);
  assert.ok(Number.isNaN(round(Number.NaN)));
  assert.equal(roundingOf([5, 5])(1 / 3), 0.33333);
  assert.equal(roundingOf([])(1 / 3), 0.33333);
});

test("numbers are written with the digits that tell them apart, and no more", () => {
  assert.equal(numberFormat([1013.2, 1013.4])(1013.254), "1,013.254");
  assert.equal(numberFormat([0, 2000])(1013.254), "1,013");
  assert.equal(numberFormat([1.2, 4.9])(2.513456), "2.513");
  assert.equal(numberFormat([1e-9, 1.002e-9])(1.001e-9), "1.001e-9");
  assert.equal(numberFormat([7, 7])(7), "7");
  const { summary } = lineFigure(lists["years and months"], lists["air pressure"]);
  assert.match(
    summary!,
    /starts at 1,013\.2 and ends at 1,013\.43 .* at x 2,020, highest .* at x 2,021\.92/,
  );
});

test("a box at a point shows its number in full where seven digits are too few", () => {
  assert.deepEqual(hoverFormat([0, 1.5]), {});
  assert.deepEqual(hoverFormat([2020, 2021.9]), {});
  assert.deepEqual(hoverFormat([1.7e9, 1.7e9 + 23]), {
    hoverformat: ",.3~f",
    exponentformat: "none",
    separatethousands: true,
  });
  const { layout } = lineFigure(lists["seconds since 1970"], lists["a million and a little"]);
  assert.equal(layout.xaxis?.hoverformat, ",.3~f");
  assert.equal(layout.yaxis?.hoverformat, ",.4~f");
});
