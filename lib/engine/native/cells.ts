import { GRU } from "../../layers/gru";
import { LSTM } from "../../layers/lstm";
import type { RecurrentLayer } from "../../layers/recurrentLayer";
import {
  add,
  addBias,
  concat,
  copy,
  matMul,
  multiply,
  sigmoid,
  split,
  subtract,
  tanh,
  unstack,
} from "./matrices";
import {
  boolAttribute,
  compute,
  computeAll,
  floatAttribute,
  type Handle,
  handleOf,
  release,
  zeros,
} from "./operations";

/** One step of a recurrent layer on handles, with its weights in the form that its kernel wants. */
export interface NativeCell {
  units: number;
  stateCount: number;
  /** The handles to release when the cell is no longer needed. */
  weights: Handle[];
  /** From x [N, D] and the state, each [N, H], to new handles of the next state; h comes first. */
  step(x: Handle, state: Handle[]): Handle[];
}

/** The cell of a layer, with a copy of its weights. */
export function nativeCell(layer: RecurrentLayer): NativeCell {
  const [kernel, recurrentKernel, bias] = layer.getWeights().map(handleOf);
  const width = layer.getWeights()[0].shape[1] as number;
  const kind = layer.getClassName();
  if (kind === LSTM.className) {
    return lstmCell(layer.units, kernel, recurrentKernel, bias ?? zeros(width));
  }
  if (kind === GRU.className) {
    return (layer as GRU).resetAfter
      ? gruResetAfterCell(layer.units, kernel, recurrentKernel, bias ?? zeros(2, width))
      : gruCell(layer.units, kernel, recurrentKernel, bias ?? zeros(width));
  }
  return simpleCell(layer.units, kernel, recurrentKernel, bias ?? zeros(width));
}

/** [W; U], which is multiplied with [x, h], with its gates brought into another order. */
function joined(kernel: Handle, recurrentKernel: Handle, reorder: (gates: Handle) => Handle[]) {
  const all = concat([kernel, recurrentKernel], 0);
  const results = reorder(all);
  release(all);
  return results;
}

// LSTMBlockCell adds 1 to the forget gate and clips c to ±3 unless told otherwise.
const LSTM_ATTRIBUTES = [
  floatAttribute("forget_bias", 0),
  floatAttribute("cell_clip", 0),
  boolAttribute("use_peephole", false),
];

/** LSTMBlockCell wants the gates in the order i, g, f, o; the layer has i, f, g, o. */
function lstmCell(H: number, kernel: Handle, recurrentKernel: Handle, bias: Handle): NativeCell {
  const reorder = (axis: number) => (gates: Handle) => {
    const [i, f, g, o] = split(gates, 4, axis);
    const reordered = concat([i, g, f, o], axis);
    release(i, f, g, o);
    return [reordered];
  };
  const [w] = joined(kernel, recurrentKernel, reorder(1));
  const [b] = reorder(0)(bias);
  const none = zeros(H); // peephole weights
  return {
    units: H,
    stateCount: 2,
    weights: [w, b],
    step(x, [h, c]) {
      const [i, newC, f, o, g, tanhC, newH] = computeAll(
        "LSTMBlockCell",
        [x, c, h, w, none, none, none, b],
        7,
        LSTM_ATTRIBUTES,
      );
      release(i, f, o, g, tanhC);
      return [newH, newC];
    },
  };
}

/** GRUBlockCell wants r, z in one matrix and g in another; the layer has z, r, g in one. */
function gruCell(H: number, kernel: Handle, recurrentKernel: Handle, bias: Handle): NativeCell {
  const separate = (axis: number) => (gates: Handle) => {
    const [z, r, g] = split(gates, 3, axis);
    const reordered = concat([r, z], axis);
    release(z, r);
    return [reordered, g];
  };
  const weights = [...joined(kernel, recurrentKernel, separate(1)), ...separate(0)(bias)];
  return {
    units: H,
    stateCount: 1,
    weights,
    step(x, [h]) {
      const [r, z, g, newH] = computeAll("GRUBlockCell", [x, h, ...weights], 4);
      release(r, z, g);
      return [newH];
    },
  };
}

/** No fused kernel resets after the product; the formula is that of engine/native/gruResetAfter. */
function gruResetAfterCell(
  H: number,
  kernel: Handle,
  recurrentKernel: Handle,
  bias: Handle,
): NativeCell {
  const [w, u] = [copy(kernel), copy(recurrentKernel)];
  const [inputBias, stateBias] = unstack(bias, 2);
  return {
    units: H,
    stateCount: 1,
    weights: [w, u, inputBias, stateBias],
    step(x, [h]) {
      const products = [matMul(x, w), matMul(h, u)];
      const fromInput = addBias(products[0], inputBias);
      const fromState = addBias(products[1], stateBias);
      const [xz, xr, xg] = split(fromInput, 3, 1);
      const [hz, hr, hg] = split(fromState, 3, 1);
      const [zSum, rSum] = [add(xz, hz), add(xr, hr)];
      const [z, r] = [sigmoid(zSum), sigmoid(rSum)];
      const reset = multiply(r, hg);
      const gSum = add(xg, reset);
      const g = tanh(gSum);
      const difference = subtract(h, g);
      const kept = multiply(z, difference);
      const newH = add(g, kept);
      release(...products, fromInput, fromState, xz, xr, xg, hz, hr, hg, zSum, rSum, z, r);
      release(reset, gSum, g, difference, kept);
      return [newH];
    },
  };
}

function simpleCell(H: number, kernel: Handle, recurrentKernel: Handle, bias: Handle): NativeCell {
  const [w, u, b] = [copy(kernel), copy(recurrentKernel), copy(bias)];
  return {
    units: H,
    stateCount: 1,
    weights: [w, u, b],
    step(x, [h]) {
      const products = [matMul(x, w), matMul(h, u)];
      const sum = add(products[0], products[1]);
      const biased = addBias(sum, b);
      const newH = compute("Tanh", [biased]);
      release(...products, sum, biased);
      return [newH];
    },
  };
}
