// What a tab says of its device when the library first computes in it.

/** The network of lesson 07 in the lesson's modes: two layers of LSTM, on batches of N sequences of T characters. */
export const LESSON_07 = {
  fast: { H: 96, embedding: 32, N: 20, T: 25 },
  browser: { H: 128, embedding: 32, N: 20, T: 25 },
  lesson: { H: 128, embedding: 64, N: 50, T: 50 },
  full: { H: 512, embedding: 0, N: 100, T: 100 },
};

/** Characters of Anna Karenina in Russian. */
const V = 140;

/**
 * What a step takes, in units of its matrix products alone: gates, loss and update are the rest. Measured in
 * Node.js on one core of an AMD EPYC as 1.10 to 1.26 for the sizes of `fast` and `lesson`.
 */
const OVERHEAD = 1.2;

/** Multiplications of a training step. Each layer's products are done three times: forward, and twice backward. */
function multiplicationsOf({ H, embedding, N, T }: (typeof LESSON_07)["fast"]): number {
  // One row of the first layer's matrix is looked up where there is no embedding.
  const layers = 4 * H * (embedding + H) + 4 * H * (H + H) + H * V;
  return 3 * N * T * layers;
}

/**
 * @param instructions those that the module is compiled for
 * @param threads how many share a step of that size
 * @param multiplications per second, on one of them
 * @param mode the lesson's
 */
export function speedLine(
  { instructions, threads }: { instructions: string; threads: number },
  multiplications: number,
  mode = "fast",
): string {
  const size = LESSON_07[mode as keyof typeof LESSON_07] ?? LESSON_07.fast;
  const seconds = (OVERHEAD * multiplicationsOf(size)) / multiplications;
  const simd = instructions === "relaxed" ? "SIMD, relaxed SIMD" : "SIMD";
  const [count, then] =
    threads === 1
      ? ["1 thread", ". A step of lesson 07's network takes"]
      : [`${threads} threads`, " on one of them, on which a step of lesson 07's network takes"];
  return (
    `Training here runs on WebAssembly (${simd}; ${count}): about ${largeNumber(multiplications)} ` +
    `multiplications a second${then} about ${duration(seconds)}.`
  );
}

function largeNumber(value: number): string {
  const [unit, name] = value < 0.95e9 ? [1e6, "million"] : [1e9, "billion"];
  return `${rounded(value / unit)} ${name}`;
}

function duration(seconds: number): string {
  return seconds < 0.095 ? `${rounded(seconds * 1000)} ms` : `${rounded(seconds)} s`;
}

/** With as many digits as it deserves: 12, 3.4, 0.2, 850. */
function rounded(value: number): string {
  return String(Number(value.toPrecision(value < 1 ? 1 : 2)));
}
