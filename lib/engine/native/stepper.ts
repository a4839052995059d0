import os from "node:os";
import {
  type CharRnnLayers,
  descriptionOf,
  type LayerDescription,
  type Logits,
  type Stepper,
} from "../engine";
import type { tf } from "../tensorflow";
import { NativeGraph } from "./graph";
import { exchangeGates, lstmStep } from "./lstm";
import { compute, createInts, type Handle, int, release, valuesOf, zeros } from "./operations";
import type { NativeCell } from "./recurrence";
import { nativeRecurrences } from "./sequence";
import {
  addBias,
  concat,
  copy,
  handleOf,
  matMul,
  oneHotOf,
  reshape,
  split,
  unstack,
} from "./tensors";

interface LayerCell extends NativeCell {
  units: number;
  stateCount: number;
}

/**
 * A {@link Stepper} on TensorFlow's cell kernels: six operations for a character from two layers, no
 * tf.Tensor and nothing to collect but the logits.
 */
export class NativeStepper implements Stepper {
  private readonly table?: Handle;
  private readonly cells: LayerCell[];
  private readonly kernel: Handle;
  private readonly bias: Handle;
  private readonly symbols: number;
  /** [layer][state] */
  private states: Handle[][] = [];

  constructor(
    { input, recurrent, dense, symbols }: CharRnnLayers,
    private readonly N: number,
  ) {
    const own = (tensor: tf.Tensor) => copy(handleOf(tensor));
    this.symbols = symbols;
    if (input.describe().kind === "embedding") {
      this.table = own(input.getWeights()[0]);
    }
    this.cells = recurrent.map(cellOf);
    const [kernel, bias] = dense.getWeights();
    this.kernel = own(kernel);
    this.bias = bias ? own(bias) : copy(zeros(kernel.shape[1] as number));
    this.reset();
  }

  step(ids: Int32Array): Logits {
    let x = this.read(ids);
    this.cells.forEach((cell, i) => {
      const before = this.states[i];
      this.states[i] = cell.step(x, before);
      release(...before);
      if (i === 0) {
        release(x);
      }
      x = this.states[i][0];
    });
    const product = matMul(x, this.kernel);
    const logits = addBias(product, this.bias);
    const values = valuesOf(logits) as Logits;
    release(product, logits);
    return values;
  }

  private read(ids: Int32Array): Handle {
    const indices = createInts(ids);
    const x =
      this.table === undefined
        ? oneHotOf(indices, this.symbols)
        : compute("GatherV2", [this.table, indices, int(0)]);
    release(indices);
    return x;
  }

  reset(): void {
    release(...this.states.flat());
    this.states = this.cells.map(({ units, stateCount }) =>
      Array.from({ length: stateCount }, () => copy(zeros(this.N, units))),
    );
  }

  dispose(): void {
    release(...this.states.flat(), this.kernel, this.bias);
    if (this.table !== undefined) {
      release(this.table);
    }
    for (const cell of this.cells) {
      release(...cell.weights);
    }
    this.states = [];
  }
}

/** A layer's cell, with a copy of its weights. */
function cellOf(layer: CharRnnLayers["recurrent"][number]): LayerCell {
  const description = layer.describe() as Extract<LayerDescription, { kind: "recurrent" }>;
  const { cell, units, biasShape } = description;
  const [kernel, recurrentKernel, bias] = layer.getWeights().map(handleOf);
  const native = nativeRecurrences[cell];
  const weights = { kernel, recurrentKernel, bias: bias ?? zeros(...biasShape) };
  return { units, stateCount: native.stateCount, ...native.cell(weights, units) };
}

/** From so many weights on, a step waits for memory, and two cores read it faster than one. */
export const LARGE = 2 ** 20;
/** The largest vocabulary for which the first layer's products are made beforehand. */
const LARGEST_VOCABULARY = 4096;

/** Whether the layers are LSTMs, and the symbols few enough for {@link firstProducts}. */
export function isLstmStack({ recurrent, symbols }: CharRnnLayers): boolean {
  const areLstms = recurrent.every((layer) => {
    const description = descriptionOf(layer);
    return description?.kind === "recurrent" && description.cell === "lstm";
  });
  return areLstms && symbols <= LARGEST_VOCABULARY;
}

/** One layer's units of one part: its weights as LSTMBlockCell wants them. */
interface Part {
  /** Rows: the layer's input, the h of other parts, the h of this one. Columns: gates i, g, f, o. */
  weights: Handle;
  /** None for the first layer, whose rows it is part of. */
  bias?: Handle;
  units: number;
}

/**
 * A {@link Stepper} for one sequence through LSTM layers.
 *
 * What the first layer makes of a symbol, x W + b, is made beforehand for all symbols and looked up as
 * that step's bias. The units of large layers are cut into two halves, each with its own columns of
 * the weights, that run side by side in a recorded graph: a step of a single sequence does nothing but
 * read all weights once, and two cores do that in little more than half the time.
 */
export class LstmStepper implements Stepper {
  private readonly layers: Part[][];
  /** [part][symbol]: the first layer's x W + b. */
  private readonly rows: Handle[][];
  /** Of the layers from the second on also their biases, then those of the dense layer. */
  private readonly weights: Handle[];
  private readonly graph?: NativeGraph;
  /** h and c of each layer and part, in this order. */
  private states: Handle[] = [];

  constructor({ input, recurrent, dense, symbols }: CharRnnLayers) {
    const weights = recurrent.map((layer) => layer.getWeights());
    const size = weights.flat().reduce((sum, weight) => sum + weight.size, 0);
    const even = recurrent.every(({ units }) => units % 2 === 0);
    const parts = size >= LARGE && even && os.availableParallelism() > 1 ? 2 : 1;
    this.layers = weights.map((each, place) => partsOf(each, parts, place === 0));
    const table = firstProducts(weights[0], input.getWeights()[0]);
    this.rows = columnsOf(table, parts).map((columns) => {
      const rows = unstack(columns, symbols);
      release(columns);
      return rows;
    });
    release(table);
    const [kernel, bias] = dense.getWeights();
    const width = kernel.shape[1] as number;
    this.weights = this.layers.flatMap((parts) =>
      parts.flatMap(({ weights, bias }) => (bias === undefined ? [weights] : [weights, bias])),
    );
    this.weights.push(copy(handleOf(kernel)), copy(bias ? handleOf(bias) : zeros(width)));
    if (parts > 1) {
      const inputs = parts + this.stateShapes().length + this.weights.length;
      this.graph = new NativeGraph(inputs, (handles) => this.body(handles));
    }
    this.reset();
  }

  step(ids: Int32Array): Logits {
    const rows = this.rows.map((part) => part[ids[0]]);
    const inputs = [...rows, ...this.states, ...this.weights];
    const [logits, ...states] = this.graph ? this.graph.run(inputs) : this.body(inputs);
    release(...this.states);
    this.states = states;
    const values = valuesOf(logits) as Logits;
    release(logits);
    return values;
  }

  /** One step: from the symbol's rows, the states and the weights to logits and states. */
  private body(inputs: Handle[]): Handle[] {
    const next = [...inputs];
    const rows = next.splice(0, this.rows.length);
    const before = this.layers.map((parts) => parts.map(() => next.splice(0, 2)));
    const after: Handle[] = [];
    let hs: Handle[] = [];
    for (const [place, parts] of this.layers.entries()) {
      const below = hs;
      hs = parts.map(({ units }, part) => {
        const weights = next.shift() as Handle;
        const bias = place === 0 ? rows[part] : (next.shift() as Handle);
        const others = before[place].filter((_, other) => other !== part).map(([h]) => h);
        const [h, c] = stepOfPart([...below, ...others], before[place][part], weights, bias, units);
        after.push(h, c);
        return h;
      });
    }
    const [kernel, bias] = next;
    const h = hs.length > 1 ? concat(hs, 1) : hs[0];
    const product = matMul(h, kernel);
    const logits = addBias(product, bias);
    release(product);
    if (hs.length > 1) {
      release(h);
    }
    return [logits, ...after];
  }

  private stateShapes(): number[] {
    return this.layers.flat().flatMap(({ units }) => [units, units]);
  }

  reset(): void {
    release(...this.states);
    this.states = this.stateShapes().map((units) => copy(zeros(1, units)));
  }

  dispose(): void {
    release(...this.states, ...this.rows.flat(), ...this.weights);
    this.states = [];
    this.graph?.dispose();
  }
}

/** One step of some of a layer's units: their next h and c. */
function stepOfPart(
  xs: Handle[],
  state: Handle[],
  weights: Handle,
  bias: Handle,
  units: number,
): [Handle, Handle] {
  const x = xs.length > 1 ? concat(xs, 1) : (xs[0] ?? zeros(1, 0));
  const next = lstmStep(x, state, weights, bias, units);
  if (xs.length > 1) {
    release(x);
  }
  return next;
}

/** Cuts a layer's weights into parts of its units. The first layer's x W is not among them. */
function partsOf([kernel, recurrent, bias]: tf.Tensor[], parts: number, isFirst: boolean): Part[] {
  const units = (recurrent.shape[0] as number) / parts;
  const fromInput = isFirst ? [] : columnsOf(handleOf(kernel), parts);
  const fromState = columnsOf(handleOf(recurrent), parts);
  const biases = isFirst ? [] : columnsOf(bias ? handleOf(bias) : zeros(4 * units * parts), parts);
  const result = fromState.map((columns, part) => {
    const rows = split(columns, parts, 0);
    const others = rows.filter((_, other) => other !== part);
    const all = [...(isFirst ? [] : [fromInput[part]]), ...others, rows[part]];
    const weights = all.length > 1 ? concat(all, 0) : copy(all[0]);
    release(...rows);
    return { weights, bias: isFirst ? undefined : biases[part], units };
  });
  release(...fromInput, ...fromState);
  return result;
}

/** Of weights [..., 4 H] in the layer's order of gates, each part's columns in that of a step. */
function columnsOf(weights: Handle, parts: number): Handle[] {
  const gates = exchangeGates(weights, -1);
  const pieces = split(gates, 4 * parts, -1); // of each gate all parts
  const columns = Array.from({ length: parts }, (_, part) =>
    concat(
      pieces.filter((_, place) => place % parts === part),
      -1,
    ),
  );
  release(gates, ...pieces);
  return columns;
}

/** x W + b of the first layer for every symbol, [V, 4 H]: of one-hot x that is W's rows. */
export function firstProducts(
  [kernel, , bias]: tf.Tensor[],
  embeddings: tf.Tensor | undefined,
): Handle {
  const width = kernel.shape[1] as number;
  const product = embeddings
    ? matMul(handleOf(embeddings), handleOf(kernel))
    : reshape(handleOf(kernel), ...kernel.shape);
  const table = addBias(product, bias ? handleOf(bias) : zeros(width));
  release(product);
  return table;
}
