import { Embedding } from "../../layers/embedding";
import type { CharRnnLayers, Logits, Stepper } from "../../sampling/stepper";
import type { tf } from "../tensorflow";
import { type NativeCell, nativeCell } from "./cells";
import { addBias, copy, matMul } from "./matrices";
import {
  compute,
  createInts,
  float,
  type Handle,
  handleOf,
  int,
  intAttribute,
  release,
  valuesOf,
  zeros,
} from "./operations";

const LAST_AXIS = [intAttribute("axis", -1)];

/**
 * A {@link Stepper} on TensorFlow's cell kernels: six operations for a character from two layers, no
 * tf.Tensor and nothing to collect but the logits.
 */
export class NativeStepper implements Stepper {
  private readonly table?: Handle;
  private readonly cells: NativeCell[];
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
    if (input.getClassName() === Embedding.className) this.table = own(input.getWeights()[0]);
    this.cells = recurrent.map(nativeCell);
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
        ? compute("OneHot", [indices, int(this.symbols), float(1), float(0)], LAST_AXIS)
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
