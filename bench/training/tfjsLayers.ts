// Plain tfjs-layers, as a newcomer writes it after its tutorials.
import { tf } from "karenina";
import { batches, runContestant } from "./contestant";
import type { Workload } from "./workloads";

function model({ kind, N, V, H, embedding, dropout, learningRate, T }: Workload): tf.Sequential {
  const network = tf.sequential();
  // tfjs's default, orthogonal, takes minutes for the larger of these matrices.
  const initializer = { recurrentInitializer: "glorotUniform" as const };
  if (kind === "text" || kind === "sample") {
    const lstm = (first: object) =>
      tf.layers.lstm({
        units: H,
        returnSequences: true,
        stateful: true,
        recurrentActivation: "sigmoid",
        ...initializer,
        ...first,
      });
    if (embedding > 0) {
      network.add(
        tf.layers.embedding({ inputDim: V, outputDim: embedding, batchInputShape: [N, T] }),
      );
    }
    network.add(lstm(embedding > 0 ? {} : { batchInputShape: [N, T, V] }));
    if (dropout > 0) {
      network.add(tf.layers.dropout({ rate: dropout }));
    }
    network.add(lstm({}));
    if (dropout > 0) {
      network.add(tf.layers.dropout({ rate: dropout }));
    }
  } else if (kind === "rows") {
    for (const first of [{ inputShape: [28, 28] }, {}, {}]) {
      const returnSequences = network.layers.length < 2;
      network.add(tf.layers.simpleRNN({ units: H, returnSequences, ...initializer, ...first }));
    }
  } else {
    network.add(tf.layers.dense({ units: H, activation: "relu", inputShape: [784] }));
    network.add(tf.layers.dense({ units: H, activation: "relu" }));
  }
  const classes = kind === "text" || kind === "sample" ? V : 10;
  network.add(tf.layers.dense({ units: classes, activation: "softmax" }));
  network.compile({
    optimizer: kind === "rows" ? tf.train.momentum(learningRate, 0.5) : tf.train.adam(learningRate),
    loss:
      kind === "text" && embedding === 0
        ? "categoricalCrossentropy"
        : "sparseCategoricalCrossentropy",
  });
  return network;
}

function trainer(workload: Workload, folder: string): () => Promise<number> {
  const { kind, N, T, V, embedding } = workload;
  const network = model(workload);
  const source = batches(workload, folder);
  return async () => {
    const batch = source.next().value;
    const [x, y] = tf.tidy(() => {
      if (kind !== "text") {
        const shape = kind === "rows" ? [N, 28, 28] : [N, 784];
        return [tf.tensor(batch.x, shape), tf.tensor(Float32Array.from(batch.y), [N, 1])];
      }
      const ids = [batch.x, batch.y].map((each) => tf.tensor(each, [N, T], "int32"));
      if (embedding > 0) {
        return [ids[0], tf.expandDims(tf.cast(ids[1], "float32"), 2)];
      }
      return ids.map((each) => tf.cast(tf.oneHot(each, V), "float32"));
    });
    const loss = await network.trainOnBatch(x, y);
    tf.dispose([x, y]);
    return Array.isArray(loss) ? loss[0] : loss;
  };
}

function sampler(workload: Workload): () => number {
  const { N, V, embedding } = workload;
  const network = model(workload);
  const symbols = new Int32Array(N);
  return () => {
    const probabilities = tf.tidy(() => {
      const ids = tf.tensor2d(symbols, [N, 1], "int32");
      const x = embedding > 0 ? ids : tf.cast(tf.oneHot(ids, V), "float32");
      return (network.predict(x, { batchSize: N }) as tf.Tensor).dataSync();
    });
    for (let n = 0; n < N; n++) {
      let rest = Math.random();
      let symbol = 0;
      for (; symbol < V - 1; symbol++) {
        rest -= probabilities[n * V + symbol];
        if (rest <= 0) {
          break;
        }
      }
      symbols[n] = symbol;
    }
    return Number.NaN;
  };
}

runContestant({ trainer, sampler });
