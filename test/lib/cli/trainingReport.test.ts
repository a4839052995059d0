import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { reportTraining } from "../../../lib/cli/terminal";

/** The lines of the steps from one on, of a training of so many. */
function linesOf(stepsPerEpoch: number, epochs: number, from = 0): string[] {
  const lines: string[] = [];
  const terminal = { isInteractive: false, line: (text: string) => lines.push(text) };
  const report = reportTraining(terminal as never, { stepsPerEpoch, epochs, printEvery: 1 });
  report.onTrainBegin!({ step: from } as never, undefined as never);
  for (let step = from + 1; step <= stepsPerEpoch * epochs; step++) {
    const row = { step, epoch: 1, loss: 2, gradientNorm: 1, learningRate: 1, seconds: step };
    report.onStep!(row, undefined as never, undefined as never);
  }
  return lines;
}

const epochIn = (line: string) => Number(/^Epoch (\d+\.\d\d) \/ /.exec(line)![1]);

test("the epoch is what is done: it rises to the number of epochs, and never above it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 5 }),
      (steps, epochs) => {
        const shown = linesOf(steps, epochs).map(epochIn);
        assert.equal(shown.at(-1), epochs);
        shown.forEach((epoch, i) => {
          assert.ok(epoch <= epochs && (i === 0 || epoch >= shown[i - 1]));
          // A whole number is said of an epoch that is over.
          if (Number.isInteger(epoch) && steps <= 100) {
            assert.equal((i + 1) % steps, 0);
          }
        });
      },
    ),
    { numRuns: 30 },
  );
});

test("a training that goes on counts on", () => {
  const all = linesOf(6, 10).map(epochIn);
  assert.deepEqual(linesOf(6, 10, 59).map(epochIn), all.slice(59));
  assert.match(linesOf(6, 10, 58)[0], /^Epoch 9\.83 \/ 10, i = 59 \/ 60, loss = 2\.000000/);
  assert.match(linesOf(6, 10, 59)[0], /^Epoch 10\.00 \/ 10, i = 60 \/ 60/);
});
