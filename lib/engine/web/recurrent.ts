import type { LayerDescription } from "../engine";
import { sizeOf } from "../wholeSteps";
import { addInputGradient, addKernelGradient, addProduct } from "./products";
import type { Program } from "./program";
import type { LayerInputs, LayerProgram, Signal, Values, Weight } from "./signals";

// Recurrent layers in the program of a training step. What does not go step by step is one product each over
// all T N rows: x W, and the gradients by x, W and U.

/** x W of a recurrent layer, G gates wide, for all steps at once. */
function addSequenceProduct(
  program: Program,
  input: Signal,
  kernel: number,
  width: number,
): number {
  const rows = sizeOf(input.leading);
  const to = program.place(rows * width);
  if (input.kind === "values") {
    addProduct(program, [rows, width, input.D], [input.at, input.D, 1], [kernel, width, 1], to);
  } else {
    program.add("lookUp", kernel, input.at, rows, width, to);
  }
  return to;
}

/** The gradients by W and by x of that. */
function addSequenceGradients(
  program: Program,
  input: Signal,
  kernel: Weight,
  slopes: { at: number; width: number },
  wantsInput: boolean,
): number | undefined {
  const rows = sizeOf(input.leading);
  const { at, width } = slopes;
  if (input.kind === "oneHot") {
    program.add("sumByIndex", at, input.at, rows, width, input.depth, kernel.gradient);
    return undefined;
  }
  const { at: x, D } = input as Values;
  addKernelGradient(program, { x, rows, D }, { slopes: at, width }, kernel.gradient);
  return wantsInput
    ? addInputGradient(program, { slopes: at, rows, width }, kernel.value, D)
    : undefined;
}

/** The gradient by U: the states before each step, h0 and then those of `h` [T, N, H], times dz. */
function addRecurrentGradient(
  program: Program,
  { T, N, H }: { T: number; N: number; H: number },
  { h0, h }: { h0: number; h: number },
  slopes: { at: number; width: number; stride?: number },
  to: number,
): void {
  const { at, width, stride = width } = slopes;
  const first = { slopes: at, width, stride };
  addKernelGradient(program, { x: h0, rows: N, D: H }, first, to);
  if (T > 1) {
    const rest = { slopes: at + 4 * N * stride, width, stride };
    addKernelGradient(program, { x: h, rows: (T - 1) * N, D: H }, rest, to, true);
  }
}

/** T steps of N rows, H units. */
interface Sizes {
  T: number;
  N: number;
  H: number;
}

/** What a cell reads. */
interface CellInputs {
  /** Its states before the first step, each [N, H]. */
  initial: number[];
  recurrentKernel: Weight;
  bias: Weight;
  /** x W, [T, N, G H]; whatever of it the cell needs no more, it may overwrite. */
  projected: number;
}

/** A cell in a program: a whole sequence, and back. */
interface CellProgram {
  /** The hidden states, [T, N, H]. */
  h: number;
  /** The states after the last step. */
  final: number[];
  /**
   * Adds the way back through time.
   *
   * @param by the gradient by h, [T, N, H], or by the last h alone, [N, H]
   * @returns the gradient by x W, and what adds those by U and b after it, beside others that need the first
   */
  backward(by: { sequence?: number; final?: number }): { slopes: number; addRest(): void };
}

/** The place of the last step in [T, N, H]. */
const lastOf = (at: number, { T, N, H }: Sizes) => at + 4 * (T - 1) * N * H;

/** The cells that are known: how many gates and states they have, and what they add to a program. */
const cells = {
  lstm: { gates: 4, states: 2, add: addLstm },
  simpleRnn: { gates: 1, states: 1, add: addSimpleRnn },
  gru: { gates: 3, states: 1, add: addGru },
  gruResetAfter: { gates: 3, states: 1, add: addGruResetAfter },
};

/** Adds a recurrent layer to a program. */
export function addRecurrent(
  program: Program,
  layer: Extract<LayerDescription, { kind: "recurrent" }>,
  input: Signal,
  { weights: [kernel, recurrentKernel, bias], states }: LayerInputs,
): LayerProgram {
  const { gates, states: stateCount, add } = cells[layer.cell as keyof typeof cells];
  const { units: H, returnSequences } = layer;
  const [T, N] = input.leading;
  const sizes = { T, N, H };
  const width = gates * H;
  const projected = addSequenceProduct(program, input, kernel.value, width);
  const biasSize = sizeOf(layer.biasShape);
  const zeros = program.floats(Math.max(N * H, biasSize), (into) => into.fill(0));
  const cell = add(program, sizes, {
    initial: states.length > 0 ? states : new Array<number>(stateCount).fill(zeros),
    recurrentKernel,
    bias: layer.useBias ? bias : { value: zeros, gradient: program.place(biasSize) },
    projected,
  });
  return {
    output: returnSequences
      ? { kind: "values", at: cell.h, leading: [T, N], D: H }
      : { kind: "values", at: lastOf(cell.h, sizes), leading: [N], D: H },
    states: states.length > 0 ? cell.final : undefined,
    backward(gradient, wantsInput) {
      const by = returnSequences ? { sequence: gradient } : { final: gradient };
      const { slopes: at, addRest } = cell.backward(by);
      return program.together(() => {
        addRest();
        return addSequenceGradients(program, input, kernel, { at, width }, wantsInput);
      });
    },
  };
}

function addLstm(program: Program, sizes: Sizes, inputs: CellInputs): CellProgram {
  const { T, N, H } = sizes;
  const { recurrentKernel: U, bias, projected: gates } = inputs;
  const [h0, c0] = inputs.initial;
  const [h, c, tanhC] = [0, 1, 2].map(() => program.place(T * N * H));
  const run = [T, N, H, h0, c0, U.value, bias.value, h, c, tanhC, gates];
  program.needScratch(program.module.lstmScratch(T, N, H));
  program.add("lstm", ...run);
  return {
    h,
    final: [lastOf(h, sizes), lastOf(c, sizes)],
    backward({ sequence = 0, final = 0 }) {
      program.add("lstmSlopes", ...run, sequence, final);
      const addRest = () => {
        program.add("sumRows", gates, T * N, 4 * H, bias.gradient);
        addRecurrentGradient(program, sizes, { h0, h }, { at: gates, width: 4 * H }, U.gradient);
      };
      return { slopes: gates, addRest };
    },
  };
}

function addSimpleRnn(program: Program, sizes: Sizes, inputs: CellInputs): CellProgram {
  const { T, N, H } = sizes;
  const { recurrentKernel: U, bias, projected: h } = inputs;
  const [h0] = inputs.initial;
  const run = [T, N, H, h0, U.value, bias.value, h];
  program.needScratch(program.module.simpleRnnScratch(N, H));
  program.add("simpleRnn", ...run);
  return {
    h,
    final: [lastOf(h, sizes)],
    backward({ sequence, final = 0 }) {
      const slopes = sequence ?? program.place(T * N * H);
      if (sequence === undefined) {
        program.add("fill", 0, T * N, H, slopes);
      }
      program.add("simpleRnnSlopes", ...run, slopes, final);
      const addRest = () => {
        program.add("sumRows", slopes, T * N, H, bias.gradient);
        addRecurrentGradient(program, sizes, { h0, h }, { at: slopes, width: H }, U.gradient);
      };
      return { slopes, addRest };
    },
  };
}

/** A GRU whose reset gate acts on h before its product with U. */
function addGru(program: Program, sizes: Sizes, inputs: CellInputs): CellProgram {
  const { T, N, H } = sizes;
  const { recurrentKernel: U, bias, projected: gates } = inputs;
  const [h0] = inputs.initial;
  const [h, inner] = [0, 1].map(() => program.place(T * N * H));
  const run = [T, N, H, 0, h0, U.value, bias.value, gates, h, inner, 0];
  program.needScratch(program.module.gruScratch(N, H));
  program.add("gru", ...run);
  return {
    h,
    final: [lastOf(h, sizes)],
    backward({ sequence = 0, final = 0 }) {
      program.add("gruSlopes", ...run, sequence, final);
      // The columns of U by which z and r are computed, and those of the candidate, which reads r h.
      const [ofGates, ofCandidate] = [program.place(H * 2 * H), program.place(H * H)];
      const slopes = { at: gates, width: 2 * H, stride: 3 * H };
      const candidate = { slopes: gates + 4 * 2 * H, width: H, stride: 3 * H };
      const addRest = () => {
        program.add("sumRows", gates, T * N, 3 * H, bias.gradient);
        addRecurrentGradient(program, sizes, { h0, h }, slopes, ofGates);
        addKernelGradient(program, { x: inner, rows: T * N, D: H }, candidate, ofCandidate);
        program.add("columns", ofGates, H, 2 * H, U.gradient, 3 * H);
        program.add("columns", ofCandidate, H, H, U.gradient + 4 * 2 * H, 3 * H);
      };
      return { slopes: gates, addRest };
    },
  };
}

/** A GRU whose reset gate acts on the product, as in PyTorch. */
function addGruResetAfter(program: Program, sizes: Sizes, inputs: CellInputs): CellProgram {
  const { T, N, H } = sizes;
  const { recurrentKernel: U, bias, projected: gates } = inputs;
  const [h0] = inputs.initial;
  const [h, inner] = [0, 1].map(() => program.place(T * N * H));
  const slopes = program.place(T * N * 3 * H);
  const run = [T, N, H, 1, h0, U.value, bias.value, gates, h, inner, slopes];
  program.needScratch(program.module.gruScratch(N, H));
  program.add("gru", ...run);
  return {
    h,
    final: [lastOf(h, sizes)],
    backward({ sequence = 0, final = 0 }) {
      program.add("gruSlopes", ...run, sequence, final);
      const addRest = () => {
        program.add("sumRows", gates, T * N, 3 * H, bias.gradient);
        program.add("sumRows", slopes, T * N, 3 * H, bias.gradient + 4 * 3 * H);
        addRecurrentGradient(program, sizes, { h0, h }, { at: slopes, width: 3 * H }, U.gradient);
      };
      return { slopes: gates, addRest };
    },
  };
}
