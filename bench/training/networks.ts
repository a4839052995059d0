import {
  adam,
  charRnn,
  layers,
  type Optimizer,
  sgd,
  type TrainOptions,
  tf,
  transformer,
} from "karenina";
import type { Workload } from "./workloads";

/** A workload's network in this library. */
export function networkOf(workload: Workload): tf.LayersModel {
  const { kind, N, T, V, H, embedding, dropout } = workload;
  if (kind === "transformer" || kind === "sampleTransformer") {
    return transformer({
      vocabularySize: V,
      contextLength: T,
      width: H,
      numLayers: 4,
      numHeads: 4,
    });
  }
  if (kind === "text" || kind === "sample") {
    return charRnn({
      vocabularySize: V,
      batchSize: N,
      hiddenSize: H,
      embeddingSize: embedding,
      dropout,
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

/** The options of `train` for a workload. */
export function optionsOf({ kind, learningRate, clipNorm }: Workload): TrainOptions {
  const optimizer: Optimizer =
    kind === "rows" ? sgd({ learningRate, momentum: 0.5 }) : adam({ learningRate });
  return { optimizer, clipNorm: clipNorm > 0 ? clipNorm : undefined };
}
