import { GELU_CUBIC, GELU_LINEAR, NORM_EPSILON, rotaryTables } from "../attention";
import type { BlockSizes, Logits, Stepper, TransformerLayers } from "../engine";
import { StepWindow } from "../stepWindow";
import type { WebModule } from "./module";
import { bitsOf, type Program, runProgram } from "./program";
import { addRows, KeptNumbers, type Matrix } from "./stepperRows";

/** A dense layer without a function: its sums begin with the bias. */
interface Sums {
  kernel: Matrix;
  bias: number;
}

interface Norm {
  gain: number;
  bias: number;
}

/** A block's weights, and the keys and values of what it has read: see AttendStep in cpp/program.h. */
interface Block {
  first: Norm;
  qkv: Sums;
  projection: Sums;
  second: Norm;
  expand: Sums;
  contract: Sums;
  keys: number;
  values: number;
}

/**
 * A {@link Stepper} of a transformer whose step is one call of the module, with a key-value cache there. All
 * blocks are alike.
 */
export class WebTransformerStepper implements Stepper {
  private readonly kept: KeptNumbers;
  private readonly window: StepWindow;
  private readonly D: number;
  private readonly C: number;
  private readonly heads: number;
  private readonly table: Matrix;
  private readonly positions?: Matrix;
  /** [C, d] each, where queries and keys are turned. */
  private readonly turns?: { cosines: number; sines: number };
  private readonly blocks: Block[];
  private readonly norm: Norm;
  private readonly dense: Sums;

  constructor(
    private readonly module: WebModule,
    { input, positions, blocks, norm, dense, contextLength: C }: TransformerLayers,
    { heads, rotary }: BlockSizes,
    private readonly N: number,
  ) {
    const kept = new KeptNumbers(module);
    this.kept = kept;
    this.C = C;
    this.window = new StepWindow(C);
    const [kernel, bias] = dense.getWeights();
    const D = kernel.shape[0] as number;
    this.D = D;
    this.table = kept.matrix(input.getWeights()[0]);
    this.positions = positions && kept.matrix(positions.getWeights()[0]);
    this.dense = { kernel: kept.matrix(kernel), bias: kept.row(bias, kernel.shape[1] as number) };
    const [gain, normBias] = norm.getWeights();
    this.norm = { gain: kept.row(gain, D), bias: kept.row(normBias, D) };
    this.blocks = blocks.map((block) => {
      const w = block.getWeights();
      const normAt = (i: number) => ({ gain: kept.row(w[i], D), bias: kept.row(w[i + 1], D) });
      const sumsAt = (i: number) => ({
        kernel: kept.matrix(w[i]),
        bias: kept.row(w[i + 1], w[i + 1].size),
      });
      return {
        first: normAt(0),
        qkv: sumsAt(2),
        projection: sumsAt(4),
        second: normAt(6),
        expand: sumsAt(8),
        contract: sumsAt(10),
        keys: kept.take(N * D * C),
        values: kept.take(N * D * C),
      };
    });
    this.heads = heads;
    if (rotary) {
      const { cosines, sines } = rotaryTables(0, C, D / heads);
      this.turns = { cosines: kept.numbers(cosines), sines: kept.numbers(sines) };
    }
  }

  step(ids: Int32Array): Logits {
    const { window } = this;
    if (window.isFull) {
      for (const column of window.takeNewerHalf()) {
        this.read(column);
      }
    }
    return this.read(ids.slice());
  }

  private read(ids: Int32Array): Logits {
    const { module, N, D, window, dense } = this;
    const place = window.length;
    const { written } = runProgram(module, { limits: [0, 0, 0], scalars: [] }, (program) => {
      const x = program.place(N * D);
      const indices = program.ints(N, (into) => into.set(ids));
      program.add("lookUp", this.table.at, indices, N, D, x);
      if (this.positions) {
        const rows = program.place(N * D);
        program.add("fill", this.positions.at + 4 * place * D, N, D, rows);
        program.add("add", N * D, x, rows);
      }
      for (const block of this.blocks) {
        this.addBlock(program, block, place, x);
      }
      const logits = this.sums(program, this.normal(program, x, this.norm), dense);
      return { at: logits, count: N * dense.kernel.columns };
    });
    window.add(ids);
    return module.floats(written.at, written.count).slice() as Logits;
  }

  /** x [N, D] through a block, in place. */
  private addBlock(program: Program, block: Block, place: number, x: number): void {
    const { N, D, C, heads, turns } = this;
    const qkv = this.sums(program, this.normal(program, x, block.first), block.qkv);
    const attended = program.place(N * D);
    const d = D / heads;
    const row = 4 * place * d;
    const tables = turns ? [turns.cosines + row, turns.sines + row] : [0, 0];
    program.needScratch(2 * C);
    const sizes = [N, heads, d, C, place];
    program.add("attendStep", ...sizes, qkv, ...tables, block.keys, block.values, attended);
    program.add("add", N * D, x, this.sums(program, attended, block.projection));
    const wide = this.sums(program, this.normal(program, x, block.second), block.expand);
    const size = N * block.expand.kernel.columns;
    program.add("gelu", size, bitsOf(GELU_CUBIC), bitsOf(GELU_LINEAR), wide, wide);
    program.add("add", N * D, x, this.sums(program, wide, block.contract));
  }

  private normal(program: Program, x: number, { gain, bias }: Norm): number {
    const { N, D } = this;
    const [y, normal, inverse] = [program.place(N * D), program.place(N * D), program.place(N)];
    program.add("norm", N, D, bitsOf(NORM_EPSILON), x, gain, bias, y, normal, inverse);
    return y;
  }

  private sums(program: Program, x: number, { kernel, bias }: Sums): number {
    const y = program.place(this.N * kernel.columns);
    program.add("fill", bias, this.N, kernel.columns, y);
    addRows(program, this.N, x, kernel, y);
    return y;
  }

  reset(): void {
    this.window.clear();
  }

  dispose(): void {
    this.reset();
    this.kept.dispose();
  }
}
