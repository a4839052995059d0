/** One of the course's trainings, or its sampling, as every engine runs it. Sizes as in the formulas. */
export interface Workload {
  name: string;
  /** One line for the report. */
  title: string;
  kind: "text" | "rows" | "digits" | "sample" | "transformer" | "sampleTransformer";
  /** Sequences or images in a batch. */
  N: number;
  /** Time steps. */
  T: number;
  /** Features of an image row, or symbols of a text. */
  V: number;
  /** Units of each recurrent or dense layer. */
  H: number;
  /** Width of the embedding; 0 is one-hot. */
  embedding: number;
  dropout: number;
  learningRate: number;
  /** Clipping of all gradients together; 0 is none. */
  clipNorm: number;
  /** Floating-point operations of a step, forward and backward, in 10^9; matrix products only. */
  gflop: number;
  /** Steps that an engine makes in each of its turns. */
  steps: number;
}

const text = { kind: "text", learningRate: 2e-3, clipNorm: 5, dropout: 0 } as const;
const digits = { V: 10, embedding: 0, dropout: 0, clipNorm: 0, T: 1 } as const;
const sample = { kind: "sample", N: 1, T: 1, dropout: 0, learningRate: 0, clipNorm: 0 } as const;

export const workloads: Workload[] = [
  {
    ...text,
    name: "W1",
    V: 140,
    N: 100,
    T: 100,
    H: 512,
    embedding: 0,
    steps: 2,
    dropout: 0.5,
    learningRate: 1e-3,
    title: "char-RNN of Anna Karenina: one-hot 140, LSTM 2 x 512, N 100, T 100, dropout 0.5, Adam",
    gflop: charRnnGflop(140, 140, 512, 100 * 100, false),
  },
  {
    ...text,
    name: "W2",
    V: 96,
    N: 50,
    T: 50,
    H: 128,
    embedding: 64,
    steps: 12,
    title: "torch-rnn's defaults: embedding 64, LSTM 2 x 128, N 50, T 50, Adam",
    gflop: charRnnGflop(96, 64, 128, 50 * 50, true),
  },
  {
    ...digits,
    name: "W3",
    kind: "rows",
    N: 64,
    T: 28,
    V: 28,
    H: 100,
    learningRate: 0.01,
    steps: 30,
    title: "digits row by row: tanh RNN 3 x 100, N 64, T 28, SGD with momentum 0.5",
    // The first layer's input gradient is wanted by nobody.
    gflop: (64 * 28 * (6 * 5 * 100 * 100 + 4 * 28 * 100) + 64 * 6 * 1000) / 1e9,
  },
  {
    ...sample,
    name: "W4a",
    V: 140,
    H: 512,
    embedding: 0,
    steps: 300,
    title: "one sampled character of W1's network",
    gflop: (2 * (652 * 2048 + 1024 * 2048 + 512 * 140)) / 1e9,
  },
  {
    ...sample,
    name: "W4b",
    V: 96,
    H: 128,
    embedding: 64,
    steps: 600,
    title: "one sampled character of W2's network",
    gflop: (2 * (192 * 512 + 256 * 512 + 128 * 96)) / 1e9,
  },
  {
    ...sample,
    name: "W4c",
    V: 140,
    N: 64,
    H: 512,
    embedding: 0,
    steps: 60,
    title: "a character for each of 64 texts, of W1's network",
    gflop: (64 * 2 * (652 * 2048 + 1024 * 2048 + 512 * 140)) / 1e9,
  },
  {
    ...sample,
    name: "W4d",
    V: 96,
    N: 64,
    H: 128,
    embedding: 64,
    steps: 200,
    title: "a character for each of 64 texts, of W2's network",
    gflop: (64 * 2 * (192 * 512 + 256 * 512 + 128 * 96)) / 1e9,
  },
  {
    ...sample,
    kind: "sampleTransformer",
    name: "W4e",
    V: 256,
    T: 128,
    H: 128,
    embedding: 128,
    steps: 512,
    title: "one sampled byte of W6's network, keys and values kept",
    // The scores over 96 places on average are small beside the products with weights.
    gflop: (2 * (4 * 12 * 128 * 128 + 128 * 256)) / 1e9,
  },
  {
    ...digits,
    name: "W5",
    kind: "digits",
    N: 128,
    H: 512,
    learningRate: 1e-3,
    steps: 100,
    title: "digits: dense 784-512-512-10, N 128, Adam",
    gflop: (128 * (4 * 784 * 512 + 6 * (512 * 512 + 5120))) / 1e9,
  },
  {
    ...text,
    name: "W6",
    kind: "transformer",
    V: 256,
    N: 32,
    T: 128,
    H: 128,
    embedding: 128,
    steps: 8,
    learningRate: 1e-3,
    clipNorm: 1,
    title: "transformer of bytes: 4 layers, width 128, 4 heads, N 32, T 128, Adam",
    gflop: transformerGflop(),
  },
];

/** 2 operations for a product and sum, 3 products for each weight: forward, by weights, by inputs. */
function charRnnGflop(V: number, D: number, H: number, rows: number, embedded: boolean): number {
  const first = (embedded ? 6 : 4) * D * 4 * H;
  return (rows * (first + 6 * (3 * H * 4 * H + H * V))) / 1e9;
}

/** 4 blocks of width D: products with 12 D² weights each, the scores and their sums, and the logits. */
function transformerGflop(): number {
  const [N, T, D, V, blocks] = [32, 128, 128, 256, 4];
  const weights = 6 * N * T * (blocks * 12 * D * D + D * V);
  return (weights + blocks * 3 * N * 4 * T * T * D) / 1e9;
}
