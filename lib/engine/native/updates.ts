import type { Slots, UpdateKind, UpdateRule } from "../engine";
import type { tf } from "../tensorflow";
import {
  boolAttribute,
  compute,
  createFloat,
  createScalar,
  DataType,
  float,
  type Handle,
  perform,
  release,
  shapeAttribute,
  stringAttribute,
  typeAttribute,
  valuesOf,
} from "./operations";
import { giveContents, handleOf, multiply, takeContents } from "./tensors";

/**
 * The formulas: an update of a variable and its slots in place, by one of TensorFlow's
 * ResourceApply... operations, which take the variables of TensorFlow by their handles.
 */
type Formula = (variable: Handle, slots: Handle[], gradient: Handle, scalars: Handle[]) => void;

/** The name by which TensorFlow makes a variable that no other can meet and its handle frees. */
const ANONYMOUS = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";
const DTYPE = [typeAttribute("dtype", DataType.float32)];
const UNLOCKED = [boolAttribute("use_locking", false)];

const formulas: Record<UpdateKind, Formula> = {
  sgd: (variable, _slots, gradient, [rate]) =>
    perform("ResourceApplyGradientDescent", [variable, rate, gradient]),

  momentum: withVelocity(false),

  nesterov: withVelocity(true),

  adagrad: (variable, [squares], gradient, [rate, epsilon]) =>
    perform("ResourceApplyAdagradV2", [variable, squares, rate, epsilon, gradient]),

  adadelta: (variable, [squares, updates], gradient, [rate, rho, epsilon]) =>
    perform("ResourceApplyAdadelta", [variable, squares, updates, rate, rho, epsilon, gradient]),

  rmsProp: (variable, [squares, velocity], gradient, [rate, decay, momentum, epsilon]) =>
    perform(
      "ResourceApplyRMSProp",
      [variable, squares, velocity, rate, decay, momentum, epsilon, gradient],
      UNLOCKED,
    ),

  adam(variable, [m, v], gradient, [rate, beta1, beta2, epsilon]) {
    // The powers of β are given as 0, so that the operation corrects nothing itself.
    perform("ResourceApplyAdam", [
      variable,
      m,
      v,
      float(0),
      float(0),
      rate,
      beta1,
      beta2,
      epsilon,
      gradient,
    ]);
  },

  adamW(variable, slots, gradient, scalars) {
    const value = compute("ReadVariableOp", [variable], DTYPE);
    const decay = multiply(value, scalars[4]);
    release(value);
    perform("AssignSubVariableOp", [variable, decay], DTYPE);
    release(decay);
    formulas.adam(variable, slots, gradient, scalars);
  },
};

function withVelocity(looksAhead: boolean): Formula {
  const attributes = [boolAttribute("use_nesterov", looksAhead)];
  return (variable, [velocity], gradient, [rate, momentum]) =>
    perform("ResourceApplyMomentum", [variable, velocity, rate, gradient, momentum], attributes);
}

/** A float32 variable inside TensorFlow, which its ResourceApply... operations update in place. */
class NativeVariable {
  /** What those operations take as their first input. */
  readonly resource: Handle;

  constructor(readonly shape: number[]) {
    this.resource = compute(
      "VarHandleOp",
      [],
      [
        stringAttribute("container", ""),
        stringAttribute("shared_name", ANONYMOUS),
        ...DTYPE,
        shapeAttribute("shape", shape),
      ],
    );
  }

  /** Takes over a tensor's values. */
  assign(tensor: Handle): void {
    perform("AssignVariableOp", [this.resource, tensor], DTYPE);
  }

  /** Takes over the values of an array. */
  fill(values: Float32Array): void {
    const tensor = createFloat(this.shape, values);
    this.assign(tensor);
    release(tensor);
  }

  /**
   * The values as a new tensor. It shares the variable's memory: as long as it lives, an update has
   * to copy that first.
   */
  read(): Handle {
    return compute("ReadVariableOp", [this.resource], DTYPE);
  }

  dispose(): void {
    release(this.resource);
  }
}

interface Entry {
  variable: tf.Variable;
  /** The variable's twin inside TensorFlow, which is what gets updated. */
  twin: NativeVariable;
  /** The contents that the last step gave the variable. */
  given: Handle | undefined;
  slots: NativeVariable[];
  slotResources: Handle[];
}

/**
 * Slots in TensorFlow's own variables, updated in place: one operation a variable instead of ten, and
 * no copies of weights and slots.
 */
export class NativeSlots implements Slots {
  private readonly entries: Entry[];
  private scalarValues: number[] = [];
  private scalarHandles: Handle[] = [];

  constructor(
    private readonly rule: UpdateRule,
    variables: tf.Variable[],
    initial: Float32Array[][],
  ) {
    this.entries = variables.map((variable, i) => {
      const slots = initial.map((arrays) => {
        const slot = new NativeVariable(variable.shape);
        slot.fill(arrays[i]);
        return slot;
      });
      const twin = new NativeVariable(variable.shape);
      return {
        variable,
        twin,
        given: undefined,
        slots,
        slotResources: slots.map((s) => s.resource),
      };
    });
  }

  update(scalars: number[], gradients: tf.Tensor[]): void {
    const handles = this.handlesOf(scalars);
    this.entries.forEach((entry, i) => {
      const { variable, twin } = entry;
      const current = handleOf(variable);
      // Somebody else has set the variable, by setWeights or from a checkpoint.
      if (current !== entry.given) {
        twin.assign(current);
      }
      takeContents(variable);
      try {
        formulas[this.rule.kind](
          twin.resource,
          entry.slotResources,
          handleOf(gradients[i]),
          handles,
        );
      } finally {
        entry.given = twin.read();
        giveContents(variable, entry.given);
      }
    });
  }

  values(): Float32Array[][] {
    return Object.keys(this.rule.slots).map((_, slot) =>
      this.entries.map((entry) => {
        const handle = entry.slots[slot].read();
        const values = valuesOf(handle) as Float32Array;
        release(handle);
        return values;
      }),
    );
  }

  dispose(): void {
    release(...this.scalarHandles);
    for (const { twin, slots } of this.entries) {
      twin.dispose();
      for (const slot of slots) {
        slot.dispose();
      }
    }
  }

  /** The numbers as tensors, made again only where they have changed. */
  private handlesOf(scalars: number[]): Handle[] {
    scalars.forEach((value, i) => {
      if (value === this.scalarValues[i]) {
        return;
      }
      if (this.scalarHandles[i] !== undefined) {
        release(this.scalarHandles[i]);
      }
      this.scalarHandles[i] = createScalar(value);
      this.scalarValues[i] = value;
    });
    return this.scalarHandles;
  }
}
