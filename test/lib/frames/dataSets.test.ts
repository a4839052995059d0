import assert from "node:assert/strict";
import { before, type TestContext, test } from "node:test";
import { loadTable } from "../../../lib/datasets/dataSets";
import { table } from "../../../lib/display/table";
import { ready, tf } from "../../../lib/engine/tensorflow";
import {
  describe,
  dropMissing,
  oneHotEncoder,
  readCsv,
  splitFrame,
  standardScaler,
  toTensors,
} from "../../../lib/frames";
import { record } from "../display/recorder";
import { columnOf } from "./frames";

before(async () => {
  await ready();
});

/** The data set as a frame, or undefined where this machine does not have it. */
async function frameHere(name: string, t: TestContext) {
  try {
    return await readCsv(await loadTable(name, { offline: true, notify: () => {} }));
  } catch (error) {
    if ((error as { code?: string }).code !== "offline") {
      throw error;
    }
    t.skip(`${name} is not on this machine (KARENINA_DATA or the cache)`);
    return undefined;
  }
}

// Gorman, Williams and Fraser 2014; Horst, Hill and Gorman 2020 (the R package palmerpenguins).
test("penguins are as their authors describe them", async (t) => {
  const penguins = await frameHere("penguins", t);
  if (!penguins) {
    return;
  }
  assert.deepEqual(penguins.shape, [344, 8]);
  const rows = new Map(describe(penguins).map((row) => [row.column, row]));
  const measures = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"];
  for (const measure of measures) {
    assert.equal(rows.get(measure)!.missing, 2);
  }
  assert.equal(rows.get("sex")!.missing, 11);
  const mean = (column: string) => Number(rows.get(column)!.mean!.toFixed(2));
  assert.deepEqual(measures.map(mean), [43.92, 17.15, 200.92, 4201.75]);
  assert.equal(rows.get("body_mass_g")!.std!.toFixed(2), "801.95");
  assert.equal(dropMissing(penguins, { columns: measures, where: "all" }).shape[0], 342);
  assert.equal(dropMissing(penguins).shape[0], 333);
  const count = (name: string) => columnOf(penguins, "species").filter((s) => s === name).length;
  assert.deepEqual(["Adelie", "Chinstrap", "Gentoo"].map(count), [152, 68, 124]);
});

test("penguins go all the way to tensors", async (t) => {
  const penguins = await frameHere("penguins", t);
  if (!penguins) {
    return;
  }
  const features = ["bill_length_mm", "flipper_length_mm"];
  const options = { features, targets: ["body_mass_g"] };
  assert.throws(() => toTensors(penguins, options), /row 3, bill_length_mm: missing/);
  const whole = dropMissing(penguins, { columns: features });
  const { training, test } = splitFrame(whole, { stratify: "species" });
  const scaler = standardScaler(training, features);
  const encoder = oneHotEncoder(training, ["species"]);
  const ready = encoder.transform(scaler.transform(test));
  const { x, y } = toTensors(ready, { features, targets: encoder.encoded.species });
  assert.deepEqual(x.shape, [51, 2]);
  assert.deepEqual(y.shape, [51, 3]);
  for (const [i, count] of [...tf.sum(y, 0).dataSync()].entries()) {
    const share = (51 / 342) * [151, 68, 123][i];
    assert.ok(Math.abs(count - share) < 1, `${count} of species ${i}, not ${share}`);
  }
});

test("Auto MPG and red wine are as UCI describes them", async (t) => {
  const cars = await frameHere("auto-mpg", t);
  const wine = await frameHere("winequality-red", t);
  if (!cars || !wine) {
    return;
  }
  assert.deepEqual(cars.shape, [398, 9]);
  const [mpg, , , horsepower] = describe(cars);
  assert.equal(mpg.mean!.toFixed(4), "23.5146");
  assert.equal(horsepower.missing, 6);
  assert.equal(horsepower.type, "number");
  assert.deepEqual(wine.shape, [1599, 12]);
  const quality = columnOf(wine, "quality");
  const counts = [3, 4, 5, 6, 7, 8].map((mark) => quality.filter((each) => each === mark).length);
  assert.deepEqual(counts, [10, 53, 681, 638, 199, 18]);
});

test("a frame and a series of danfojs are tables", async (t) => {
  const penguins = await frameHere("penguins", t);
  if (!penguins) {
    return;
  }
  const [frame, series, summary] = record(() => {
    table(penguins, { maxRows: 8 });
    table(penguins.column("species"), { maxRows: 2 });
    table(describe(penguins), { caption: "Penguins" });
  });
  assert.match(frame.text, /^344 rows, 8 columns\n/);
  assert.match(frame.text, /^ *3 .*null/m);
  assert.match(series.text, /^344 rows, 1 column\n +species/);
  assert.match(summary.text, /bill_length_mm +number +342 +2 +43\.92/);
});
