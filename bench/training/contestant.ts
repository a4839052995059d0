import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { ready, setSeed } from "karenina";
import type { Workload } from "./workloads";

/** What a contestant's process answers to "run N". Times in seconds, one a step. */
export interface Turn {
  seconds: number[];
  /** Of the last step; NaN where there is none. */
  loss: number;
  /** The most memory that the process has had. */
  peakBytes: number;
  /** Processor time of the turn, in all its threads. */
  cpuSeconds: number;
}

/**
 * Serves a contestant: makes some steps to warm up, writes {"ready": true}, then answers each line
 * "run N" on stdin with a {@link Turn} on stdout. The Python contestants speak the same.
 */
async function serve(step: Step, { warmUp }: { warmUp: number }): Promise<void> {
  for (let i = 0; i < warmUp; i++) {
    await step();
  }
  console.log(JSON.stringify({ ready: true }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const before = process.cpuUsage();
    const seconds: number[] = [];
    let loss = Number.NaN;
    for (let i = 0; i < Number(line.split(" ")[1]); i++) {
      const started = performance.now();
      loss = await step();
      seconds.push((performance.now() - started) / 1000);
    }
    const { user, system } = process.cpuUsage(before);
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    const turn: Turn = { seconds, loss, peakBytes, cpuSeconds: (user + system) / 1e6 };
    console.log(JSON.stringify(turn));
  }
}

/** The batches of a workload, over and over: x and y as flat arrays. */
export function* batches(
  { kind, N, T, V }: Workload,
  folder: string,
): Generator<{ x: Int32Array | Float32Array; y: Int32Array }> {
  const read = (name: string) => {
    const bytes = fs.readFileSync(path.join(folder, name));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  };
  if (kind === "text" || kind === "transformer") {
    const symbols = new Int32Array(read(`text-${V}.i32`));
    const perRow = Math.floor((symbols.length - 1) / (N * T));
    for (;;) {
      for (let i = 0; i < perRow; i++) {
        const rows = (shift: number) => {
          const part = new Int32Array(N * T);
          for (let n = 0; n < N; n++) {
            const begin = n * perRow * T + i * T + shift;
            part.set(symbols.subarray(begin, begin + T), n * T);
          }
          return part;
        };
        yield { x: rows(0), y: rows(1) };
      }
    }
  }
  const images = new Float32Array(read("images.f32"));
  const labels = new Int32Array(read("labels.i32"));
  const count = Math.floor(labels.length / N);
  for (;;) {
    for (let i = 0; i < count; i++) {
      yield {
        x: images.slice(i * N * 784, (i + 1) * N * 784),
        y: labels.slice(i * N, (i + 1) * N),
      };
    }
  }
}

/** Makes a step, and gives its loss. */
type Step = () => number | Promise<number>;

/** Serves the workload and the data folder that this process was started with. */
export async function runContestant(make: {
  trainer: (workload: Workload, folder: string) => Step;
  sampler: (workload: Workload) => Step;
}): Promise<void> {
  await ready();
  setSeed(1);
  const [text, folder] = process.argv.slice(2);
  const workload = JSON.parse(text) as Workload;
  const samples = workload.kind === "sample" || workload.kind === "sampleTransformer";
  const step = samples ? make.sampler(workload) : make.trainer(workload, folder);
  await serve(step, { warmUp: Math.max(3, Math.ceil(workload.steps / 2)) });
}
