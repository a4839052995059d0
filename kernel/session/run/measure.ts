import type { CellRuntime } from "./runtime";

/** How long the runs of one sample take at least, in milliseconds: clocks are no finer. */
const SAMPLE = 1;

/** How many samples are taken, and for how long they are, in milliseconds, where that gives more. */
const SAMPLES = 7;
const TIME = 1000;

/**
 * Measures how long code takes, and prints it, as `12.3 µs ± 0.4 µs per run`: mean and standard
 * deviation. What is over sooner than a clock can tell is run many times in a row for each sample.
 *
 * @param run the code; an async function is awaited each time
 * @throws whatever the code throws
 */
export async function measure(
  run: () => unknown,
  asynchronous: boolean,
  runtime: CellRuntime,
): Promise<void> {
  const { Bench } = await import("tinybench");
  let kept: unknown;
  const repeat = (count: number) => {
    for (let i = 0; i < count; i++) {
      // Kept, so that the engine cannot find out that nobody wants it.
      kept = run();
    }
    if (runtime.flag[0] !== 0) {
      runtime.stop();
    }
  };
  const repeatAwaiting = async (count: number) => {
    for (let i = 0; i < count; i++) {
      kept = await run();
    }
    if (runtime.flag[0] !== 0) {
      runtime.stop();
    }
  };
  const sample = asynchronous ? repeatAwaiting : repeat;
  let runs = 1;
  for (;;) {
    const start = performance.now();
    await sample(runs);
    if (performance.now() - start >= SAMPLE || runs >= 1e8) {
      break;
    }
    runs *= 10;
  }
  const bench = new Bench({ iterations: SAMPLES, time: TIME, warmup: false });
  bench.add("cell", () => sample(runs), { async: asynchronous });
  const [{ result }] = asynchronous ? await bench.run() : bench.runSync();
  if (result.state === "errored") {
    throw result.error;
  }
  if (result.state !== "completed") {
    throw new Error(`The measurement ended as ${result.state}, without a result: run it again.`);
  }
  const { mean, sd, samplesCount } = result.latency;
  const [unit, size] = unitOf(mean / runs);
  const figure = (milliseconds: number) =>
    `${Number((milliseconds / runs / size).toPrecision(3))} ${unit}`;
  const count = (value: number) => value.toLocaleString("en");
  console.log(
    `${figure(mean)} ± ${figure(sd)} per run (mean ± standard deviation of ${count(samplesCount)} ` +
      `samples of ${count(runs)} ${runs === 1 ? "run" : "runs"})`,
  );
  void kept;
}

/** Units of time and their sizes in milliseconds. */
const UNITS: [string, number][] = [
  ["s", 1000],
  ["ms", 1],
  ["µs", 1e-3],
  ["ns", 1e-6],
];

function unitOf(milliseconds: number): [string, number] {
  return UNITS.find(([, size]) => milliseconds >= size) ?? ["ns", 1e-6];
}
