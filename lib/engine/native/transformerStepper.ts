import { rotaryTables } from "../attention";
import {
  descriptionOf,
  type LayerDescription,
  type Logits,
  type Stepper,
  type TransformerLayers,
} from "../engine";
import { StepWindow } from "../stepWindow";
import type { tf } from "../tensorflow";
import { NativeGraph } from "./graph";
import {
  compute,
  createFloat,
  createInts,
  type Handle,
  int,
  release,
  valuesOf,
} from "./operations";
import { recordAttention } from "./recordedAttention";
import { add, copy, handleOf, matMul, reshape } from "./tensors";
import { recordBlock, recordNorm } from "./transformerBlock";

type Block = Extract<LayerDescription, { kind: "transformerBlock" }>;

/**
 * A {@link Stepper} of a transformer that runs each step as one recorded graph, with a key-value cache: graphs
 * take the keys and values of the steps before and give them back with those of the new one.
 */
export class NativeTransformerStepper implements Stepper {
  private readonly weights: Handle[];
  private readonly blocks: Block[];
  private readonly window: StepWindow;
  /** D */
  private readonly width: number;
  private readonly hasPositions: boolean;
  private readonly stepGraph: NativeGraph;
  /** Reads many steps at once, when nothing was read before. */
  private readonly readGraphs = new Map<number, NativeGraph>();
  /** Keys and values of each block in turn, each [N, h, S, d]; empty where nothing was read. */
  private pasts: Handle[] = [];

  constructor(
    { input, positions, blocks, norm, dense, symbols, contextLength }: TransformerLayers,
    private readonly N: number,
  ) {
    const [kernel, bias] = dense.getWeights();
    const arrays = [
      ...input.getWeights(),
      ...(positions?.getWeights() ?? []),
      ...blocks.flatMap((block) => block.getWeights()),
      ...norm.getWeights(),
      kernel,
    ];
    const own = (tensor: tf.Tensor) => copy(handleOf(tensor));
    this.weights = arrays.map(own);
    this.weights.push(bias ? own(bias) : createFloat([symbols], new Float32Array(symbols)));
    this.blocks = blocks.map((block) => descriptionOf(block) as Block);
    this.hasPositions = positions !== undefined;
    this.window = new StepWindow(contextLength);
    this.width = kernel.shape[0] as number;
    this.stepGraph = this.graphOf(1, true);
  }

  private graphOf(T: number, hasPast: boolean): NativeGraph {
    const { N, blocks, weights } = this;
    const count = 2 + weights.length + (hasPast ? 2 * blocks.length : 0);
    const types = ["int32", "int32", ...new Array(count).fill("float32")] as const;
    return new NativeGraph(types, ([ids, places, cosines, sines, ...rest]) => {
      const take = (count: number) => rest.splice(0, count);
      const D = this.width;
      const [table] = take(1);
      let x = compute("GatherV2", [table, ids, int(0)]);
      if (this.hasPositions) {
        const rows = compute("GatherV2", [take(1)[0], places, int(0)]);
        x = reshape(add(reshape(x, T, N, D), reshape(rows, T, 1, D)), T * N, D);
      }
      const ofBlocks = blocks.map(() => take(12));
      const [gain, bias, kernel, kernelBias] = take(4);
      const caches: Handle[] = [];
      for (const [i, block] of blocks.entries()) {
        const [keys, values] = take(hasPast ? 2 : 0);
        const past = hasPast ? { keys, values, cosines, sines } : undefined;
        const attend = (qkv: Handle) => {
          const attention = recordAttention(qkv, block, { N, T, D }, past);
          caches.push(attention.keys, attention.values);
          return attention;
        };
        x = recordBlock(x, ofBlocks[i], block, { N, T, D }, { attend }).output;
      }
      const logits = matMul(recordNorm(x, gain, bias).value, kernel);
      return [compute("BiasAdd", [logits, kernelBias]), ...caches];
    });
  }

  step(ids: Int32Array): Logits {
    const { window } = this;
    if (window.isFull) {
      const half = window.takeNewerHalf();
      this.forget();
      if (half.length > 0) {
        release(this.advance(half));
      }
    }
    const logits = this.advance([ids.slice()]);
    const values = valuesOf(logits) as Logits;
    release(logits);
    return values;
  }

  /** One step, or many where nothing was read before. */
  private advance(columns: Int32Array[]): Handle {
    const { N, window, blocks, weights, width: D } = this;
    const T = columns.length;
    const from = window.length;
    for (const column of columns) {
      window.add(column);
    }
    const ids = new Int32Array(T * N);
    columns.forEach((column, t) => {
      ids.set(column, t * N);
    });
    const d = D / blocks[0].heads;
    const { cosines, sines } = rotaryTables(from, T, d);
    const given = [
      createInts(ids),
      createInts(Int32Array.from({ length: T }, (_, t) => from + t)),
      createFloat([T, d], cosines),
      createFloat([T, d], sines),
    ];
    const [logits, ...pasts] = this.graphFor(T, from).run([...given, ...weights, ...this.pasts]);
    release(...given, ...this.pasts);
    this.pasts = pasts;
    return logits;
  }

  private graphFor(T: number, from: number): NativeGraph {
    if (from > 0) {
      return this.stepGraph;
    }
    let graph = this.readGraphs.get(T);
    if (!graph) {
      graph = this.graphOf(T, false);
      this.readGraphs.set(T, graph);
    }
    return graph;
  }

  private forget(): void {
    release(...this.pasts);
    this.pasts = [];
  }

  reset(): void {
    this.forget();
    this.window.clear();
  }

  dispose(): void {
    this.reset();
    release(...this.weights);
    this.stepGraph.dispose();
    for (const graph of this.readGraphs.values()) {
      graph.dispose();
    }
  }
}
