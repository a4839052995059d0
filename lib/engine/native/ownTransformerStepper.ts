import { GELU_CUBIC, GELU_LINEAR, NORM_EPSILON, rotaryTables } from "../attention";
import type { BlockSizes, Logits, Stepper, TransformerLayers } from "../engine";
import { StepWindow } from "../stepWindow";
import type { OwnAddOn, OwnStepper } from "./ownOperations";
import { numbersOf, rowParts } from "./ownStepper";

/** A {@link Stepper} of a transformer in the add-on, with a key-value cache there. All blocks are alike. */
export class OwnTransformerStepper implements Stepper {
  private readonly own: OwnStepper;
  private readonly window: StepWindow;
  private readonly size: number;

  constructor(
    private readonly addOn: OwnAddOn,
    { input, positions, blocks, norm, dense, symbols, contextLength: C }: TransformerLayers,
    { heads, hidden, rotary }: BlockSizes,
    N: number,
  ) {
    const [kernel, bias] = dense.getWeights();
    const D = kernel.shape[0] as number;
    const d = D / heads;
    const { cosines, sines } = rotaryTables(0, C, d);
    const weights = [...blocks.flatMap((block) => block.getWeights()), ...norm.getWeights()];
    const place = positions?.getWeights()[0];
    const arrays = [
      numbersOf(input.getWeights()[0], 0),
      place && numbersOf(place, 0),
      ...(rotary ? [cosines, sines] : [undefined, undefined]),
      ...weights.map((weight) => numbersOf(weight, 0)),
      numbersOf(kernel, 0),
      numbersOf(bias, symbols),
    ];
    const work = weights.reduce((sum, { size }) => sum + size, D * symbols);
    const sizes = [N, symbols, rowParts(N, work), C, heads, d, hidden, blocks.length];
    const scalars = Float32Array.of(NORM_EPSILON, GELU_CUBIC, GELU_LINEAR);
    this.own = addOn.createTransformer(Int32Array.from(sizes), scalars, arrays);
    this.window = new StepWindow(C);
    this.size = N * symbols;
  }

  step(ids: Int32Array): Logits {
    const { window } = this;
    if (window.isFull) {
      for (const column of window.takeNewerHalf()) {
        this.read(column);
      }
    }
    const logits = new Float32Array(this.size);
    this.read(ids.slice(), logits);
    return logits;
  }

  private read(ids: Int32Array, logits?: Float32Array): void {
    this.addOn.step(this.own, ids, this.window.length, logits);
    this.window.add(ids);
  }

  reset(): void {
    this.window.clear();
    this.addOn.reset(this.own);
  }

  dispose(): void {
    this.window.clear();
    this.addOn.dispose(this.own);
  }
}
