// The library's own operations for gated recurrent units and simple recurrent layers, beside plain loops in
// float64 with differences for their gradients, and beside TensorFlow's operations.
import "../../training/oneThread";
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ready, setSeed } from "karenina";
import { nativeGru } from "../../../../lib/engine/native/gru";
import { nativeGruResetAfter } from "../../../../lib/engine/native/gruResetAfter";
import { createInts, type Handle } from "../../../../lib/engine/native/operations";
import { recordOwnGru } from "../../../../lib/engine/native/ownGru";
import { recordOwnSimpleRnn } from "../../../../lib/engine/native/ownSimpleRnn";
import type { NativeRecurrence, RecordedSequence } from "../../../../lib/engine/native/recurrence";
import { nativeSimpleRnn } from "../../../../lib/engine/native/simpleRnn";
import { oneHotOf, reshape } from "../../../../lib/engine/native/tensors";
import { summedGradient, wholeGradient } from "../../../../lib/engine/native/weightGradients";
import { apart, draw, drawSizes, missing, onHandles } from "./ownOperation";

before(() => ready());

type Arrays = Record<string, Float32Array | Float64Array>;
type Sizes = Record<"T" | "N" | "D" | "H", number>;

const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));

interface Cell {
  native: NativeRecurrence;
  record: typeof recordOwnSimpleRnn;
  /** Columns of the weights, and numbers of the bias, for each unit. */
  gates: number;
  biases: number;
  /**
   * The next h of a row's unit.
   *
   * @param x x W of a column; @param u the product of a column of U with a state; @param h h before
   */
  next(at: {
    unit: number;
    H: number;
    bias: ArrayLike<number>;
    x: (column: number) => number;
    u: (column: number, of: (unit: number) => number) => number;
    h: (unit: number) => number;
  }): number;
}

const CELLS: Record<string, Cell> = {
  "a gated recurrent unit": {
    native: nativeGru,
    record: (inputs, sizes) => recordOwnGru(inputs, sizes, false),
    gates: 3,
    biases: 3,
    next({ unit, H, bias, x, u, h }) {
      const gate = (column: number) => sigmoid(x(column) + u(column, h) + bias[column]);
      const z = gate(unit);
      const reset = (of: number) => gate(H + of) * h(of);
      const g = Math.tanh(x(2 * H + unit) + u(2 * H + unit, reset) + bias[2 * H + unit]);
      return z * h(unit) + (1 - z) * g;
    },
  },
  "a gated recurrent unit that resets after the product": {
    native: nativeGruResetAfter,
    record: (inputs, sizes) => recordOwnGru(inputs, sizes, true),
    gates: 3,
    biases: 6,
    next({ unit, H, bias, x, u, h }) {
      const [z, r] = [unit, H + unit].map((column) =>
        sigmoid(x(column) + bias[column] + u(column, h) + bias[3 * H + column]),
      );
      const column = 2 * H + unit;
      const g = Math.tanh(x(column) + bias[column] + r * (u(column, h) + bias[3 * H + column]));
      return z * h(unit) + (1 - z) * g;
    },
  },
  "a simple recurrent layer": {
    native: nativeSimpleRnn,
    record: recordOwnSimpleRnn,
    gates: 1,
    biases: 1,
    next: ({ unit, bias, x, u, h }) => Math.tanh(x(unit) + u(unit, h) + bias[unit]),
  },
};

const INPUTS = ["x", "kernel", "recurrentKernel", "bias"] as const;

/** h of every step, [T, N, H], in float64. */
function sequenceOf({ next, gates }: Cell, { T, N, D, H }: Sizes, a: Arrays): Float64Array {
  const all = new Float64Array(T * N * H);
  const width = gates * H;
  for (let t = 0; t < T; t++) {
    for (let n = 0; n < N; n++) {
      const row = t * N + n;
      const h = (unit: number) => (t > 0 ? all[(row - N) * H + unit] : a.h0[n * H + unit]);
      const x = (column: number) => {
        let sum = 0;
        for (let d = 0; d < D; d++) {
          sum += a.x[row * D + d] * a.kernel[d * width + column];
        }
        return sum;
      };
      const u = (column: number, of: (unit: number) => number) => {
        let sum = 0;
        for (let unit = 0; unit < H; unit++) {
          sum += of(unit) * a.recurrentKernel[unit * width + column];
        }
        return sum;
      };
      for (let unit = 0; unit < H; unit++) {
        all[row * H + unit] = next({ unit, H, bias: a.bias, x, u, h });
      }
    }
  }
  return all;
}

/** The gradients by the inputs of Σ h dSequence + Σ h_T dFinal, by central differences. */
function differences(cell: Cell, sizes: Sizes, arrays: Arrays): Arrays {
  const exact = Object.fromEntries(
    Object.entries(arrays).map(([name, values]) => [name, Float64Array.from(values)]),
  );
  const objective = () => {
    const h = sequenceOf(cell, sizes, exact);
    const last = h.length - exact.dFinal.length;
    return h.reduce(
      (sum, each, k) => sum + each * (exact.dSequence[k] + (k < last ? 0 : exact.dFinal[k - last])),
      0,
    );
  };
  const STEP = 1e-5;
  return Object.fromEntries(
    INPUTS.map((name) => [
      name,
      exact[name].map((value, k, all) => {
        const [above, below] = [STEP, -STEP].map((step) => {
          all[k] = value + step;
          return objective();
        });
        all[k] = value;
        return (above - below) / (2 * STEP);
      }),
    ]),
  );
}

function problem({ gates, biases }: Cell, { T, N, D, H }: Sizes): Arrays {
  return {
    x: draw(T * N * D),
    h0: draw(N * H),
    kernel: draw(D * gates * H, 1 / Math.sqrt(D)),
    recurrentKernel: draw(H * gates * H, 1 / Math.sqrt(H)),
    bias: draw(biases * H),
    dSequence: draw(T * N * H),
    dFinal: draw(N * H),
  };
}

/** The layer's inputs, and the gradients by its outputs. */
function given(
  { gates, biases }: Cell,
  { T, N, D, H }: Sizes,
  a: Arrays,
  give: (values: Float32Array, ...shape: number[]) => Handle,
) {
  const of = (name: string, ...shape: number[]) => give(a[name] as Float32Array, ...shape);
  return {
    inputs: {
      x: of("x", T, N, D),
      initial: [of("h0", N, H)],
      kernel: of("kernel", D, gates * H),
      recurrentKernel: of("recurrentKernel", H, gates * H),
      bias: biases > gates ? of("bias", 2, gates * H) : of("bias", gates * H),
    },
    gradients: { sequence: of("dSequence", T, N, H), final: [of("dFinal", N, H)] },
  };
}

const WANTED = { x: true, initial: false };

function read(
  { sequence, final, backward }: RecordedSequence,
  by: Parameters<typeof backward>,
): Record<string, Handle> {
  const { x, kernel, recurrentKernel, bias } = backward(...by);
  return {
    ...(x !== undefined && { x }),
    kernel: wholeGradient(summedGradient([kernel])),
    recurrentKernel: wholeGradient(summedGradient([recurrentKernel])),
    bias: bias as Handle,
    sequence,
    final: final[0],
  };
}

function own(cell: Cell, sizes: Sizes, arrays: Arrays): Arrays {
  return onHandles((give) => {
    const { inputs, gradients } = given(cell, sizes, arrays, give);
    return read(cell.record(inputs, sizes), [gradients, WANTED]);
  });
}

function byTensorFlow(cell: Cell, sizes: Sizes, arrays: Arrays): Arrays {
  return onHandles((give) => {
    const { inputs, gradients } = given(cell, sizes, arrays, give);
    const { saved, final } = cell.native.forward(inputs, sizes);
    const { x, kernel, recurrentKernel, bias } = cell.native.backward(
      inputs,
      saved,
      gradients,
      sizes,
      WANTED,
    );
    return { x: x as Handle, kernel, recurrentKernel, bias, sequence: saved[0], final: final[0] };
  });
}

for (const [name, cell] of Object.entries(CELLS)) {
  describe(`${name} in one operation`, () => {
    test("has the states of plain loops, and gradients as their differences say", (t) => {
      const reason = missing();
      if (reason) {
        return t.skip(reason);
      }
      setSeed("small");
      const fixed = [
        [1, 1, 1, 1],
        [3, 1, 2, 1],
        [4, 3, 1, 3],
        [2, 5, 3, 9],
      ];
      for (const [T, N, D, H] of fixed) {
        const sizes = { T, N, D, H };
        const arrays = problem(cell, sizes);
        const results = own(cell, sizes, arrays);
        const exact = sequenceOf(cell, sizes, arrays);
        const where = JSON.stringify(sizes);
        assert.ok(apart(results.sequence, exact) < 2e-6, `h of ${where}`);
        assert.ok(apart(results.final, exact.slice(-N * H)) < 2e-6, `the last h of ${where}`);
        for (const [input, values] of Object.entries(differences(cell, sizes, arrays))) {
          const far = apart(results[input], values, 1e-2);
          assert.ok(far < 5e-6, `the gradient by ${input} of ${where}: ${far}`);
        }
      }
    });

    test("of random sizes has the numbers of TensorFlow's operations", (t) => {
      const reason = missing();
      if (reason) {
        return t.skip(reason);
      }
      setSeed("sizes");
      // More units than a panel of the packed weights is deep.
      const fixed = [
        [2, 2, 1, 65],
        [2, 1, 2, 257],
        [1, 9, 1, 17],
      ];
      const drawn = Array.from({ length: 25 }, () => drawSizes(6, 20, 9, 40));
      for (const [T, N, D, H] of [...fixed, ...drawn]) {
        const sizes = { T, N, D, H };
        const arrays = problem(cell, sizes);
        const [ones, others] = [own(cell, sizes, arrays), byTensorFlow(cell, sizes, arrays)];
        for (const [result, values] of Object.entries(others)) {
          const far = apart(ones[result], values, 1e-2);
          assert.ok(far < 4e-6, `${result} of ${JSON.stringify(sizes)}: ${far}`);
        }
      }
    });

    test("looks one-hot inputs up, wants only one of the gradients, and gives the same bits again", (t) => {
      const reason = missing();
      if (reason) {
        return t.skip(reason);
      }
      setSeed("bits");
      const sizes = { T: 5, N: 7, D: 4, H: 19 };
      const { T, N, D } = sizes;
      const arrays = problem(cell, sizes);
      const places = Int32Array.from({ length: T * N }, (_, k) => (k * 5) % D);
      const [looked, multiplied] = [true, false].map((lookUp) =>
        onHandles((give) => {
          const { inputs, gradients } = given(cell, sizes, arrays, give);
          const indices = createInts(places);
          const x = reshape(oneHotOf(indices, D), T, N, D);
          const one = { ...inputs, x, ...(lookUp && { indices }) };
          const { sequence } = gradients;
          const by = { sequence, final: [undefined] };
          return read(cell.record(one, sizes), [by, { x: false, initial: false }]);
        }),
      );
      for (const [result, values] of Object.entries(multiplied)) {
        assert.ok(apart(looked[result], values) < 2e-6, result);
      }
      assert.deepEqual(own(cell, sizes, arrays), own(cell, sizes, arrays));

      const lastOnly = onHandles((give) => {
        const { inputs, gradients } = given(cell, sizes, arrays, give);
        return read(cell.record(inputs, sizes), [{ final: gradients.final }, WANTED]);
      });
      const none = { ...arrays, dSequence: new Float32Array(arrays.dSequence.length) };
      assert.deepEqual(lastOnly, own(cell, sizes, none));
    });

    test("saturates without overflow, and NaN stays NaN", (t) => {
      const reason = missing();
      if (reason) {
        return t.skip(reason);
      }
      setSeed("saturated");
      const sizes = { T: 4, N: 3, D: 2, H: 18 };
      const arrays = problem(cell, sizes);
      const large = { ...arrays, bias: arrays.bias.map((value) => value * 1e6) };
      const results = own(cell, sizes, large);
      assert.ok(apart(results.sequence, sequenceOf(cell, sizes, large)) < 2e-6);
      assert.ok(results.recurrentKernel.every(Number.isFinite));

      const broken = { ...arrays, bias: arrays.bias.slice() };
      broken.bias[0] = Number.NaN;
      const { sequence } = own(cell, sizes, broken);
      assert.ok(Number.isNaN(sequence[0]), "unit 0 of the first step");
      assert.ok(sequence.slice(-18).every(Number.isNaN), "and everything that comes of it");
    });
  });
}
