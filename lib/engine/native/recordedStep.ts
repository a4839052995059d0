import { drawMaskSeed, maskCountOf } from "../dropoutMask";
import type {
  BatchNumbers,
  Gradients,
  LossDescription,
  LossWeights,
  StatefulLayer,
  StepRecorder,
  UpdateOrder,
} from "../engine";
import type { tf } from "../tensorflow";
import {
  type BatchSizes,
  batchSizesOf,
  isStateful,
  type RecordedLayer,
  recordableLayers,
  sizeOf,
} from "../wholeSteps";
import { maskOfSeed } from "./feedForward";
import { type GraphInput, NativeGraph } from "./graph";
import { createFloat, createInts, float, type Handle, release, valuesOf } from "./operations";
import { limitsOf, OwnSlots, updateInParts, updatePartsFor } from "./ownUpdates";
import { flat, inParts, sharesOf } from "./recordedBatch";
import { recordPart } from "./recordedPart";
import { cut, handleOf, join, partsFor, stack, sum, toTensor } from "./tensors";
import { summedGradient, wholeGradient } from "./weightGradients";

/** Recording takes as long as some steps do; batches of more different sizes are taped. */
const MOST_RECORDINGS = 8;
/** The longest sequence that is recorded through recurrent layers: its steps become nodes of a graph each. */
const LONGEST = 200;

/**
 * The whole steps of a model that is a plain sequence of this library's layers, all of them trainable.
 * Undefined of any other.
 */
export function recordSteps(
  model: tf.LayersModel,
  variables: tf.Variable[],
  loss: LossDescription,
): StepRecorder | undefined {
  const layers = recordableLayers(model);
  if (!layers) {
    return undefined;
  }
  const recorded = new Map<string, RecordedStep>();
  const mostSteps = mostStepsOf(layers);
  const stepFor = (x: BatchNumbers, y: BatchNumbers, weights?: LossWeights, slots?: OwnSlots) => {
    const sizes = batchSizesOf(model, { x, y, weights, loss });
    if (!sizes || sizes.steps > mostSteps) {
      return undefined;
    }
    const key = `${sizes.xType} ${sizes.x} ${sizes.y} ${sizes.weighted} ${slots?.kind}`;
    let step = recorded.get(key);
    if (!step && recorded.size < MOST_RECORDINGS) {
      step = new RecordedStep(layers, variables, sizes, loss, slots);
      recorded.set(key, step);
    }
    return step;
  };
  return {
    stepFor: (x, y, weights, order) => {
      const slots = order?.slots instanceof OwnSlots ? order.slots : undefined;
      const step = stepFor(x, y, weights, slots);
      return step && (() => step.run(x, y, weights, slots && { ...(order as UpdateOrder), slots }));
    },
    dispose() {
      for (const step of recorded.values()) {
        step.dispose();
      }
      recorded.clear();
    },
  };
}

/** The most steps that are recorded; the tape's operations refuse what a layer has no places for. */
function mostStepsOf(layers: RecordedLayer[]): number {
  const most = layers.map(({ description }) => {
    if (description.kind === "positions") {
      return description.contextLength;
    }
    return description.kind === "recurrent" ? LONGEST : Number.POSITIVE_INFINITY;
  });
  return Math.min(...most);
}

/** An update by the library's own operation. */
type OwnOrder = UpdateOrder & { slots: OwnSlots };

/**
 * A training step from the batch to the gradients (forward, mean loss, backward) recorded as one graph,
 * which TensorFlow runs in one call. The batch is cut into parts that go through all layers side by
 * side, one on each core, and meet when the gradients by the weights are summed.
 *
 * Where the library's own operations are there, the graph goes on to the moved weights: no gradient leaves
 * it. The update comes after all else that the graph computes, so that nothing reads a weight that has moved.
 */
class RecordedStep {
  private readonly graph: NativeGraph;
  private readonly stateful: StatefulLayer[];
  private readonly parts: number;
  private readonly maskCount: number;
  private readonly ofClasses: boolean;

  constructor(
    layers: RecordedLayer[],
    private readonly variables: tf.Variable[],
    private readonly sizes: BatchSizes,
    private readonly loss: LossDescription,
    /** Those of the optimizer whose updates are recorded, too; only their kind and number matter. */
    private readonly slots?: OwnSlots,
  ) {
    const N = sizes.x[0];
    this.parts = partsFor(N);
    this.ofClasses = loss.kind === "crossEntropy";
    this.stateful = layers.filter(isStateful).map(({ layer }) => layer as StatefulLayer);
    this.maskCount = layers.reduce((count, each) => count + maskCountOf(each.description), 0);
    const states = this.stateful.reduce((count, layer) => count + layer.stateShapes(N).length, 0);
    // Codes come in parts, because cutting them here is faster than in the graph.
    const counts: [GraphInput, number][] = [
      [sizes.xType, sizes.xType === "int32" ? this.parts : 1],
      this.ofClasses ? ["int32", this.parts] : ["float32", 1],
      ["int32", this.maskCount],
      ["float32", (sizes.weighted ? this.parts : 0) + variables.length + states],
      ["float32", slots ? 2 + slots.slotCount : 0],
    ];
    const types = counts.flatMap(([type, count]) => new Array<GraphInput>(count).fill(type));
    this.graph = new NativeGraph(types, (inputs) => this.body(layers, [...inputs]));
  }

  private body(layers: RecordedLayer[], inputs: Handle[]): Handle[] {
    const { parts, sizes } = this;
    const take = (count: number) => inputs.splice(0, count);
    const xs = sizes.xType === "int32" ? take(parts) : cut(take(1)[0], parts, 0);
    const ys = this.ofClasses ? take(parts) : cut(take(1)[0], parts, 0);
    const masks = masksInParts(take(this.maskCount), parts);
    const shares = sizes.weighted ? take(parts) : undefined;
    const weights = take(this.variables.length);
    const ofUpdate = this.slots ? inputs.splice(-2 - this.slots.slotCount) : [];
    const states = inputs.map((state) => cut(state, parts, 0));
    const results = xs.map((x, part) =>
      recordPart(layers, {
        x,
        y: ys[part],
        shape: [sizes.x[0] / parts, ...sizes.x.slice(1)],
        type: sizes.xType,
        loss: this.loss,
        weighted: sizes.weighted,
        share: shares?.[part] ?? float(1 / sizeOf(sizes.rows)),
        weights,
        states: states.map((inParts) => inParts[part]),
        mask: (place, shape, rate) => masks(place, shape, rate)[part],
      }),
    );
    const losses = sum(results.map((each) => each.loss));
    const gradients = weights.map((_, i) =>
      summedGradient(results.map((each) => each.gradients[i])),
    );
    const pieces = gradients.flat();
    const finals = states.map((_, i) =>
      join(
        results.map((each) => each.states[i]),
        0,
      ),
    );
    const report = stack([losses, ...pieces.map(({ half }) => half)]);
    if (!this.slots) {
      return [report, ...finals, ...gradients.map(wholeGradient)];
    }
    const [limits, scalars, ...slots] = ofUpdate;
    const numbers = {
      report,
      limits,
      scalars,
      values: weights,
      slots,
      gradients: pieces.map(({ gradient }) => gradient),
      after: finals,
    };
    return [
      report,
      ...finals,
      ...updateInParts(this.slots.kind, numbers, updatePartsFor(this.variables)),
    ];
  }

  /** Computes the gradients and the update, and carries the states of stateful layers on. */
  run(x: BatchNumbers, y: BatchNumbers, weights?: LossWeights, order?: OwnOrder): Gradients {
    const { parts, sizes, variables } = this;
    const [N] = sizes.x;
    // What may be refused comes before anything is made that nobody would release then.
    const states = this.stateful.flatMap((layer) => layer.statesForBatch(N));
    const own: Handle[] = [];
    const make = (...handles: Handle[]) => {
      own.push(...handles);
      return handles;
    };
    const codes = (numbers: BatchNumbers) =>
      make(...inParts(numbers.rows(), parts, Int32Array).map(createInts));
    const values = (numbers: BatchNumbers) =>
      numbers.given ? [handleOf(numbers.given)] : make(createFloat(numbers.shape, flat(numbers)));
    const claimed = order?.slots.claim();
    const [report, ...rest] = this.graph.run([
      ...(sizes.xType === "int32" ? codes(x) : values(x)),
      ...(this.ofClasses ? codes(y) : values(y)),
      ...make(...Array.from({ length: this.maskCount }, () => createInts(drawMaskSeed()))),
      ...make(...(weights ? sharesOf(weights, N, parts) : [])),
      ...(claimed?.values ?? variables.map(handleOf)),
      ...states.map(handleOf),
      ...(order
        ? make(
            limitsOf(order),
            createFloat([order.scalars.length], Float32Array.from(order.scalars)),
          )
        : []),
      ...(claimed?.slots ?? []),
    ]);
    const [loss, ...halves] = valuesOf(report);
    release(report, ...own);
    this.carryOn(rest.splice(0, states.length));
    const squares = halves.reduce((total, half) => total + 2 * half, 0);
    const norm = Math.sqrt(squares);
    if (order) {
      release(...rest);
      return { loss, gradients: [], norm, updated: true };
    }
    const gradients = variables.map(({ shape }, i) => toTensor(rest[i], shape));
    return { loss, gradients, norm };
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
      for (const state of final) {
        state.dispose();
      }
    }
  }
}

/**
 * Dropout masks of the whole batch, cut into parts of its rows: what is dropped depends on the seed, and on no
 * machine's number of cores.
 *
 * @returns what gives the parts of a mask: by its number and the shape of a part, [T, N, D] or [N, D]
 */
function masksInParts(seeds: Handle[], parts: number) {
  const known: Handle[][] = [];
  return (place: number, shape: number[], rate: number): Handle[] => {
    const rows = shape.length - 2;
    const whole = shape.map((size, axis) => (axis === rows ? parts * size : size));
    known[place] ??= cut(maskOfSeed(seeds[place], whole, rate), parts, rows);
    return known[place];
  };
}
