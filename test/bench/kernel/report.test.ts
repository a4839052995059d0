import assert from "node:assert/strict";
import { test } from "node:test";
import type { Figures } from "../../../bench/kernel/measure";
import { goalsOf, markdown, medians } from "../../../bench/kernel/report";

const FIGURES: Figures = {
  startMs: 200,
  firstCellMs: 90,
  warmCellMs: 10,
  slowCellMs: 11,
  importMs: 500,
  afterImportMs: 30,
  completionMs: 40,
  inspectionMs: 60,
  memoryMb: 300,
  growthMb: 5,
  rateMs: 10,
  figureMs: 70,
};

test("a figure is the median of the rounds that have it", () => {
  const rounds = [FIGURES, { ...FIGURES, startMs: 100 }, { ...FIGURES, memoryMb: null }];
  assert.equal(medians(rounds).startMs, 200);
  assert.equal(medians(rounds).memoryMb, 300);
  assert.equal(medians([]).startMs, null);
});

test("goals are judged, and those that need an absent kernel are left out", () => {
  const goals = goalsOf([{ kernel: "karenina", figures: FIGURES }]);
  const met = new Map(goals.map((goal) => [goal.goal, goal.met]));
  assert.equal(met.get("first cell at most 100 ms"), true);
  assert.equal(met.get("99 of 100 warm cells at most 10 ms"), false);
  assert.equal(met.get("Shift-Tab at most 50 ms"), false);
  assert.equal(met.get("a slider reaches a training step within 50 ms"), true);
  assert.equal(met.get("a figure follows its slider within 60 ms"), false);
  assert.ok(![...met.keys()].some((goal) => /tslab|ipykernel/.test(goal)));
});

test("a kernel that failed is named with its reason, and no goal is judged by it", () => {
  const rows = [
    { kernel: "karenina", figures: FIGURES },
    { kernel: "tslab", figures: medians([]), failure: "round 1: No reply came.\nMore." },
  ];
  const goals = goalsOf(rows);
  assert.ok(!goals.some(({ goal }) => goal.includes("tslab")));
  const text = markdown(rows, goals);
  assert.match(text, /\| start to ready \| 200 ms \| failed \|/);
  assert.match(text, /\* \*\*failed\*\*: tslab, round 1: No reply came\.$/m);
});
