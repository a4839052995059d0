"use strict";
// Run in a child process with the library's preload: proves by a computation that the backend named
// by KARENINA_BACKEND works, and prints what it is. With `--speed` it measures it, too.
const tf = require("@tensorflow/tfjs-node");
const { name } = require("../../lib/host/node/preload.cjs");

/** Best of five multiplications of two n x n matrices, in 10^9 operations a second. */
function gigaflops(n) {
  const [a, b] = [tf.randomUniform([n, n]), tf.randomUniform([n, n])];
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 6; i++) {
    const start = performance.now();
    const product = tf.matMul(a, b);
    // A kernel may still be at work when its call returns; a number that is read is there. (Not in
    // tf.tidy, which would search the numbers for tensors.)
    product.dataSync();
    product.dispose();
    // The first one also starts the threads.
    if (i > 0) {
      best = Math.min(best, performance.now() - start);
    }
  }
  return (2 * n ** 3) / (best * 1e6);
}

async function main() {
  await tf.ready();
  const product = tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0];
  if (product !== 11) {
    throw new Error(`[1 2] x [3 4]' gave ${product} and not 11`);
  }
  const version = name === "native" ? tf.backend().binding.TF_Version : tf.version["tfjs-core"];
  const report = { name, version };
  if (process.argv.includes("--speed")) {
    report.gigaflops = gigaflops(1024);
  }
  process.stdout.write(JSON.stringify(report));
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
