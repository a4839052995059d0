import type { Slots, UpdateKind, UpdateRule } from "../engine";
import { tf } from "../tensorflow";

/** The formulas: from a variable's value, its slots and its gradient to the value and slots after a step. */
type Formula = (
  value: tf.Tensor,
  slots: tf.Tensor[],
  gradient: tf.Tensor,
  scalars: number[],
) => tf.Tensor[];

const formulas: Record<UpdateKind, Formula> = {
  sgd: (value, _slots, gradient, [rate]) => [tf.sub(value, tf.mul(gradient, rate))],

  momentum(value, [before], gradient, [rate, momentum]) {
    const velocity = tf.add(tf.mul(before, momentum), gradient);
    return [tf.sub(value, tf.mul(velocity, rate)), velocity];
  },

  nesterov(value, [before], gradient, [rate, momentum]) {
    const velocity = tf.add(tf.mul(before, momentum), gradient);
    const direction = tf.add(gradient, tf.mul(velocity, momentum));
    return [tf.sub(value, tf.mul(direction, rate)), velocity];
  },

  adagrad(value, [before], gradient, [rate, epsilon]) {
    const squares = tf.add(before, tf.square(gradient));
    const step = tf.div(tf.mul(gradient, rate), tf.add(tf.sqrt(squares), epsilon));
    return [tf.sub(value, step), squares];
  },

  adadelta(value, [squaresBefore, updatesBefore], gradient, [rate, rho, epsilon]) {
    const running = (before: tf.Tensor, latest: tf.Tensor) =>
      tf.add(tf.mul(before, rho), tf.mul(tf.square(latest), 1 - rho));
    const squares = running(squaresBefore, gradient);
    const scale = tf.sqrt(tf.div(tf.add(updatesBefore, epsilon), tf.add(squares, epsilon)));
    const update = tf.mul(scale, gradient);
    return [tf.sub(value, tf.mul(update, rate)), squares, running(updatesBefore, update)];
  },

  rmsProp(value, [squaresBefore, velocityBefore], gradient, [rate, decay, momentum, epsilon]) {
    const squares = tf.add(tf.mul(squaresBefore, decay), tf.mul(tf.square(gradient), 1 - decay));
    const step = tf.div(tf.mul(gradient, rate), tf.sqrt(tf.add(squares, epsilon)));
    const velocity = tf.add(tf.mul(velocityBefore, momentum), step);
    return [tf.sub(value, velocity), squares, velocity];
  },

  adam(value, [m, v], gradient, [rate, beta1, beta2, epsilon]) {
    const newM = tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1));
    const newV = tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const step = tf.div(tf.mul(newM, rate), tf.add(tf.sqrt(newV), epsilon));
    return [tf.sub(value, step), newM, newV];
  },

  adamW(value, slots, gradient, [rate, beta1, beta2, epsilon, decay]) {
    const decayed = tf.mul(value, 1 - decay);
    return formulas.adam(decayed, slots, gradient, [rate, beta1, beta2, epsilon]);
  },
};

/** Slots in tensors. */
export class PlainSlots implements Slots {
  private readonly variables: tf.Variable[];
  /** [variable][slot] */
  private readonly slots: tf.Tensor[][];

  constructor(
    private readonly rule: UpdateRule,
    variables: tf.Variable[],
    initial: Float32Array[][],
  ) {
    this.variables = [...variables];
    this.slots = variables.map((variable, i) =>
      // Copied, because a tensor keeps the array that it was made from.
      initial.map((arrays) => tf.keep(tf.tensor(arrays[i].slice(), variable.shape))),
    );
  }

  update(scalars: number[], gradients: tf.Tensor[]): void {
    const formula = formulas[this.rule.kind];
    tf.tidy(() => {
      this.variables.forEach((variable, i) => {
        const [value, ...slots] = formula(variable, this.slots[i], gradients[i], scalars);
        variable.assign(value);
        tf.dispose(this.slots[i]);
        this.slots[i] = slots.map((slot) => tf.keep(slot));
      });
    });
  }

  values(): Float32Array[][] {
    return Object.keys(this.rule.slots).map((_, slot) =>
      this.slots.map((each) => (each[slot].dataSync() as Float32Array).slice()),
    );
  }

  dispose(): void {
    tf.dispose(this.slots);
  }
}
