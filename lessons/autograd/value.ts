/** How an operation hands its gradient on: from the gradient of its result to one of each input. */
export type GradientRule = (gradient: number) => number[];

/** What an operation leaves in its result, so that a gradient can find its way back. */
export interface Operation {
  /** The sign or name that a drawing shows, such as "×". */
  operation: string;
  /** What the result was computed from; the same value may stand here twice. */
  inputs: readonly Value[];
  /** The chain rule of this one operation: gradient times ∂result/∂input, for each input in order. */
  gradientRule: GradientRule;
}

/** Thrown where a calculation leaves the numbers; the message names the operation. */
export class ValueError extends Error {
  override name = "ValueError";
}

/**
 * A number that remembers how it was computed, so that {@link Value.backward} can find the derivative
 * of a result by every number that it depends on (reverse-mode automatic differentiation: Linnainmaa
 * 1970; for networks Rumelhart, Hinton and Williams 1986).
 *
 * @example
 * const x = new Value(3, "x");
 * x.mul(x).add(1).backward();
 * x.gradient; // 6
 */
export class Value {
  /** After `backward()` of some result: the derivative of that result by this number. */
  gradient = 0;
  /** What this was computed from; empty for a number that was written down. */
  readonly inputs: readonly Value[];
  /** The sign of the operation that made it; empty for a number that was written down. */
  readonly operation: string;
  private readonly gradientRule: GradientRule;

  /**
   * @param data the number; may be changed later for values that were not computed, such as weights
   * @param name for drawings only
   * @param made the operation that it results from, for operations of your own
   * @throws ValueError for NaN, or something that is no number
   */
  constructor(
    public data: number,
    public name = "",
    made: Operation = { operation: "", inputs: [], gradientRule: () => [] },
  ) {
    if (typeof data !== "number" || Number.isNaN(data)) {
      throw new ValueError(complaint(data, made));
    }
    this.inputs = made.inputs;
    this.operation = made.operation;
    this.gradientRule = made.gradientRule;
  }

  /** The sum of any number of values, as one operation. */
  static sum(values: readonly Value[]): Value {
    const total = values.reduce((sum, { data }) => sum + data, 0);
    return result("sum", total, values, (gradient) => values.map(() => gradient));
  }

  add(other: Value | number): Value {
    const b = asValue(other);
    return result("+", this.data + b.data, [this, b], (gradient) => [gradient, gradient]);
  }

  sub(other: Value | number): Value {
    const b = asValue(other);
    return result("−", this.data - b.data, [this, b], (gradient) => [gradient, -gradient]);
  }

  mul(other: Value | number): Value {
    const { data: x } = this;
    const b = asValue(other);
    const { data: y } = b;
    return result("×", x * y, [this, b], (gradient) => [gradient * y, gradient * x]);
  }

  div(other: Value | number): Value {
    const { data: x } = this;
    const b = asValue(other);
    const { data: y } = b;
    return result("÷", x / y, [this, b], (gradient) => [gradient / y, (-gradient * x) / (y * y)]);
  }

  /** @param exponent a fixed number */
  pow(exponent: number): Value {
    const { data: x } = this;
    const slope = exponent === 0 ? 0 : exponent * x ** (exponent - 1);
    return result(`^${exponent}`, x ** exponent, [this], (gradient) => [gradient * slope]);
  }

  neg(): Value {
    return result("neg", -this.data, [this], (gradient) => [-gradient]);
  }

  exp(): Value {
    const y = Math.exp(this.data);
    return result("exp", y, [this], (gradient) => [gradient * y]);
  }

  /** The natural logarithm. */
  log(): Value {
    const { data: x } = this;
    return result("log", Math.log(x), [this], (gradient) => [gradient / x]);
  }

  tanh(): Value {
    const y = Math.tanh(this.data);
    return result("tanh", y, [this], (gradient) => [gradient * (1 - y * y)]);
  }

  /** max(x, 0); its derivative at 0 is taken as 0. */
  relu(): Value {
    const { data: x } = this;
    return result("relu", Math.max(x, 0), [this], (gradient) => [x > 0 ? gradient : 0]);
  }

  /** As micrograd writes it: `Value(data=6, grad=1)`. */
  toString(): string {
    return `Value(data=${this.data}, grad=${this.gradient})`;
  }

  /** The derivative of this value by each of its inputs, in order: of a product, the other factor. */
  localDerivatives(): number[] {
    return this.gradientRule(1);
  }

  /**
   * Sets `gradient` of this value, and of all that it was computed from, to the derivative of this
   * value by them. Every call begins at zero.
   */
  backward(): void {
    const order = topologicalOrder(this);
    for (const value of order) {
      value.gradient = 0;
    }
    this.gradient = 1;
    for (const value of order.reverse()) {
      value.gradientRule(value.gradient).forEach((share, i) => {
        // A sum, because an input may reach the result by several ways.
        value.inputs[i].gradient += share;
      });
    }
  }
}

/** All values below a result and the result itself, each after all of its inputs. */
export function topologicalOrder(result: Value): Value[] {
  const order: Value[] = [];
  const met = new Set([result]);
  // Not recursive: a long sum would be deeper than the call stack.
  const path = [{ value: result, next: 0 }];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const input = top.value.inputs[top.next++];
    if (input === undefined) {
      order.push(path.pop()!.value);
    } else if (!met.has(input)) {
      met.add(input);
      path.push({ value: input, next: 0 });
    }
  }
  return order;
}

function result(
  operation: string,
  data: number,
  inputs: readonly Value[],
  gradientRule: GradientRule,
): Value {
  return new Value(data, "", { operation, inputs, gradientRule });
}

function asValue(number: Value | number): Value {
  return number instanceof Value ? number : new Value(number);
}

function complaint(data: unknown, { operation, inputs }: Operation): string {
  if (operation === "") {
    return `A Value was made of ${String(data)}, but it needs a number. Is an index out of range?`;
  }
  const of = inputs.map((input) => input.data).join(" and ");
  return (
    `${operation} of ${of} is ${String(data)}, which is no number: no gradient could flow through it. ` +
    "Look where these inputs come from; after a step of training, try a smaller learning rate."
  );
}
