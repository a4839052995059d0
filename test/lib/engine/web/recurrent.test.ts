import assert from "node:assert/strict";
import { before, test } from "node:test";
import { randomInteger, ready, setSeed } from "karenina";
import type { CellKind } from "../../../../lib/engine/engine";
import { addRecurrent } from "../../../../lib/engine/web/recurrent";
import {
  GATES,
  type Kind,
  numericalGradient,
  type Problem,
  relativeError,
  run,
} from "../../layers/oracle";
import { compute, draw, give } from "./onModule";

before(async () => {
  await ready();
  setSeed("recurrent");
});

const KINDS: Record<CellKind, Kind> = {
  lstm: "lstm",
  simpleRnn: "simpleRNN",
  gru: "gru",
  gruResetAfter: "gruResetAfter",
};

/** [N, T, D] to [T, N, D], or back for sizes that are exchanged. */
function swap(
  values: ArrayLike<number>,
  [N, T, D]: readonly [number, number, number],
): Float64Array {
  return Float64Array.from(values, (_, place) => {
    const [t, n, d] = [Math.floor(place / (N * D)), Math.floor(place / D) % N, place % D];
    return values[(n * T + t) * D + d];
  });
}

function problemOf(kind: Kind, [N, T, D, H]: number[]): Problem {
  const G = GATES[kind];
  const numbers = (count: number, scale = 1) => Float64Array.from(draw(count, scale));
  return {
    kind,
    N,
    T,
    D,
    H,
    x: numbers(N * T * D),
    initial: Array.from({ length: kind === "lstm" ? 2 : 1 }, () => numbers(N * H)),
    kernel: numbers(D * G * H, 1 / Math.sqrt(D)),
    recurrentKernel: numbers(H * G * H, 1 / Math.sqrt(H)),
    bias: numbers((kind === "gruResetAfter" ? 2 : 1) * G * H),
  };
}

/** What a layer of the module makes of it, and the gradients of Σ output by. */
function onModule(cell: CellKind, problem: Problem, by: Float64Array, returnSequences: boolean) {
  const { N, T, D, H } = problem;
  return compute((program) => {
    const weight = (values: Float64Array) => ({
      value: give(program, values),
      gradient: program.place(values.length),
    });
    const weights = [problem.kernel, problem.recurrentKernel, problem.bias].map(weight);
    const x = give(program, swap(problem.x, [N, T, D]));
    const layer = addRecurrent(
      program,
      {
        kind: "recurrent",
        cell,
        units: H,
        biasShape: cell === "gruResetAfter" ? [2, 3 * H] : [problem.bias.length],
        useBias: true,
        returnSequences,
        isSimple: true,
      },
      { kind: "values", at: x, leading: [T, N], D },
      { weights, states: problem.initial.map((each) => give(program, each)), seeds: [] },
    );
    const output = layer.output as { at: number };
    const byOutput = give(program, returnSequences ? swap(by, [N, T, H]) : by);
    const byX = layer.backward(byOutput, true) as number;
    const [kernel, recurrentKernel, bias] = weights.map((each) => each.gradient);
    return {
      output: [output.at, by.length],
      state: [(layer.states as number[]).at(-1) as number, N * H],
      x: [byX, problem.x.length],
      kernel: [kernel, problem.kernel.length],
      recurrentKernel: [recurrentKernel, problem.recurrentKernel.length],
      bias: [bias, problem.bias.length],
    };
  });
}

for (const [cell, kind] of Object.entries(KINDS) as [CellKind, Kind][]) {
  test(`${cell} forward and backward is that of float64, sizes of 1 included`, () => {
    const fixed = [
      [1, 1, 1, 1],
      [1, 3, 2, 1],
      [5, 1, 1, 9],
      [5, 2, 3, 9],
    ];
    const drawn = Array.from({ length: 6 }, () =>
      [7, 5, 4, 6].map((most) => 1 + randomInteger(most)),
    );
    for (const [i, sizes] of [...fixed, ...drawn].entries()) {
      const problem = problemOf(kind, sizes);
      const { N, T, D, H } = problem;
      const sequences = i % 2 === 0;
      const by = Float64Array.from(draw(sequences ? N * T * H : N * H));
      const exact = run(problem);
      const outputOf = () => {
        const { sequence, final } = run(problem);
        return sequences ? sequence : final[0];
      };
      const results = onModule(cell, problem, by, sequences);
      const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, what: string) => {
        const error = relativeError(actual, expected);
        assert.ok(error < 3e-6, `${what} of ${sizes}: ${error} from float64`);
      };
      near(sequences ? swap(results.output, [T, N, H]) : results.output, outputOf(), "output");
      near(results.state, exact.final.at(-1) as Float64Array, "state");
      const total = () => outputOf().reduce((sum, value, k) => sum + value * by[k], 0);
      near(swap(results.x, [T, N, D]), numericalGradient(problem.x, total), "x");
      for (const name of ["kernel", "recurrentKernel", "bias"] as const) {
        near(results[name], numericalGradient(problem[name], total), name);
      }
    }
  });
}
