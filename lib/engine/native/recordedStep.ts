import { drawSeed } from "../../layers/dropoutMask";
import { isRecurrentLayer, type RecurrentLayer } from "../../layers/recurrentLayer";
import { checkLabels, requireSomeWeight } from "../../losses/lossInputs";
import type { RecordedLoss } from "../../losses/lossKind";
import type { Weights } from "../../training/batchWeights";
import type { Gradients } from "../../training/gradients";
import type { tf } from "../tensorflow";
import { type GraphInput, NativeGraph } from "./graph";
import { stack } from "./matrices";
import {
  compute,
  createFloat,
  createInts,
  float,
  type Handle,
  handleOf,
  release,
  toTensor,
  valuesOf,
} from "./operations";
import { cut, join, partsFor, sum } from "./parts";
import { type RecordableLayer, recordPart } from "./recordedPart";

/** The sizes of a step's batch; each has a graph of its own. */
export interface BatchSizes {
  x: number[];
  xType: GraphInput;
  y: number[];
  /** D, how many numbers the model gives for each loss. */
  outputs: number;
  /** The shape of the losses, [N] or [N, T]. */
  rows: number[];
  /** Whether each loss has a weight. */
  weighted: boolean;
}

/**
 * A training step from the batch to the gradients (forward, mean loss, backward) recorded as one graph, which TensorFlow runs in one call. The batch is cut into parts that go through all
 * layers side by side, one on each core, and meet when the gradients by the weights are summed.
 */
export class RecordedStep {
  private readonly graph: NativeGraph;
  private readonly stateful: RecurrentLayer[];
  private readonly parts: number;
  private readonly seedsOfPart: number;

  constructor(
    layers: RecordableLayer[],
    private readonly variables: tf.Variable[],
    private readonly sizes: BatchSizes,
    private readonly loss: RecordedLoss,
  ) {
    const N = sizes.x[0];
    this.parts = partsFor(N);
    this.stateful = layers.filter(
      (layer): layer is RecordableLayer & RecurrentLayer =>
        isRecurrentLayer(layer) && layer.stateful,
    );
    this.seedsOfPart = layers.reduce((count, { seedCount = 0 }) => count + seedCount, 0);
    const states = this.stateful.reduce((count, layer) => count + layer.stateShapes(N).length, 0);
    // Index tensors come in parts, because cutting them here is faster than in the graph.
    const isCoded = sizes.xType === "int32";
    const ofClasses = loss.targets === "classes";
    const counts: [GraphInput, number][] = [
      [sizes.xType, isCoded ? this.parts : 1],
      ofClasses ? ["int32", this.parts] : ["float32", 1],
      ["int32", this.parts * this.seedsOfPart],
      ["float32", (sizes.weighted ? this.parts : 0) + variables.length + states],
    ];
    const types = counts.flatMap(([type, count]) => new Array<GraphInput>(count).fill(type));
    this.graph = new NativeGraph(types, (inputs) => this.body(layers, [...inputs]));
  }

  private body(layers: RecordableLayer[], inputs: Handle[]): Handle[] {
    const { parts, seedsOfPart, sizes } = this;
    const take = (count: number) => inputs.splice(0, count);
    const xs = sizes.xType === "int32" ? take(parts) : cut(take(1)[0], parts, 0);
    const ys = this.loss.targets === "classes" ? take(parts) : cut(take(1)[0], parts, 0);
    const seeds = take(parts * seedsOfPart);
    const shares = sizes.weighted ? take(parts) : undefined;
    const weights = take(this.variables.length);
    const states = inputs.map((state) => cut(state, parts, 0));
    const results = xs.map((x, part) =>
      recordPart(layers, {
        x,
        y: ys[part],
        shape: [sizes.x[0] / parts, ...sizes.x.slice(1)],
        type: sizes.xType,
        loss: this.loss,
        weighted: sizes.weighted,
        share: shares?.[part] ?? float(1 / sizes.rows.reduce((product, n) => product * n, 1)),
        weights,
        states: states.map((inParts) => inParts[part]),
        seeds: seeds.slice(part * seedsOfPart, (part + 1) * seedsOfPart),
      }),
    );
    const losses = sum(results.map((each) => each.loss));
    const gradients = weights.map((_, i) => sum(results.map((each) => each.gradients[i])));
    const halves = gradients.map((gradient) => compute("L2Loss", [gradient]));
    const finals = states.map((_, i) => results.map((each) => each.states[i]));
    return [stack([losses, ...halves]), ...gradients, ...finals.map((each) => join(each, 0))];
  }

  /** Computes the gradients, and carries the states of stateful layers on. */
  run(x: tf.Tensor, y: tf.Tensor, weights?: Weights): Gradients {
    const { parts, sizes, variables } = this;
    const [N] = sizes.x;
    // What may be refused comes before anything is made that nobody would release then.
    const states = this.stateful.flatMap((layer) => layer.statesForBatch(N));
    const labels = this.loss.targets === "classes" ? y.dataSync() : undefined;
    if (labels) checkLabels(labels, sizes.outputs);
    const shares = weights ? inParts(sharesOf(weights), sizes.rows, parts) : [];
    const own: Handle[] = [];
    const make = (...handles: Handle[]) => {
      own.push(...handles);
      return handles;
    };
    const codes = (values: ArrayLike<number>, shape: number[]) =>
      make(...inParts(values, shape, parts).map(createInts));
    const [report, ...rest] = this.graph.run([
      ...(sizes.xType === "int32" ? codes(x.dataSync(), x.shape) : [handleOf(x)]),
      ...(labels ? codes(labels, y.shape) : [handleOf(y)]),
      ...make(...Array.from({ length: parts * this.seedsOfPart }, () => createInts(drawSeed()))),
      ...make(...shares.map((part) => createFloat([part.length], Float32Array.from(part)))),
      ...variables.map(handleOf),
      ...states.map(handleOf),
    ]);
    const [loss, ...halves] = valuesOf(report);
    release(report, ...own);
    const gradients = variables.map(({ shape }, i) => toTensor(rest[i], shape));
    this.carryOn(rest.slice(variables.length));
    const squares = halves.reduce((total, half) => total + 2 * half, 0);
    return { loss, gradients, norm: Math.sqrt(squares) };
  }

  /** Frees the graph. */
  dispose(): void {
    this.graph.dispose();
  }

  private carryOn(states: Handle[]): void {
    for (const layer of this.stateful) {
      const shapes = layer.stateShapes(this.sizes.x[0]);
      const final = states.splice(0, shapes.length).map((state, i) => toTensor(state, shapes[i]));
      layer.setStates(final);
      for (const state of final) state.dispose();
    }
  }
}

/** What each loss counts in the weighted mean. @throws Error where all weights are 0 */
function sharesOf({ values, sum }: Weights): Float64Array {
  requireSomeWeight(values.length, sum);
  return Float64Array.from(values, (weight) => weight / sum);
}

/** Numbers [N, T] or [N] in parts of the batch, each with time first. */
function inParts(values: ArrayLike<number>, [N, T = 1]: number[], parts: number): Float64Array[] {
  const rows = N / parts;
  return Array.from({ length: parts }, (_, part) => {
    const ordered = new Float64Array(T * rows);
    for (let t = 0; t < T; t++) {
      for (let n = 0; n < rows; n++) ordered[t * rows + n] = values[(part * rows + n) * T + t]!;
    }
    return ordered;
  });
}
