// This library's contestant, written as a notebook would.
import {
  adam,
  charRnn,
  clipByGlobalNorm,
  createStepper,
  draw,
  layers,
  momentum,
  type Optimizer,
  ready,
  setSeed,
  softmax,
  sparseSoftmaxCrossEntropy,
  tf,
} from "karenina";
import { batches, contestantArguments, serve } from "./contestant";
import type { Workload } from "./workloads";

function model(workload: Workload): tf.LayersModel {
  const { kind, N, V, H, embedding, dropout } = workload;
  if (kind === "text" || kind === "sample") {
    return charRnn({
      vocabularySize: V,
      batchSize: N,
      hiddenSize: H,
      embeddingSize: embedding,
      keepProb: 1 - dropout,
    });
  }
  const network = tf.sequential();
  if (kind === "rows") {
    network.add(layers.simpleRNN({ units: H, returnSequences: true, inputShape: [28, 28] }));
    network.add(layers.simpleRNN({ units: H, returnSequences: true }));
    network.add(layers.simpleRNN({ units: H }));
  } else {
    network.add(layers.dense({ units: H, activation: "relu", inputShape: [784] }));
    network.add(layers.dense({ units: H, activation: "relu" }));
  }
  network.add(layers.dense({ units: 10 }));
  return network;
}

function trainer(workload: Workload, folder: string): () => number {
  const { kind, N, T, learningRate, clipNorm } = workload;
  const network = model(workload);
  const variables = network.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const optimizer: Optimizer =
    kind === "rows" ? momentum({ learningRate, momentum: 0.5 }) : adam({ learningRate });
  const source = batches(workload, folder);
  const shapes = {
    text: { x: [N, T], y: [N, T] },
    rows: { x: [N, 28, 28], y: [N] },
    digits: { x: [N, 784], y: [N] },
    sample: { x: [], y: [] },
  }[kind];
  return () => {
    const batch = source.next().value;
    return tf.tidy(() => {
      const x = tf.tensor(batch.x, shapes.x, kind === "text" ? "int32" : "float32");
      const y = tf.tensor(batch.y, shapes.y, "int32");
      const { value, grads } = tf.variableGrads(
        () => sparseSoftmaxCrossEntropy(network.apply(x, { training: true }) as tf.Tensor, y),
        variables,
      );
      let gradients = variables.map((variable) => grads[variable.name]);
      if (clipNorm > 0) gradients = clipByGlobalNorm(gradients, clipNorm).gradients;
      optimizer.applyGradients(variables, gradients);
      return value.dataSync()[0];
    });
  };
}

function sampler(workload: Workload): () => number {
  const stepper = createStepper(model(workload));
  let symbol = 0;
  return () => {
    symbol = draw(softmax(stepper.step(Int32Array.of(symbol))));
    return Number.NaN;
  };
}

async function main(): Promise<void> {
  await ready();
  setSeed(1);
  const { workload, folder, warmUp } = contestantArguments();
  const step = workload.kind === "sample" ? sampler(workload) : trainer(workload, folder);
  await serve(step, { warmUp });
}

main();
