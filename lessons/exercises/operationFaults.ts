import { tf } from "karenina";

type Inputs = Record<string, unknown>;

/** The one method of the engine by which each operation of TensorFlow.js is run. */
interface Engine {
  runKernel(operation: string, inputs: Inputs, settings?: Inputs): unknown;
}

/**
 * Thrown out of an operation that cannot be done. The message says what was tried, beginning with a
 * verb: "multiplies a matrix of ...".
 */
export class OperationFault extends Error {
  override name = "OperationFault";
  /**
   * @param attempt the operation, shapes and settings: the same for all that fail in the same way
   * @param cause what the engine says where only the engine knows what is wrong
   */
  constructor(
    message: string,
    readonly attempt: string,
    override readonly cause?: unknown,
  ) {
    super(message);
  }
}

/**
 * Calls a function and looks at the shapes of each operation in it before the engine does: engines
 * fail in different words, some of which leave out what matters (which matrix was transposed).
 *
 * @throws OperationFault where shapes do not fit, and where the engine fails; whatever else `call` throws
 */
export function judgingOperations<T>(call: () => T): T {
  const engine = tf.engine() as unknown as Engine;
  const outer = Object.hasOwn(engine, "runKernel") ? engine.runKernel : undefined;
  const run = engine.runKernel;
  engine.runKernel = (operation, inputs, settings) => {
    const shapes = shapesOf(inputs);
    const attempt = JSON.stringify([operation, shapes, settings]);
    const misfit = misfitOf(operation, inputs, settings ?? {});
    if (misfit) {
      throw new OperationFault(misfit, attempt);
    }
    try {
      return run.call(engine, operation, inputs, settings);
    } catch (error) {
      if (error instanceof OperationFault) {
        throw error;
      }
      const words = `fails in TensorFlow's operation ${operation} on ${listed(shapes)}`;
      throw new OperationFault(words, attempt, error);
    }
  };
  try {
    return call();
  } finally {
    if (outer) {
      engine.runKernel = outer;
    } else {
      Reflect.deleteProperty(engine, "runKernel");
    }
  }
}

function shapesOf(inputs: Inputs): number[][] {
  return Object.values(inputs)
    .flat()
    .flatMap((input) => (input instanceof tf.Tensor ? [input.shape] : []));
}

const written = (shape: readonly number[]) => `[${shape.join(", ")}]`;

function listed(shapes: readonly number[][]): string {
  if (shapes.length === 0) {
    return "no tensors";
  }
  if (shapes.length === 1) {
    return `a tensor of the shape ${written(shapes[0])}`;
  }
  const texts = shapes.map(written);
  return `tensors of the shapes ${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
}

/** Operations on two tensors, number by number. */
const elementwise = new Set(
  (
    "Add Atan2 Equal FloorDiv Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr Maximum Minimum " +
    "Mod Multiply NotEqual Pow RealDiv SquaredDifference Sub"
  ).split(" "),
);

/** What is wrong with the shapes, where that is known of the operation. */
function misfitOf(operation: string, inputs: Inputs, settings: Inputs): string | undefined {
  const { a, b } = inputs;
  if (!(a instanceof tf.Tensor && b instanceof tf.Tensor)) {
    return undefined;
  }
  if (operation === "BatchMatMul") {
    const first = { shape: a.shape, transposed: Boolean(settings.transposeA) };
    const second = { shape: b.shape, transposed: Boolean(settings.transposeB) };
    return productMisfit(first, second);
  }
  if (!elementwise.has(operation) || fitTogether(a.shape, b.shape)) {
    return undefined;
  }
  return (
    `combines tensors of the shapes ${written(a.shape)} and ${written(b.shape)} number by number. Compared ` +
    "from the last axis backwards, the lengths of their axes have to be the same, or one of them 1."
  );
}

interface Factor {
  shape: readonly number[];
  transposed: boolean;
}

function productMisfit(first: Factor, second: Factor): string | undefined {
  const shapes = [first, second].map(({ shape, transposed }) => {
    return transposed ? [...shape.slice(0, -2), ...shape.slice(-2).reverse()] : shape;
  });
  if (shapes.some(({ length }) => length < 2)) {
    return `multiplies ${listed(shapes.map((shape) => [...shape]))} as matrices, but a matrix has two axes.`;
  }
  const [columns, rows] = [shapes[0].at(-1), shapes[1].at(-2)];
  if (columns === rows) {
    return undefined;
  }
  const [one, other] = [first, second].map(({ transposed }, i) => {
    const shape = written(shapes[i]);
    return transposed
      ? `a transposed matrix, now of the shape ${shape},`
      : `a matrix of the shape ${shape}`;
  });
  return (
    `multiplies ${one} by ${other.replace(/,$/, "")}. The first has ${columns} columns and the second ` +
    `${rows} rows, but these two numbers have to be the same.`
  );
}

/** Whether two shapes can be combined number by number: tensors with fewer axes are repeated. */
function fitTogether(a: readonly number[], b: readonly number[]): boolean {
  const common = Math.min(a.length, b.length);
  return Array.from({ length: common }, (_, i) => [a.at(-1 - i)!, b.at(-1 - i)!]).every(
    ([one, other]) => one === other || one === 1 || other === 1,
  );
}
