import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findKernelSpec, startKernel } from "../../runner/client";
import { READINGS, type Reading, vitalsOf } from "./course";

const ROOT = join(__dirname, "../..");

/** Says how many steps were made, how many tensors there are, and what a step took. */
const TRAINING = (steps: number, every: number) => `
import { adam, charRnn, sequenceBatches, live, setSeed, tf, train, Vocabulary } from "karenina";
setSeed(1);
const text = "All happy families are alike; every unhappy family is unhappy in its own way. ";
const symbols = text.repeat(100);
const vocabulary = Vocabulary.of(symbols);
const codes = vocabulary.encode(symbols);
const network = charRnn({ vocabularySize: vocabulary.size, hiddenSize: 32, batchSize: 8 });
let since = performance.now();
await train(network, () => sequenceBatches(codes, { batchSize: 8, steps: 20 }), {
  epochs: ${steps}, maxSteps: ${steps}, optimizer: adam({ learningRate: 0.002 }), clipNorm: 5,
  callbacks: [live({ title: "A long training", total: ${steps} }), { onStep({ step }) {
    if (step % ${every} > 0) return;
    const now = performance.now();
    console.log(JSON.stringify({ step, ms: (now - since) / ${every}, tensors: tf.memory().numTensors }));
    since = now;
  } }],
});`;

/**
 * Trains a small network with a live chart in a cell, and reads the kernel again and again.
 *
 * @throws Error where the cell failed, the chart was not drawn, or tensors were left over
 */
export async function longTraining(
  { steps }: { steps: number },
  report: (reading: Reading) => void,
): Promise<void> {
  const cwd = join(ROOT, "build/endurance");
  mkdirSync(cwd, { recursive: true });
  const kernel = await startKernel({ spec: findKernelSpec("karenina", { root: ROOT }), cwd });
  const tensors: number[] = [];
  let drawn = 0;
  const begun = performance.now();
  try {
    const { status, outputs } = await kernel.execute(TRAINING(steps, Math.ceil(steps / READINGS)), {
      onOutput({ header, content }) {
        if (header.msg_type === "update_display_data") {
          drawn++;
        }
        if (header.msg_type !== "stream" || content.name !== "stdout") {
          return;
        }
        for (const line of String(content.text).trim().split("\n")) {
          const row = JSON.parse(line) as { step: number; ms: number; tensors: number };
          tensors.push(row.tensors);
          report({ done: row.step, milliseconds: row.ms, ...vitalsOf(kernel.pid!) });
        }
      },
    });
    if (status !== "ok") {
      throw new Error(JSON.stringify(outputs.at(-1)));
    }
  } finally {
    await kernel.shutdown();
  }
  const seconds = (performance.now() - begun) / 1000;
  if (drawn < seconds / 4) {
    throw new Error(`${drawn} drawings in ${seconds} s are not live.`);
  }
  if (new Set(tensors).size > 1) {
    throw new Error(`Tensors were left over: ${tensors.join(", ")}.`);
  }
}
