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
import { tf } from "../tensorflow";
import {
  type BatchSizes,
  batchSizesOf,
  isStateful,
  type RecordedLayer,
  recordableLayers,
  sizeOf,
} from "../wholeSteps";
import { writeInput, writeLabels, writeShares } from "./batch";
import { addLayer } from "./layers";
import { tensorAt, type WebModule } from "./module";
import { type Program, runProgram } from "./program";
import type { LayerProgram, Signal } from "./signals";
import { settingsOf, WebSlots } from "./slots";

/**
 * The whole steps of a model that is a plain sequence of this library's layers, with the cross-entropy.
 * Undefined of any other.
 */
export function webSteps(
  module: WebModule,
  model: tf.LayersModel,
  variables: tf.Variable[],
  loss: LossDescription,
): StepRecorder | undefined {
  const layers = recordableLayers(model);
  if (!layers || loss.kind !== "crossEntropy") {
    return undefined;
  }
  const recorded = new WebStep(module, layers, variables);
  return {
    stepFor(x, y, weights, order) {
      const sizes = batchSizesOf(model, { x, y, weights, loss });
      if (!sizes || sizeOf(sizes.x) === 0) {
        return undefined;
      }
      return () => recorded.run({ x, y, weights, sizes }, order);
    },
    dispose: () => {},
  };
}

/** A batch, and its sizes. */
interface SizedBatch {
  x: BatchNumbers;
  y: BatchNumbers;
  weights?: LossWeights;
  sizes: BatchSizes;
}

/** What a step reads that is not of its batch, and that is drawn or taken before its program is written. */
interface Prepared {
  /** Of each stateful layer: its states, as numbers. */
  states: Float32Array[];
  /** Of each dropout layer. */
  seeds: number[][];
  /** Places of the weights that an optimizer keeps in the module, or numbers of those that it does not. */
  weights: number[] | Float32Array[];
}

/** Places of what a step computed. */
interface Written {
  gradients: number[];
  states: number[];
}

/** A training step from the batch to the moved weights in one call of the module. */
class WebStep {
  private readonly stateful: StatefulLayer[];
  private readonly seedCount: number;

  constructor(
    private readonly module: WebModule,
    private readonly layers: RecordedLayer[],
    private readonly variables: tf.Variable[],
  ) {
    this.stateful = layers.filter(isStateful).map(({ layer }) => layer as StatefulLayer);
    this.seedCount = layers.reduce((count, each) => count + maskCountOf(each.description), 0);
  }

  /** Computes the gradients and the update, and carries the states of stateful layers on. */
  run(batch: SizedBatch, order?: UpdateOrder): Gradients {
    const [N] = batch.sizes.x;
    const slots = order?.slots instanceof WebSlots ? order.slots : undefined;
    const prepared: Prepared = {
      states: this.stateful
        .flatMap((layer) => layer.statesForBatch(N))
        .map((state) => state.dataSync() as Float32Array),
      seeds: Array.from({ length: this.seedCount }, drawMaskSeed),
      weights: slots?.claim() ?? this.variables.map((each) => each.dataSync() as Float32Array),
    };
    const settings = slots && order ? settingsOf(order, order.scalars) : settingsOf({}, []);
    const { outcome, written } = runProgram(this.module, settings, (program) =>
      this.write(program, batch, prepared, slots),
    );
    this.carryOn(written.states, N);
    const { loss, norm } = outcome;
    if (slots) {
      if (Number.isFinite(loss) && Number.isFinite(norm)) {
        slots.show();
      }
      return { loss, norm, gradients: [], updated: true };
    }
    const gradients = this.variables.map(({ shape }, i) =>
      tensorAt(this.module, written.gradients[i], shape),
    );
    return { loss, norm, gradients };
  }

  /** Forward, loss, backward, norm and update. */
  private write(
    program: Program,
    { x, y, weights, sizes }: SizedBatch,
    prepared: Prepared,
    slots?: WebSlots,
  ): Written {
    const states = prepared.states.map((values) =>
      program.floats(values.length, (into) => into.set(values)),
    );
    const all = prepared.weights.map((weight, i) => ({
      value:
        typeof weight === "number"
          ? weight
          : program.floats(weight.length, (into) => into.set(weight)),
      gradient: program.place(this.variables[i].size),
    }));
    const ofLayers = [...all];
    const seeds = [...prepared.seeds];
    const stack: LayerProgram[] = [];
    let signal: Signal = writeInput(program, x, sizes);
    for (const each of this.layers) {
      const { layer, description } = each;
      const stateCount = isStateful(each)
        ? (layer as StatefulLayer).stateShapes(sizes.x[0]).length
        : 0;
      const added = addLayer(program, description, signal, {
        weights: ofLayers.splice(0, layer.trainableWeights.length),
        states: states.splice(0, stateCount),
        seeds: seeds.splice(0, maskCountOf(description)),
      });
      stack.push(added);
      signal = added.output;
    }
    let gradient: number | undefined = addLoss(program, signal, y, sizes, weights);
    for (let place = stack.length - 1; place >= 0 && gradient !== undefined; place--) {
      gradient = stack[place].backward(gradient, place > 0);
    }
    const gradients = all.map((weight) => weight.gradient);
    for (const [i, at] of gradients.entries()) {
      program.add("squares", this.variables[i].size, at);
    }
    program.add("decide");
    slots?.addTo(program, gradients);
    return { gradients, states: stack.flatMap((each) => each.states ?? []) };
  }

  private carryOn(places: number[], N: number): void {
    const rest = [...places];
    for (const layer of this.stateful) {
      const final = layer
        .stateShapes(N)
        .map((shape) => tensorAt(this.module, rest.shift() as number, shape));
      layer.setStates(final);
      tf.dispose(final);
    }
  }
}

/** The mean loss of logits; the gradient by them. */
function addLoss(
  program: Program,
  logits: Signal,
  labels: BatchNumbers,
  sizes: BatchSizes,
  weights?: LossWeights,
): number {
  const rows = sizeOf(logits.leading);
  const V = (logits as Extract<Signal, { kind: "values" }>).D;
  const gradient = program.place(rows * V);
  const y = writeLabels(program, labels, sizes);
  const shares = writeShares(program, sizes, weights);
  program.add("crossEntropy", rows, V, logits.at, y, shares, weights ? 1 : 0, gradient);
  return gradient;
}
