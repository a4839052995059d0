import type { CharRnnLayers, LayerDescription, Logits, Stepper } from "../engine";
import type { tf } from "../tensorflow";
import { addBias, copy, matMul, oneHotOf } from "./matrices";
import { compute, createInts, type Handle, int, release, valuesOf, zeros } from "./operations";
import type { NativeCell } from "./recurrence";
import { nativeRecurrences } from "./sequence";
import { handleOf } from "./tensors";

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
    if (input.describe().kind === "embedding") this.table = own(input.getWeights()[0]);
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
      if (i === 0) release(x);
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
    if (this.table !== undefined) release(this.table);
    for (const cell of this.cells) release(...cell.weights);
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
