import { drawReal } from "./draws";
import { exercise } from "./exercise";

/** What lesson 01's `Scalar` is from outside: a number that knows how it was computed. */
export interface ScalarNode {
  data: number;
  gradient: number;
  readonly inputs: ScalarNode[];
  /** From the gradient of this number to one of each input. */
  readonly rule: (gradient: number) => number[];
  add(other: ScalarNode): ScalarNode;
  mul(other: ScalarNode): ScalarNode;
}

type Unary = (a: ScalarNode) => ScalarNode;
type NeuronSum = (weights: ScalarNode[], bias: ScalarNode, inputs: ScalarNode[]) => ScalarNode;

/** The engine of the lesson once more, to judge by. */
class Node implements ScalarNode {
  gradient = 0;
  constructor(
    public data: number,
    readonly inputs: ScalarNode[] = [],
    readonly rule: (gradient: number) => number[] = () => [],
  ) {}
  add(b: ScalarNode): ScalarNode {
    return new Node(this.data + b.data, [this, b], (g) => [g, g]);
  }
  mul(b: ScalarNode): ScalarNode {
    return new Node(this.data * b.data, [this, b], (g) => [g * b.data, g * this.data]);
  }
}

/**
 * Adds to every number below a result what reaches it, path by path: slow, and right in any order. A
 * share for an input that the result does not know of reaches nobody.
 */
function sendBack(node: ScalarNode, gradient: number): void {
  node.gradient += gradient;
  const shares = node.rule(gradient);
  for (const [i, input] of node.inputs.entries()) {
    sendBack(input, shares[i]);
  }
}

const unary =
  (value: (x: number) => number, slope: (x: number) => number): Unary =>
  (a) =>
    new Node(value(a.data), [a], (g) => [g * slope(a.data)]);

/** The value, and the gradient where a factor comes before and another one after. */
function lookAt(operation: Unary, places: readonly number[]): [number, number][] {
  return places.map((place) => {
    const x = new Node(drawReal(place));
    const result = operation(x.mul(new Node(2)));
    sendBack(result.mul(new Node(3)), 1);
    return [result.data, x.gradient];
  });
}

const noGradient = (value: (x: number) => number): Unary => {
  return (a) => new Node(value(a.data));
};
const withoutIncoming = (value: (x: number) => number, slope: (x: number) => number): Unary => {
  return (a) => new Node(value(a.data), [a], () => [slope(a.data)]);
};

const withoutRule = (value: (x: number) => number): Unary => {
  return (a) => new Node(value(a.data), [a]);
};

const forgotRule =
  "The value and the input are there, the rule is not: the constructor's third argument, a function from " +
  "the gradient of the result to a list with that of `a`.";
const forgotInputs =
  "The value is right, but the result does not know what it was made from: hand `[a]` and a rule to the " +
  "constructor.";

/** eˣ for the engine of lesson 01. */
export const engineExp = exercise<Unary>({
  title: "The engine learns exp",
  answer: unary(Math.exp, Math.exp),
  observe: (exp) => lookAt(exp, [0.3, -1, 0]),
  mistakes: [
    {
      answer: withoutIncoming(Math.exp, Math.exp),
      hint: "Right for an exp that stands last. The rule's argument is the gradient of the result: multiply by it.",
    },
    { answer: noGradient(Math.exp), hint: forgotInputs },
    { answer: withoutRule(Math.exp), hint: forgotRule },
    {
      answer: unary(Math.exp, (x) => x),
      hint: "You multiply by the input. The derivative of the exponential function is the function itself.",
    },
    {
      answer: unary(Math.exp, (x) => x * Math.exp(x - 1)),
      hint: "That is the rule for a power, with the number above as a constant. Here it is the number above that varies.",
    },
  ],
  nudge: "Two things belong to an operation of the engine: a value, and a rule for the way back.",
  hint: "The value is `Math.exp(a.data)`, and so is its slope: `(g) => [g * ...]`.",
});

/** The natural logarithm for the engine of lesson 01. */
export const engineLog = exercise<Unary>({
  title: "The engine learns log",
  answer: unary(Math.log, (x) => 1 / x),
  observe: (log) => lookAt(log, [0.3, 1, 4]),
  mistakes: [
    {
      answer: withoutIncoming(Math.log, (x) => 1 / x),
      hint: "Right for a log that stands last. The rule's argument is the gradient of the result: divide that.",
    },
    { answer: noGradient(Math.log), hint: forgotInputs },
    { answer: withoutRule(Math.log), hint: forgotRule },
    {
      answer: unary(Math.log, (x) => 1 / Math.log(x)),
      hint: "You divide by the logarithm. The slope of ln x is one divided by x.",
    },
    {
      answer: unary(Math.log10, (x) => 1 / (x * Math.LN10)),
      hint: "That is the logarithm to base 10. The natural one is `Math.log`.",
    },
  ],
  nudge: "What is the slope of a logarithm at 1, at 2 and at 4?",
  hint: "The value is `Math.log(a.data)`; how steep is a logarithm at x? It flattens as x grows.",
});

/** tanh for the engine of lesson 01. */
export const engineTanh = exercise<Unary>({
  title: "The engine learns tanh",
  answer: unary(Math.tanh, (x) => 1 - Math.tanh(x) ** 2),
  observe: (tanh) => lookAt(tanh, [0.3, -1, 0]),
  mistakes: [
    {
      answer: withoutIncoming(Math.tanh, (x) => 1 - Math.tanh(x) ** 2),
      hint: "Right for a tanh that stands last. The rule's argument is the gradient of the result: multiply by it.",
    },
    { answer: noGradient(Math.tanh), hint: forgotInputs },
    { answer: withoutRule(Math.tanh), hint: forgotRule },
    {
      answer: unary(Math.tanh, (x) => 1 - x ** 2),
      hint: "Close: in 1 - tanh² x it is the result that is squared, not the input.",
    },
    {
      answer: unary(Math.tanh, (x) => 1 - Math.tanh(x)),
      hint: "The square is missing: section 1 has the formula below its figure.",
    },
  ],
  nudge: "You have met the slope of tanh already: in which section, and written by what?",
  hint: "The value is `Math.tanh(a.data)`; its slope is the second curve of section 1's figure.",
});

/** Adds up weights times inputs, and a bias. */
const sumOf =
  (term: (weight: ScalarNode, input: ScalarNode) => ScalarNode, withBias = true): NeuronSum =>
  (weights, bias, inputs) => {
    const terms = weights.map((weight, i) => term(weight, inputs[i]));
    return terms.reduce((sum, each) => sum.add(each), withBias ? bias : new Node(0));
  };

/** The weighted sum of a neuron, w₁x₁ + w₂x₂ + … + b, for the engine of lesson 01. */
export const engineNeuron = exercise<NeuronSum>({
  title: "A neuron on the engine",
  answer: sumOf((weight, input) => weight.mul(input)),
  observe: (neuron) => {
    const nodes = (...numbers: number[]) => numbers.map((number) => new Node(drawReal(number)));
    const [weights, inputs, [bias]] = [nodes(2, -1, 0.5), nodes(1, 3, -4), nodes(0.25)];
    const sum = neuron(weights, bias, inputs);
    sendBack(sum, 1);
    const gradients = [...weights, bias, ...inputs].map(({ gradient }) => gradient);
    return [sum.data, ...gradients];
  },
  mistakes: [
    {
      answer: sumOf((weight, input) => weight.mul(input), false),
      hint: "The bias is missing: begin the sum with it.",
    },
    {
      answer: (weights, bias, inputs) =>
        new Node(weights.reduce((sum, { data }, i) => sum + data * inputs[i].data, bias.data)),
      hint: "The value is right, but it was computed with plain numbers, so no gradient gets back. Use `mul` and `add`.",
    },
    {
      answer: sumOf((weight, input) => weight.mul(new Node(input.data))),
      hint: "The inputs get no gradient: multiply by the input itself, not by a copy. In a second layer, inputs are what the first one computed.",
    },
    {
      answer: sumOf((weight, input) => weight.add(input)),
      hint: "Each weight multiplies its input. Yours are added.",
    },
    {
      answer: (weights, bias, inputs) =>
        unary(
          Math.tanh,
          (x) => 1 - Math.tanh(x) ** 2,
        )(sumOf((weight, input) => weight.mul(input))(weights, bias, inputs)),
      hint: "The sum is right, but yours goes through tanh as well. That comes later: here the sum alone is asked for.",
    },
  ],
  nudge: "The engine can add and multiply. Which of its numbers do you begin with?",
  hint: "Begin with the bias, and add `weights[i].mul(inputs[i])` for each i.",
  because: "It is made of `mul` and `add`, so its gradient needs no rule of its own.",
});

/** What was wrong with a training run whose loss stays where a single neuron would leave it. */
export const moonsFault = exercise<string>({
  title: "What is wrong with this network?",
  answer: "neurons alike",
  mistakes: [
    {
      answer: "uphill",
      hint: "Then the loss would rise from the very first step. Here it falls at first.",
    },
    {
      answer: "rate too small",
      hint: "Then the curve would still be falling at its end, slowly. This one is flat: it has arrived, at the wrong place.",
    },
    {
      answer: "labels shuffled",
      hint: "Then nothing could be learnt from the places, and the loss would stay near ln 2 = 0.69. Here most points are on the right side.",
    },
  ],
  nudge: "Where does the curve end, and could a single neuron do as well?",
  hint: 'One of "neurons alike", "labels shuffled", "rate too small", "uphill".',
  because:
    "Equal neurons get equal gradients, so they stay equal forever: eight of them can do what one can, and " +
    "its boundary is a straight line. Random first weights break the symmetry.",
});
