import type { CellKind, CharRnnLayers, Logits, SteppedLayers, Stepper } from "../engine";
import { descriptionOf } from "../engine";
import type { tf } from "../tensorflow";
import type { WebModule } from "./module";
import { addProduct } from "./products";
import { type Program, runProgram } from "./program";
import { addRows, KeptNumbers, type Matrix } from "./stepperRows";

/** The largest vocabulary for which the first layer's products are made beforehand. */
const LARGEST_VOCABULARY = 4096;
/** How many gates the cells have. */
const GATES: Record<CellKind, number> = { lstm: 4, gru: 3, gruResetAfter: 3, simpleRnn: 1 };

/** Whether {@link WebStepper} can run these layers. */
export function isKnownStack(layers: SteppedLayers): layers is CharRnnLayers {
  return (
    "recurrent" in layers &&
    layers.symbols <= LARGEST_VOCABULARY &&
    layers.recurrent.every((layer) => cellOf(layer) !== undefined)
  );
}

function cellOf(layer: tf.layers.Layer): CellKind | undefined {
  const description = descriptionOf(layer);
  return description?.kind === "recurrent" ? description.cell : undefined;
}

/** Whether a cell adds its bias itself: a GRU's may be two, one of them behind its reset gate. */
function hasOwnBias(cell: CellKind): boolean {
  return cell === "gru" || cell === "gruResetAfter";
}

/** A recurrent layer's weights and states in the module. */
interface Layer {
  cell: CellKind;
  units: number;
  /** None of the first layer, which has them in the table. */
  input?: { kernel: Matrix; bias: number };
  recurrentKernel: Matrix;
  /** Of a cell that adds its bias itself. */
  bias: number;
  h: number;
  c: number;
}

/**
 * A {@link Stepper} whose step is one call of the module. What the first layer makes of a symbol, x W + b, is
 * made beforehand for all symbols and looked up.
 */
export class WebStepper implements Stepper {
  private readonly kept: KeptNumbers;
  /** [V, G H] */
  private readonly table: Matrix;
  private readonly layers: Layer[];
  private readonly dense: { kernel: Matrix; bias: number };

  constructor(
    private readonly module: WebModule,
    { input, recurrent, dense }: CharRnnLayers,
    private readonly N: number,
  ) {
    this.kept = new KeptNumbers(module);
    const { kept } = this;
    const [first] = recurrent;
    const [kernel, , bias] = first.getWeights();
    const ofTable = hasOwnBias(cellOf(first) as CellKind) ? undefined : bias;
    this.table = this.tableOf(kernel, ofTable, input.getWeights()[0]);
    this.layers = recurrent.map((layer, place) => {
      const [kernel, recurrentKernel, bias] = layer.getWeights();
      const { units } = layer;
      const cell = cellOf(layer) as CellKind;
      const width = GATES[cell] * units;
      const biases = kept.row(bias, cell === "gruResetAfter" ? 2 * width : width);
      return {
        cell,
        units,
        input:
          place === 0
            ? undefined
            : { kernel: kept.matrix(kernel), bias: hasOwnBias(cell) ? 0 : biases },
        recurrentKernel: kept.matrix(recurrentKernel),
        bias: biases,
        h: kept.take(N * units),
        c: kept.take(N * units),
      };
    });
    const [ofDense, biasOfDense] = dense.getWeights();
    const kernelOfDense = kept.matrix(ofDense);
    this.dense = { kernel: kernelOfDense, bias: kept.row(biasOfDense, kernelOfDense.columns) };
    this.reset();
  }

  step(ids: Int32Array): Logits {
    const { module, N, dense } = this;
    const { written } = runProgram(module, { limits: [0, 0, 0], scalars: [] }, (program) => {
      let below = 0;
      for (const layer of this.layers) {
        const { cell, units, input, h } = layer;
        const width = GATES[cell] * units;
        const sums = program.place(N * width);
        if (input === undefined) {
          const indices = program.ints(N, (into) => into.set(ids));
          program.add("lookUp", this.table.at, indices, N, width, sums);
        } else {
          program.add("fill", input.bias, N, width, sums);
          addRows(program, N, below, input.kernel, sums);
        }
        this.addCell(program, layer, sums);
        below = h;
      }
      const { columns } = dense.kernel;
      const logits = program.place(N * columns);
      program.add("fill", dense.bias, N, columns, logits);
      addRows(program, N, below, dense.kernel, logits);
      return { at: logits, count: N * columns };
    });
    return module.floats(written.at, written.count).slice() as Logits;
  }

  reset(): void {
    for (const { units, h, c } of this.layers) {
      for (const state of [h, c]) {
        this.module.floats(state, this.N * units).fill(0);
      }
    }
  }

  dispose(): void {
    this.kept.dispose();
  }

  /** From x W, with the bias where the cell does not add it itself, to the next states, in place. */
  private addCell(program: Program, layer: Layer, sums: number): void {
    const { N } = this;
    const { cell, units, recurrentKernel, bias, h, c } = layer;
    if (hasOwnBias(cell)) {
      // A sequence of one step. It reads h before it writes the next one there.
      const resetAfter = cell === "gruResetAfter" ? 1 : 0;
      const inner = program.place(N * units);
      program.needScratch(program.module.gruScratch(N, units));
      program.add("gru", 1, N, units, resetAfter, h, recurrentKernel.at, bias, sums, h, inner);
    } else {
      addRows(program, N, h, recurrentKernel, sums);
      program.add(cell === "lstm" ? "lstmCell" : "simpleRnnCell", N, units, sums, h, c);
    }
  }

  /** x W + b of every symbol; of one-hot x that is W's rows. */
  private tableOf(kernel: tf.Tensor, bias: tf.Tensor | undefined, embeddings?: tf.Tensor): Matrix {
    const [rows, columns] = (embeddings ?? kernel).shape.slice(0, 1).concat(kernel.shape[1] ?? 0);
    const table = { at: this.kept.take(rows * columns), rows, columns };
    runProgram(this.module, { limits: [0, 0, 0], scalars: [] }, (program) => {
      const place = (tensor: tf.Tensor) =>
        program.floats(tensor.size, (into) => into.set(tensor.dataSync()));
      program.add("fill", bias ? place(bias) : 0, rows, columns, table.at);
      const D = kernel.shape[0];
      const x = place(embeddings ?? kernel);
      if (embeddings) {
        const factors = [
          [x, D, 1],
          [place(kernel), columns, 1],
        ] as const;
        addProduct(program, [rows, columns, D], factors[0], factors[1], table.at, true);
      } else {
        program.add("add", rows * columns, table.at, x);
      }
    });
    return table;
  }
}
