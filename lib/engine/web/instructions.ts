// The instructions of a program, and what threads may share of each.

/** By their numbers in cpp/program.h. */
export const OPERATIONS = [
  "fill",
  "lookUp",
  "sumByIndex",
  "product",
  "sumRows",
  "dense",
  "activationSlope",
  "dropout",
  "multiply",
  "add",
  "lstm",
  "lstmSlopes",
  "simpleRnn",
  "simpleRnnSlopes",
  "gru",
  "gruSlopes",
  "columns",
  "fewRows",
  "lstmCell",
  "simpleRnnCell",
  "crossEntropy",
  "squares",
  "decide",
  "update",
  "norm",
  "normSlopes",
  "gelu",
  "geluSlopes",
  "attention",
  "attentionSlopes",
  "attendStep",
] as const;

export type Operation = (typeof OPERATIONS)[number];

/** What instructions take, and into how many parts they can be divided. */
export interface Share {
  /** In multiplications of a matrix product, each of which takes 0.05 to 0.1 ns. */
  work: number;
  /** 1 where there are no parts. */
  most: number;
}

/** Instructions that are done beside each other: no part of them reads what another part of them writes. */
export interface Group extends Share {
  count: number;
}

/** In multiplications: what it takes to read or write a number, and to compute one of an optimizer's, or one
 * of GELU. */
const [MOVED, UPDATED, BENT] = [3, 15, 20];
/** How many numbers a part has at least where they lie in a row: LINE of cpp/parts.h. */
export const LINE = 16;

/** A matrix is divided by its rows, or by its columns where there are more of those. */
const ofMatrix = (rows: number, columns: number, work = MOVED * rows * columns) => ({
  work,
  most: columns > rows ? Math.ceil(columns / LINE) : rows,
});
const ofProduct = ([M, N, K]: readonly number[]) => ofMatrix(M, N, M * N * K);
const ofRows = (rows: number, width: number) => ({ work: MOVED * rows * width, most: rows });
const ofColumns = (rows: number, width: number) => ({
  work: MOVED * rows * width,
  most: Math.ceil(width / LINE),
});
const ofNumbers = (size: number, each = MOVED) => ({
  work: each * size,
  most: Math.ceil(size / LINE),
});
const ofRecurrence =
  (gates: number) =>
  ([T, N, H]: readonly number[]) => ({ work: gates * T * N * H * H, most: N });
const ofNorm = ([R, D]: readonly number[]) => ({ work: 4 * MOVED * R * D, most: R });
/** Half of all pairs of steps, in so many times two products. */
const ofAttention =
  (products: number) =>
  ([N, T, heads, d]: readonly number[]) => ({ work: products * N * heads * T * T * d, most: N });

/** By the numbers of each instruction. All others are the first thread's: losses and norms are sums in one order. */
const shares: Partial<Record<Operation, (numbers: readonly number[]) => Share>> = {
  fill: ([, rows, width]) => ofRows(rows, width),
  lookUp: ([, , rows, width]) => ofRows(rows, width),
  sumByIndex: ([, , rows, width]) => ofColumns(rows, width),
  product: ofProduct,
  sumRows: ([, rows, width]) => ofColumns(rows, width),
  dense: ofProduct,
  activationSlope: ([, size]) => ofNumbers(size),
  dropout: ([size]) => ofNumbers(size),
  multiply: ([size]) => ofNumbers(size),
  add: ([size]) => ofNumbers(size),
  lstm: ofRecurrence(4),
  lstmSlopes: ofRecurrence(4),
  simpleRnn: ofRecurrence(1),
  simpleRnnSlopes: ofRecurrence(1),
  gru: ofRecurrence(3),
  gruSlopes: ofRecurrence(3),
  columns: ([, rows, width]) => ofMatrix(rows, width),
  fewRows: ([N, K, M]) => ({ work: N * K * M, most: Math.ceil(M / LINE) }),
  update: ([, size]) => ofNumbers(size, UPDATED),
  norm: ofNorm,
  normSlopes: ofNorm,
  gelu: ([size]) => ofNumbers(size, BENT),
  geluSlopes: ([size]) => ofNumbers(size, BENT),
  attention: ofAttention(1),
  attentionSlopes: ofAttention(3),
  attendStep: ([N, heads, d, , place]) => ofRows(N, 2 * heads * d * place),
};

/** What an instruction takes, by its numbers. */
export function shareOf(operation: Operation, numbers: readonly number[]): Share {
  return shares[operation]?.(numbers) ?? { work: 0, most: 1 };
}

/**
 * The least that is worth a thread's while: 50 to 100 µs. To wake one and to wait for it was measured as up to 80
 * on a virtual machine: 1.3 million multiplications took two threads as long as one.
 */
const LEAST_WORK = 2 ** 20;

/** In how many parts so many threads do it. */
export function partsOf({ work, most }: Share, threads: number): number {
  return Math.max(1, Math.min(threads, most, Math.floor(work / LEAST_WORK)));
}
