import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { ready, sequenceClassifier, tf } from "karenina";
import { readMnist } from "../../../bench/mnist/data";
import { type Program, runProgram, type Settings } from "../../../bench/mnist/program";
import { makeReport, markdownReport } from "../../../bench/mnist/report";
import {
  orderedBatches,
  parameterCount,
  setFirstWeights,
  writeStart,
} from "../../../bench/mnist/start";
import { nodeOptions, root } from "../../../bench/training";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-bench-"));
after(() => fs.rmSync(folder, { recursive: true }));

const settings: Settings = {
  cell: "rnn",
  optimizer: "sgd",
  learningRate: 0.01,
  momentum: 0,
  batchSize: 4,
  iterations: 6,
  every: 4,
  seed: 1,
  sharedStart: true,
};

/** Ten pictures a part: picture n has the grey value 20 n everywhere, and shows n. */
function writePictures(): void {
  for (const part of ["train", "test"]) {
    const images = Uint8Array.from({ length: 7840 }, (_, i) => 20 * Math.floor(i / 784));
    fs.writeFileSync(path.join(folder, `mnist-${part}-images.u8`), images);
    fs.writeFileSync(
      path.join(folder, `mnist-${part}-labels.u8`),
      Uint8Array.from(Array(10).keys()),
    );
  }
}

function printing(lines: object[], status = 0): Program {
  const text = lines.map((line) => JSON.stringify(line)).join("\n");
  const code = `console.log("a greeting"); console.log(${JSON.stringify(text)}); console.error("alas"); process.exitCode = ${status}`;
  return { name: "mock", command: process.execPath, args: ["-e", code, "--"], settings };
}

test("pictures are normalised by MNIST's mean and deviation", async () => {
  await ready();
  writePictures();
  const { x, y } = readMnist(folder, "test");
  assert.deepEqual([x.shape, y.shape], [[10, 28, 28], [10]]);
  const values = x.dataSync();
  assert.ok(Math.abs(values[0] + 0.1307 / 0.3081) < 1e-6);
  assert.ok(Math.abs(values[3 * 784] - (60 / 255 - 0.1307) / 0.3081) < 1e-6);
  tf.dispose([x, y]);
});

test("a shared start holds PyTorch's 54,410 numbers, and an order with all examples in every epoch", () => {
  assert.equal(parameterCount, 54_410);
  writeStart(folder, { seed: 1, examples: 10, epochs: 2 });
  const model = sequenceClassifier();
  setFirstWeights(model, folder, 1);
  const bytes = fs.readFileSync(path.join(folder, "mnist-weights-1"));
  const drawn = new Float32Array(new Uint8Array(bytes).buffer);
  assert.ok(drawn.every((value) => Math.abs(value) <= 0.1));
  const [kernel, , bias] = model.getWeights();
  // weight_ih [100, 28] is the kernel's transpose; the two biases follow the [100, 100] of weight_hh.
  assert.equal(kernel.dataSync()[3 * 100 + 7], drawn[7 * 28 + 3]);
  assert.equal(bias.dataSync()[5], Math.fround(drawn[12_805] + drawn[12_905]));
  assert.equal(model.getWeights().at(-1)!.dataSync()[9], drawn.at(-1));

  const pictures = readMnist(folder, "train");
  const batches = orderedBatches(pictures, { folder, seed: 1, batchSize: 4 });
  const epochs = [1, 2].map((epoch) => [...batches(epoch)].map(({ y }) => y.shape[0]));
  assert.deepEqual(epochs, [
    [4, 4, 2],
    [4, 4, 2],
  ]);
  const digits = (epoch: number) => {
    const all: number[] = [];
    for (const { y } of batches(epoch)) {
      all.push(...y.dataSync());
    }
    return all;
  };
  assert.deepEqual(digits(1).sort(), [...Array(10).keys()]);
  assert.notDeepEqual(digits(1), digits(2));
});

test("the library's program trains and reports at the iterations that were asked for", async () => {
  writePictures();
  writeStart(folder, { seed: 1, examples: 10, epochs: 2 });
  const args = [...nodeOptions, path.join(root, "bench/mnist/karenina.ts")];
  const own: Program = { name: "karenina", command: process.execPath, args, settings };
  const { lines } = await runProgram(own, { folder, cwd: root });
  assert.deepEqual(
    lines.map(({ iteration }) => iteration),
    [4, 6],
  );
  assert.ok(lines.every(({ loss, accuracy }) => loss > 1 && loss < 4 && accuracy * 10 <= 10));
});

test("a program's lines are read; one that fails or ends early is named with its last words", async () => {
  const line = { iteration: 6, loss: 1, accuracy: 0.5, seconds: 2 };
  const heard: number[] = [];
  const options = { folder, cwd: root, onLine: ({ loss }: { loss: number }) => heard.push(loss) };
  const run = await runProgram(printing([line]), options);
  assert.deepEqual(run.lines, [line]);
  assert.deepEqual(heard, [1]);
  await assert.rejects(runProgram(printing([line], 3), options), /mock ended early.*3.*alas/s);
  await assert.rejects(runProgram(printing([{ ...line, iteration: 4 }]), options), /ended early/);
});

test("the report has each seed, the mean, the deviation and the difference in points", () => {
  const run = (name: string, accuracy: number) => ({
    name,
    settings,
    lines: [{ iteration: 6, loss: 1, accuracy, seconds: 30 }],
  });
  const report = makeReport("mnist", [
    { name: "karenina", runs: [run("karenina", 0.95), run("karenina", 0.93)] },
    { name: "pytorch", runs: [run("pytorch", 0.94), run("pytorch", 0.95)] },
  ]);
  assert.ok(Math.abs(report.difference! + 0.5) < 1e-9);
  assert.ok(Math.abs(report.rows[0].deviation - Math.SQRT2) < 1e-9);
  const text = markdownReport(report);
  assert.match(
    text,
    /\| \*\*karenina\*\* tanh RNN 3 x 100, SGD 0.01, .*\| 95.00 % \| 93.00 % \| 94.00 % \| 1.41 \| 30 s \|/,
  );
  assert.match(text, /0.50 points below PyTorch's/);
  const alone = makeReport("mnist", [{ name: "karenina", runs: [run("karenina", 0.95)] }]);
  assert.equal(alone.difference, undefined);
  assert.doesNotMatch(markdownReport(alone), /NaN|points/);
});
