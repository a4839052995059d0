import os from "node:os";
import type { CharRnnLayers, Logits, Stepper } from "../engine";
import type { tf } from "../tensorflow";
import { type Handle, release, valuesOf } from "./operations";
import type { OwnAddOn, OwnStepper } from "./ownOperations";
import { firstProducts, LARGE } from "./stepper";

/** What is worth a thread's while, in multiplications: some 20 µs. */
const LEAST_WORK = 2 ** 20;
/** The most parts of a step: MOST_PARTS of cpp/team.h. */
const MOST_PARTS = 16;

/** In how many parts the rows of a step are computed whose every row takes so many multiplications. */
export function rowParts(N: number, work: number): number {
  const most = Math.min(os.availableParallelism(), MOST_PARTS, N);
  return Math.max(1, Math.min(most, Math.floor((N * work) / LEAST_WORK)));
}

/** A tensor's numbers, or zeros where there is none. */
export function numbersOf(tensor: tf.Tensor | undefined, count: number): Float32Array {
  return tensor ? (tensor.dataSync() as Float32Array) : new Float32Array(count);
}

/** A {@link Stepper} of LSTM layers in the add-on: a step is one call, which TensorFlow has no part in. */
export class OwnLstmStepper implements Stepper {
  private readonly own: OwnStepper;
  private readonly size: number;

  constructor(
    private readonly addOn: OwnAddOn,
    { input, recurrent, dense, symbols }: CharRnnLayers,
    N: number,
  ) {
    const weights = recurrent.map((layer) => layer.getWeights());
    const [kernel, bias] = dense.getWeights();
    const table = firstProducts(weights[0], input.getWeights()[0]);
    const further = weights
      .slice(1)
      .flatMap(([kernel, recurrentKernel, bias]) => [
        numbersOf(kernel, 0),
        numbersOf(recurrentKernel, 0),
        numbersOf(bias, kernel.shape[1] as number),
      ]);
    const arrays = [
      released(table),
      numbersOf(weights[0][1], 0),
      ...further,
      numbersOf(kernel, 0),
      numbersOf(bias, symbols),
    ];
    const work = arrays.slice(1).reduce((sum, { length }) => sum + length, 0);
    // A single sequence's step waits for memory: more threads than two would have to share that.
    const units = N === 1 && work >= LARGE && os.availableParallelism() > 1 ? 2 : 1;
    const parts = units > 1 ? 1 : rowParts(N, work);
    const sizes = [N, symbols, units, parts, ...recurrent.map(({ units }) => units)];
    this.own = addOn.createLstm(Int32Array.from(sizes), arrays);
    this.size = N * symbols;
  }

  step(ids: Int32Array): Logits {
    const logits = new Float32Array(this.size);
    this.addOn.step(this.own, ids, 0, logits);
    return logits;
  }

  reset(): void {
    this.addOn.reset(this.own);
  }

  dispose(): void {
    this.addOn.dispose(this.own);
  }
}

function released(handle: Handle): Float32Array {
  const values = valuesOf(handle) as Float32Array;
  release(handle);
  return values;
}
