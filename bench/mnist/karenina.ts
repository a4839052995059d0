// The original program in this library: MNIST row by row. Speaks as program.ts says.
import {
  accuracy,
  adam,
  ready,
  sequenceClassifier,
  setSeed,
  sgd,
  shuffledBatches,
  type TrainingCallback,
  tf,
  train,
} from "karenina";
import { readMnist } from "./data";
import type { Line, Settings } from "./program";
import { orderedBatches, setFirstWeights } from "./start";

async function run(settings: Settings, folder: string): Promise<void> {
  await ready();
  const { cell, iterations, every, batchSize, seed, sharedStart } = settings;
  setSeed(seed);
  const model = sequenceClassifier({ cell });
  if (sharedStart) {
    setFirstWeights(model, folder, seed);
  }
  const examples = readMnist(folder, "train");
  const batches = sharedStart
    ? orderedBatches(examples, { folder, seed, batchSize })
    : shuffledBatches(examples, batchSize);
  const test = inParts(readMnist(folder, "test"), 1000);
  const report: TrainingCallback = {
    async onStep({ step, loss, seconds }) {
      if (step % every !== 0 && step !== iterations) {
        return;
      }
      const line: Line = { iteration: step, loss, accuracy: await accuracy(model, test), seconds };
      console.log(JSON.stringify(line));
    },
  };
  await train(model, batches, {
    epochs: iterations,
    maxSteps: iterations,
    optimizer: optimizerOf(settings),
    callbacks: [report],
  });
}

function optimizerOf({ optimizer, learningRate, momentum }: Settings) {
  if (optimizer === "adam") {
    return adam({ learningRate });
  }
  return sgd({ learningRate, momentum });
}

function inParts({ x, y }: { x: tf.Tensor; y: tf.Tensor }, size: number) {
  const N = y.shape[0];
  return Array.from({ length: Math.ceil(N / size) }, (_, part) => {
    const count = Math.min(size, N - part * size);
    return { x: tf.slice(x, part * size, count), y: tf.slice(y, part * size, count) };
  });
}

const [settings, folder] = process.argv.slice(2);
run(JSON.parse(settings) as Settings, folder);
