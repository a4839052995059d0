import fs from "node:fs";
import path from "node:path";
import { type Examples, layers, random, setSeed, tf } from "karenina";
import { batchesInOrder, shuffledOrder } from "../../lib/examples/examples";
import { writeAtomically } from "../../lib/host/node/writeAtomically";

/** H, the units of each of the three layers. */
const H = 100;

/** Of the original program's parameters, in the order of PyTorch's `parameters()`. */
const shapes = [...[28, H, H].flatMap((D) => [[H, D], [H, H], [H], [H]]), [10, H], [10]];

const sizeOf = (shape: number[]) => shape.reduce((product, n) => product * n, 1);

/** How many numbers the original program learns. */
export const parameterCount = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);

const fileOf = (folder: string, what: string, seed: number) =>
  path.join(folder, `mnist-${what}-${seed}`);

/**
 * Draws what two programs share that are to be compared closely: the first weights, all uniform within
 * ±1/√H as PyTorch draws them, and the order in which the examples come, shuffled again for each epoch.
 * Runs of one program that differ in these alone end points apart.
 */
export function writeStart(
  folder: string,
  start: { seed: number; examples: number; epochs: number },
): void {
  const { seed, examples, epochs } = start;
  setSeed(seed);
  const bound = 1 / Math.sqrt(H);
  const weights = Float32Array.from({ length: parameterCount }, () => bound * (2 * random() - 1));
  const order = new Int32Array(epochs * examples);
  for (let epoch = 0; epoch < epochs; epoch++) {
    order.set(shuffledOrder(examples), epoch * examples);
  }
  for (const [what, values] of Object.entries({ weights, order })) {
    writeAtomically(fileOf(folder, what, seed), new Uint8Array(values.buffer));
  }
}

function readNumbers(file: string): ArrayBuffer {
  const bytes = fs.readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

/** Gives the library's network the first weights; of PyTorch's two biases it takes the sum. */
export function setFirstWeights(model: tf.LayersModel, folder: string, seed: number): void {
  const all = new Float32Array(readNumbers(fileOf(folder, "weights", seed)));
  let from = 0;
  const parameters = shapes.map((shape) => {
    const values = all.slice(from, from + sizeOf(shape));
    from += values.length;
    return { shape, values };
  });
  for (const [place, layer] of model.layers.entries()) {
    const [weight_ih, weight_hh, bias_ih, bias_hh] = parameters.slice(4 * place);
    if (layer instanceof layers.RecurrentLayer) {
      const recurrent = { weight_ih: weight_ih, weight_hh: weight_hh, bias_ih, bias_hh };
      layers.setPyTorchWeights(layer, recurrent);
    } else {
      tf.tidy(() => {
        const kernel = tf.transpose(tf.tensor(weight_ih.values, weight_ih.shape));
        layer.setWeights([kernel, tf.tensor(weight_hh.values, weight_hh.shape)]);
      });
    }
  }
}

/** Batches in the order that was drawn, for `train`; an epoch's last one is smaller. */
export function orderedBatches(
  examples: Examples,
  { folder, seed, batchSize }: { folder: string; seed: number; batchSize: number },
): (epoch: number) => Generator<Examples> {
  const order = new Int32Array(readNumbers(fileOf(folder, "order", seed)));
  const N = examples.y.shape[0];
  return (epoch) => batchesInOrder(examples, order.subarray((epoch - 1) * N, epoch * N), batchSize);
}
