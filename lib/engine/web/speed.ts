import { host } from "../../host/host";
import type { WebModule } from "./module";
import { addProduct } from "./products";
import { runProgram } from "./program";

/** [M, N, K] of the product that is timed: as large as those of the lessons' networks, and within the caches. */
const SIZES = [64, 512, 128] as const;

/** How often a program has it, so that one call outlasts what surrounds it. */
const TIMES = 4;

/** The least that is timed at once. A browser's clock may be coarse: its ticks begin and end what is timed. */
const WINDOW_MS = 10;

/** So many times in a row without a faster one, and the browser has compiled its fastest code. */
const ENOUGH = 4;

/** Milliseconds after which there is no further one. */
const LIMIT_MS = 150;

/**
 * How many multiplications, each with an addition, the module does in a second: matrix products in float32 on
 * one thread. They are timed for some 50 to 150 ms, and the fastest counts: the first run in code that the
 * browser has compiled in haste, and others while the machine does something else.
 */
export function multiplicationsPerSecond(module: WebModule): number {
  const [M, N, K] = SIZES;
  const values = (into: Float32Array) => into.fill(0.5);
  const run = () =>
    runProgram(module, { limits: [0, 0, 0], scalars: [], onOneThread: true }, (program) => {
      const a = program.floats(M * K, values);
      const b = program.floats(K * N, values);
      const c = program.place(M * N);
      for (let time = 0; time < TIMES; time++) {
        addProduct(program, SIZES, [a, K, 1], [b, N, 1], c);
      }
    });
  const { now } = host.process;
  const begun = now();
  let fastest = 0;
  for (let waited = 0; waited < ENOUGH && now() - begun < LIMIT_MS; waited++) {
    const { runs, milliseconds } = runFor(WINDOW_MS, run, now);
    const found = (runs * TIMES * M * N * K) / (milliseconds / 1000);
    if (found > 1.05 * fastest) {
      waited = 0;
    }
    fastest = Math.max(fastest, found);
  }
  return fastest;
}

function runFor(atLeast: number, run: () => void, now: () => number) {
  const begun = now();
  for (let runs = 1; ; runs++) {
    run();
    const milliseconds = now() - begun;
    if (milliseconds >= atLeast) {
      return { runs, milliseconds };
    }
  }
}
