import os from "node:os";
import type { Slots, UpdateKind, UpdateLimits, UpdateRule } from "../engine";
import { ruleNumber } from "../kernelNumbers";
import type { tf } from "../tensorflow";
import { NativeGraph } from "./graph";
import {
  compute,
  createFloat,
  type Handle,
  intAttribute,
  release,
  valuesOf,
  zeros,
} from "./operations";
import { OwnedWeights } from "./ownedWeights";
import { copy, handleOf } from "./tensors";

/** What an update reads and writes. */
export interface UpdateNumbers {
  /** [1 + n]: the loss, and half the sum of squares of each of n gradients or their pieces; not finite: nothing is done. */
  report: Handle;
  /** [3], see {@link limitsOf} */
  limits: Handle;
  /** The rule's, in a row. */
  scalars: Handle;
  /** The variables' own memory, which is written to. */
  values: Handle[];
  /** All first slots, then all second ones; written to. */
  slots: Handle[];
  /** Those of the variables in their order, each whole or in pieces of its numbers one after the other. */
  gradients: Handle[];
  /** What has to be computed before a variable may change; not read. */
  after: Handle[];
}

/**
 * Records or runs the update of all variables in place, in parts that may run side by side: each changes
 * another range of every variable. A part returns 1, or 0 where loss or norm was not finite.
 */
export function updateInParts(kind: UpdateKind, numbers: UpdateNumbers, parts: number): Handle[] {
  const { report, limits, scalars, values, slots, gradients, after } = numbers;
  return Array.from({ length: parts }, (_, part) =>
    compute(
      "KareninaUpdate",
      [report, limits, scalars, ...values, ...slots, ...gradients, ...after],
      [
        intAttribute("rule", ruleNumber(kind)),
        intAttribute("part", part),
        intAttribute("parts", parts),
        intAttribute("N", values.length),
        intAttribute("slots", slots.length),
        intAttribute("pieces", gradients.length),
        intAttribute("others", after.length),
      ],
    ),
  );
}

/** The limits as the operation reads them, 0 for none. */
export function limitsOf({ clipNorm = 0, clipValue = 0, weightDecay = 0 }: UpdateLimits): Handle {
  return createFloat([3], Float32Array.of(clipNorm, clipValue, weightDecay));
}

/** Fewer numbers than these are not worth a second core. */
const WORTH_A_CORE = 2 ** 14;

/** In how many parts variables are updated. */
export function updatePartsFor(variables: tf.Variable[]): number {
  const size = variables.reduce((total, variable) => total + variable.size, 0);
  return Math.max(1, Math.min(os.availableParallelism(), 8, Math.floor(size / WORTH_A_CORE)));
}

/**
 * Slots and weights in memory of the library's own, updated in place by its own operation: on all cores, and
 * in the graph of a recorded step, where alone the operation also clips, without a gradient leaving it.
 */
export class OwnSlots implements Slots {
  private readonly weights: OwnedWeights[];
  /** [slot][variable] */
  private readonly slots: Handle[][];
  private readonly parts: number;
  private graph?: NativeGraph;

  constructor(
    private readonly rule: UpdateRule,
    private readonly variables: tf.Variable[],
    initial: Float32Array[][],
  ) {
    this.weights = variables.map((variable) => new OwnedWeights(variable));
    this.slots = initial.map((arrays) =>
      arrays.map((array, i) => {
        // A tensor may share the memory of the array that it was made from.
        const shared = createFloat(variables[i].shape, array);
        const own = copy(shared);
        release(shared);
        return own;
      }),
    );
    this.parts = updatePartsFor(variables);
  }

  get kind(): UpdateKind {
    return this.rule.kind;
  }

  /** How many arrays there are besides the variables. */
  get slotCount(): number {
    return this.slots.length * this.variables.length;
  }

  /** The memory of variables and slots, for one step to write to. */
  claim(): { values: Handle[]; slots: Handle[] } {
    return { values: this.weights.map((each) => each.claim()), slots: this.slots.flat() };
  }

  update(scalars: number[], gradients: tf.Tensor[]): void {
    const given = [limitsOf({}), createFloat([scalars.length], Float32Array.from(scalars))];
    const { values, slots } = this.claim();
    const inputs = [...given, ...values, ...slots, ...gradients.map(handleOf)];
    const done = this.parts > 1 ? this.recorded().run(inputs) : this.apply(inputs);
    release(...given, ...done);
  }

  values(): Float32Array[][] {
    return this.slots.map((each) => each.map((slot) => valuesOf(slot) as Float32Array));
  }

  dispose(): void {
    for (const each of this.weights) {
      each.dispose();
    }
    release(...this.slots.flat());
    this.graph?.dispose();
  }

  /** The graph of an update whose gradients were computed elsewhere, as by the tape. */
  private recorded(): NativeGraph {
    const count = 2 + 2 * this.variables.length + this.slotCount;
    this.graph ??= new NativeGraph(count, (inputs) => this.apply(inputs));
    return this.graph;
  }

  private apply([limits, scalars, ...rest]: Handle[]): Handle[] {
    const n = this.variables.length;
    const values = rest.splice(0, n);
    const slots = rest.splice(0, this.slotCount);
    // Whoever computed the gradients has looked at their norm.
    const numbers = {
      report: zeros(1),
      limits,
      scalars,
      values,
      slots,
      gradients: rest,
      after: [],
    };
    return updateInParts(this.kind, numbers, this.parts);
  }
}
