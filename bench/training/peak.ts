// Prints the speed of the machine's matrix product in GFLOP/s: the best of TensorFlow's on a size
// where it is at its best. What a training can reach at most.
import { ready, tf } from "karenina";

async function main(): Promise<void> {
  await ready();
  const [rows, inner, columns] = [10_000, 512, 2048];
  const a = tf.randomUniform([rows, inner]) as tf.Tensor2D;
  const b = tf.randomUniform([inner, columns]) as tf.Tensor2D;
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 12; run++) {
    const started = performance.now();
    tf.tidy(() => tf.slice(tf.matMul(a, b), [0, 0], [1, 1]).dataSync());
    best = Math.min(best, (performance.now() - started) / 1000);
  }
  console.log(JSON.stringify({ gflops: (2 * rows * inner * columns) / best / 1e9 }));
}

main();
