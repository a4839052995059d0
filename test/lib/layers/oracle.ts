// Recurrent layers gate by gate and number by number, in float64: slow, and too simple to be wrong.

export type Kind = "lstm" | "gru" | "gruResetAfter" | "simpleRNN";
export const GATES: Record<Kind, number> = { lstm: 4, gru: 3, gruResetAfter: 3, simpleRNN: 1 };
export const STATES: Record<Kind, number> = { lstm: 2, gru: 1, gruResetAfter: 1, simpleRNN: 1 };

/** Everything that an output depends on, as flat arrays: x [N, T, D], states [N, H], weights. */
export interface Problem {
  kind: Kind;
  N: number;
  T: number;
  D: number;
  H: number;
  x: Float64Array;
  initial: Float64Array[];
  kernel: Float64Array;
  recurrentKernel: Float64Array;
  bias: Float64Array;
}

const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));

/** The outputs [N, T, H] and the states after the last step. */
export function run(problem: Problem): { sequence: Float64Array; final: Float64Array[] } {
  const { kind, N, T, D, H, x, initial, kernel, recurrentKernel, bias } = problem;
  const width = GATES[kind] * H;
  const sequence = new Float64Array(N * T * H);
  const final = initial.map((state) => state.slice());
  for (let n = 0; n < N; n++) {
    for (let t = 0; t < T; t++) {
      const h = final[0].slice(n * H, (n + 1) * H);
      const fromInput = (column: number) => {
        let sum = bias[column];
        for (let d = 0; d < D; d++) {
          sum += x[(n * T + t) * D + d] * kernel[d * width + column];
        }
        return sum;
      };
      const fromState = (column: number, state: Float64Array) => {
        let sum = 0;
        for (let k = 0; k < H; k++) {
          sum += state[k] * recurrentKernel[k * width + column];
        }
        return sum;
      };
      const gate = (index: number, unit: number) =>
        fromInput(index * H + unit) + fromState(index * H + unit, h);
      const next = new Float64Array(H);
      for (let u = 0; u < H; u++) {
        const at = n * H + u;
        if (kind === "simpleRNN") {
          next[u] = Math.tanh(gate(0, u));
        } else if (kind === "lstm") {
          const [i, f, o] = [gate(0, u), gate(1, u), gate(3, u)].map(sigmoid);
          final[1][at] = f * final[1][at] + i * Math.tanh(gate(2, u));
          next[u] = o * Math.tanh(final[1][at]);
        } else if (kind === "gru") {
          const reset = h.map((value, k) => value * sigmoid(gate(1, k)));
          const candidate = Math.tanh(fromInput(2 * H + u) + fromState(2 * H + u, reset));
          const z = sigmoid(gate(0, u));
          next[u] = z * h[u] + (1 - z) * candidate;
        } else {
          const second = (index: number) => bias[width + index * H + u];
          const z = sigmoid(gate(0, u) + second(0));
          const r = sigmoid(gate(1, u) + second(1));
          const inner = fromState(2 * H + u, h) + second(2);
          next[u] = z * h[u] + (1 - z) * Math.tanh(fromInput(2 * H + u) + r * inner);
        }
      }
      final[0].set(next, n * H);
      sequence.set(next, (n * T + t) * H);
    }
  }
  return { sequence, final };
}

/** Central differences of a scalar function by every element of an array that it reads. */
export function numericalGradient(values: Float64Array, f: () => number): Float64Array {
  const step = 1e-5;
  return values.map((value, i) => {
    values[i] = value + step;
    const above = f();
    values[i] = value - step;
    const below = f();
    values[i] = value;
    return (above - below) / (2 * step);
  });
}

/** The largest difference of two arrays beside the largest number of the second. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) {
    return Number.POSITIVE_INFINITY;
  }
  let difference = 0;
  let size = 1e-12;
  for (let i = 0; i < expected.length; i++) {
    if (!Number.isFinite(actual[i])) {
      return Number.POSITIVE_INFINITY;
    }
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    size = Math.max(size, Math.abs(expected[i]));
  }
  return difference / size;
}
