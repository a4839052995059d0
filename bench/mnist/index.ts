import path from "node:path";
import { writeAtomically } from "../../lib/host/node/writeAtomically";
import { dataFolder, findPython, nodeOptions, root } from "../training";
import { writeMnist } from "./data";
import { type Program, type Run, runProgram, type Settings } from "./program";
import { type MnistReport, makeReport } from "./report";
import { writeStart } from "./start";

export { markdownReport } from "./report";

/** What may be asked for by `engines`. */
export const mnistPrograms = ["karenina", "pytorch", "karenina-lstm"];

export interface MnistBenchOptions {
  /** How many seeds, from 1 on, each program is run with. Default 3. */
  seeds?: number;
  /** Default 5000, as in the original program. */
  iterations?: number;
  /** Of SGD. Default 0: the original names 0.5 and does not use it. */
  momentum?: number;
  /** Let each program draw its own first weights and order of examples. Default false. */
  independent?: boolean;
  /** Which programs to run; default all. Where Python lacks, PyTorch is left out. */
  engines?: string[];
}

/** Where the report lies. */
export const MNIST_REPORT = path.join(root, "build", "bench", "mnist.json");

/**
 * Runs the original MNIST program, three tanh layers that read a digit row by row, here and in PyTorch,
 * and once more here with LSTM layers and Adam; every training in a process of its own, the programs
 * in turns from seed to seed. For each seed both original programs begin with the same weights and see
 * the same batches, unless `independent`.
 */
export async function benchMnist(options: MnistBenchOptions = {}): Promise<MnistReport> {
  const { seeds = 3, iterations = 5000, momentum = 0, independent = false } = options;
  const { engines = mnistPrograms } = options;
  const python = engines.includes("pytorch") ? findPython() : undefined;
  const names = engines.filter((name) => name !== "pytorch" || python !== undefined);
  const { name: data, count } = await writeMnist(dataFolder);
  const epochs = Math.ceil(iterations / Math.ceil(count / original.batchSize));
  const results = names.map((name) => ({ name, runs: [] as Run[] }));
  for (let seed = 1; seed <= seeds; seed++) {
    if (!independent) {
      writeStart(dataFolder, { seed, examples: count, epochs });
    }
    const settings = { ...original, momentum, iterations, seed, sharedStart: !independent };
    for (const { name, runs } of results) {
      const program = programOf(name, settings, python);
      const run = await runProgram(program, {
        folder: dataFolder,
        cwd: root,
        onLine: ({ iteration, loss, accuracy, seconds }) =>
          console.error(
            `${name}, seed ${seed}, iteration ${iteration}: loss ${loss.toFixed(3)}, ` +
              `${(100 * accuracy).toFixed(2)} % right, ${seconds.toFixed(0)} s`,
          ),
      });
      runs.push(run);
    }
  }
  const report = makeReport(data, results);
  writeAtomically(MNIST_REPORT, `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

const original: Settings = {
  cell: "rnn",
  optimizer: "sgd",
  learningRate: 0.01,
  momentum: 0,
  batchSize: 64,
  iterations: 5000,
  every: 500,
  seed: 1,
  sharedStart: true,
};

function programOf(name: string, settings: Settings, python: string | undefined): Program {
  const file = (each: string) => path.join(__dirname, each);
  if (name === "pytorch" && python) {
    return { name, command: python, args: [file("pytorch.py")], settings };
  }
  const own = { name, command: process.execPath, args: [...nodeOptions, file("karenina.ts")] };
  if (name === "karenina") {
    return { ...own, settings };
  }
  return {
    ...own,
    settings: {
      ...settings,
      cell: "lstm",
      optimizer: "adam",
      learningRate: 1e-3,
      momentum: 0,
      sharedStart: false,
    },
  };
}
