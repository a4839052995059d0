import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bestTrial,
  gridSearch,
  NotFiniteError,
  randomSearch,
  SearchError,
  uniform,
} from "karenina";

const bowl = ({ x, y }: { x: number; y: number }) => (x - 1) ** 2 + (y + 2) ** 2;

test("grid search tries every configuration and finds the lowest score", async () => {
  const trials = await gridSearch({ x: [-1, 0, 1], y: [-2, 2] }, bowl);
  assert.equal(trials.length, 6);
  assert.deepEqual(
    trials.map(({ trial, x, y, score }) => [trial, x, y, score]),
    [-1, 0, 1].flatMap((x, i) => [-2, 2].map((y, j) => [2 * i + j + 1, x, y, bowl({ x, y })])),
  );
  assert.ok(trials.every(({ seconds }) => seconds >= 0));
  const { x, y, score } = bestTrial(trials);
  assert.deepEqual([x, y, score], [1, -2, 0]);
});

test("random search closes in on the lowest score as trials grow, the same for the same seed", async () => {
  const space = { x: uniform(-5, 5), y: uniform(-5, 5) };
  const search = (trials: number, seed = 3) => randomSearch(space, bowl, { trials, seed });
  const scores = (await search(200)).map(({ score }) => score);
  assert.ok(Math.min(...scores) < 1);
  assert.deepEqual(
    (await search(10)).map(({ score }) => score),
    scores.slice(0, 10),
  );
  assert.notEqual((await search(1, 4))[0].score, scores[0]);
});

test("a training that breaks down is a result, any other error is not", async () => {
  const score = ({ rate }: { rate: number }) => {
    if (rate === 1) {
      throw new NotFiniteError("The loss is NaN");
    }
    return rate === 2 ? Number.NaN : rate;
  };
  const trials = await gridSearch({ rate: [1, 2, 3] }, score);
  assert.deepEqual(
    trials.map((each) => each.score),
    [Infinity, Infinity, 3],
  );
  const broken = () => {
    throw new RangeError("not the training's fault");
  };
  await assert.rejects(gridSearch({ rate: [1] }, broken), RangeError);
  const forgotten = (() => undefined) as unknown as () => number;
  await assert.rejects(
    gridSearch({ rate: [1] }, forgotten),
    /returned undefined.*return or an await/,
  );
});

test("a callback sees every trial in time, and can end the search", async () => {
  const seen: number[] = [];
  const trials = await gridSearch({ x: [5, 4, 3, 2], y: [0] }, bowl, {
    onTrial: async (trial, all) => {
      seen.push(all.length);
      return trial.x === 3 ? "stop" : undefined;
    },
  });
  assert.deepEqual(seen, [1, 2, 3]);
  assert.equal(trials.length, 3);
});

test("an objective cannot change the row of its trial", async () => {
  const [row] = await gridSearch({ x: [1] }, (configuration) => {
    (configuration as { x: number }).x = 9;
    return 0;
  });
  assert.equal(row.x, 1);
});

test("of equal scores the first is the best; of no trials there is none", () => {
  assert.deepEqual(bestTrial([{ score: 2 }, { score: 1, a: 1 }, { score: 1, a: 2 }]), {
    score: 1,
    a: 1,
  });
  assert.throws(() => bestTrial([]), SearchError);
});
