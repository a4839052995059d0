import { adam, charRnn, evaluate, layers, loadText, ngramModel, ready, sequenceBatches, setSeed, tf, train, transformer, Vocabulary, cosineSchedule } from "karenina";
(async () => {
await ready();
const text = await loadText("anna-karenina-ru");
const vocabulary = Vocabulary.of(text); const V = vocabulary.size;
const codes = vocabulary.encode(text); const cut = Math.floor(0.9 * codes.length);
const training = codes.subarray(0, cut), heldOut = codes.subarray(cut, cut + 40_000);
const steps = +(process.argv[2] ?? 400); const [N, T] = [32, 64]; const W = 8;
function* windows(c: Int32Array, rows: number) {
  for (let at = 0; at + rows + W <= c.length; at += rows) {
    const x = Array.from({ length: rows }, (_, i) => c.subarray(at + i, at + i + W));
    yield { x, y: tf.tensor1d(Array.from({ length: rows }, (_, i) => c[at + i + W]), "int32") };
  }
}
const mlp = () => tf.sequential({ layers: [
  layers.embedding({ inputDim: V, outputDim: 24, batchInputShape: [null, W] }), tf.layers.flatten(),
  layers.dense({ units: 256, activation: "tanh" }), layers.dense({ units: V })] });
const rnn = (cell: any, hiddenSize: number) => () => charRnn({ vocabularySize: V, batchSize: N, cell, hiddenSize, numLayers: 1, embeddingSize: 64 });
const nets: Record<string, [() => tf.LayersModel, number]> = {
  MLP: [mlp, 0.003],
  RNN: [rnn("rnn", 224), 0.002], GRU: [rnn("gru", 144), 0.005], LSTM: [rnn("lstm", 128), 0.005],
  learnt: [() => transformer({ vocabularySize: V, contextLength: T, width: 64, numLayers: 2, numHeads: 4 }), 0.004],
  rotary: [() => transformer({ vocabularySize: V, contextLength: T, width: 64, numLayers: 2, numHeads: 4, positions: "rotary" }), 0.004],
  none: [() => transformer({ vocabularySize: V, contextLength: T, width: 64, numLayers: 2, numHeads: 4, positions: "none" }), 0.004],
};
const only = process.argv[3]?.split(",");
for (const [name, [make, rate]] of Object.entries(nets)) {
  if (only && !only.includes(name)) continue;
  for (const lr of process.argv[4] ? process.argv[4].split(",").map(Number) : [rate]) {
  setSeed(1); const m = make();
  const batches = name === "MLP" ? () => windows(training, N * T) : () => sequenceBatches(training, { batchSize: N, steps: T });
  const h = await train(m, batches as any, { epochs: 9, maxSteps: steps, optimizer: adam({ learningRate: lr }), schedule: cosineSchedule({ initial: lr, steps, warmUp: Math.floor(steps/10) } as any), clipNorm: 1 });
  const e = await evaluate(m, (name === "MLP" ? windows(heldOut, N * T) : sequenceBatches(heldOut, { batchSize: N, steps: T })) as any);
  console.log(name, lr, m.countParams(), e.toFixed(4), h.at(-1)!.seconds.toFixed(1));
  }
}
})();
