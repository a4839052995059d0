import { tf } from "../engine/tensorflow";
import { GRU, LSTM } from "./recurrent";
import type { RecurrentLayer } from "./recurrentLayer";

/** A matrix or vector as plain numbers, row by row. */
export interface NumericArray {
  shape: number[];
  values: Float32Array;
}

/**
 * One layer's parameters under PyTorch's names (torch.nn.LSTM's without their suffix _l0), G gates
 * wide: weight_ih [G H, D], weight_hh [G H, H], bias_ih and bias_hh [G H].
 */
export interface PyTorchParameters {
  weight_ih: NumericArray;
  weight_hh: NumericArray;
  bias_ih?: NumericArray;
  bias_hh?: NumericArray;
}

/**
 * Sets a layer's weights to those of a torch.nn.LSTM, GRU or RNN layer. The layer must have been built
 * (be part of a model). PyTorch adds two biases where one does; their sum is taken.
 *
 * @throws Error if the layer is a GRU without `resetAfter`, or if shapes do not fit
 */
export function setPyTorchWeights(layer: RecurrentLayer, parameters: PyTorchParameters): void {
  const order = gateOrder(layer);
  const shapes = layer.getWeights().map((weight) => weight.shape);
  const kernel = reorder(transpose(parameters.weight_ih), order);
  const recurrentKernel = reorder(transpose(parameters.weight_hh), order);
  const given = [kernel, recurrentKernel];
  if (layer.useBias) {
    const width = order.length * layer.units;
    const [input, state] = [parameters.bias_ih, parameters.bias_hh].map((bias) =>
      reorder(bias ?? { shape: [width], values: new Float32Array(width) }, order),
    );
    given.push(hasTwoBiases(layer) ? stackRows(input, state) : sum(input, state));
  }
  given.forEach(({ shape }, i) => {
    if (shape.join() !== shapes[i]?.join()) {
      throw new Error(
        `${layer.name} needs ${WEIGHT_NAMES[i]} that becomes [${shapes[i]}], but PyTorch's becomes ` +
          `[${shape}]. Compare units and input features of the two layers.`,
      );
    }
  });
  tf.tidy(() => layer.setWeights(given.map(({ shape, values }) => tf.tensor(values, shape))));
}

/** A layer's weights as PyTorch's parameters. Where PyTorch has two biases for one, bias_hh is 0. */
export function getPyTorchWeights(layer: RecurrentLayer): Required<PyTorchParameters> {
  const order = gateOrder(layer);
  const [kernel, recurrentKernel, bias] = layer.getWeights().map(
    (weight): NumericArray => ({
      shape: [...weight.shape],
      values: weight.dataSync().slice() as Float32Array,
    }),
  );
  const width = order.length * layer.units;
  const zeros: NumericArray = { shape: [width], values: new Float32Array(width) };
  const row = (index: number): NumericArray => ({
    shape: [width],
    values: bias.values.slice(index * width, (index + 1) * width),
  });
  const [input, state] = hasTwoBiases(layer) && bias ? [row(0), row(1)] : [bias ?? zeros, zeros];
  return {
    weight_ih: transpose(reorder(kernel, order)),
    weight_hh: transpose(reorder(recurrentKernel, order)),
    bias_ih: reorder(input, order),
    bias_hh: reorder(state, order),
  };
}

const WEIGHT_NAMES = ["a weight_ih", "a weight_hh", "a bias"];

/**
 * Where each gate stands in the other library: an LSTM has i, f, g, o in both, a GRU z, r, g here and
 * r, z, g there. The exchange is its own inverse.
 */
function gateOrder(layer: RecurrentLayer): number[] {
  if (layer.getClassName() === LSTM.className) {
    return [0, 1, 2, 3];
  }
  if (!isGru(layer)) {
    return [0];
  }
  if (layer.resetAfter) {
    return [1, 0, 2];
  }
  throw new Error(
    `${layer.name} resets h before its product with the recurrent kernel, PyTorch's GRU resets the ` +
      "product: weights of one mean something else in the other. Make the layer with " +
      "{ resetAfter: true } to exchange weights with PyTorch.",
  );
}

function hasTwoBiases(layer: RecurrentLayer): boolean {
  return isGru(layer) && layer.resetAfter;
}

function isGru(layer: RecurrentLayer): layer is GRU {
  return layer.getClassName() === GRU.className;
}

function transpose({ shape: [rows, columns], values }: NumericArray): NumericArray {
  const result = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      result[j * rows + i] = values[i * columns + j];
    }
  }
  return { shape: [columns, rows], values: result };
}

/** Exchanges blocks of the last dimension. */
function reorder({ shape, values }: NumericArray, order: number[]): NumericArray {
  const width = shape[shape.length - 1];
  const block = width / order.length;
  const result = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += width) {
    order.forEach((from, to) => {
      const source = values.subarray(row + from * block, row + (from + 1) * block);
      result.set(source, row + to * block);
    });
  }
  return { shape: [...shape], values: result };
}

function sum(a: NumericArray, b: NumericArray): NumericArray {
  return { shape: a.shape, values: a.values.map((value, i) => value + b.values[i]) };
}

function stackRows(a: NumericArray, b: NumericArray): NumericArray {
  const values = new Float32Array(a.values.length * 2);
  values.set(a.values);
  values.set(b.values, a.values.length);
  return { shape: [2, ...a.shape], values };
}
