import { isDeepStrictEqual } from "node:util";
import { formatNumber, tf } from "karenina";
import { formOf, numbersOf } from "./compare";
import { varied } from "./draws";
import { isPlainObject, NotTried } from "./notTried";
import { judgingOperations, OperationFault } from "./operationFaults";

/** Thrown out of a check's calls of a student's function; the message is a hint for the student. */
export class AnswerFault extends Error {
  override name = "AnswerFault";
  /** @param sameAs what two answers have in common that fail in the same way. Default: the message */
  constructor(
    message: string,
    readonly sameAs: string = message,
  ) {
    super(message);
  }
}

/** What calls of a function did besides their results. */
export interface Habits {
  /** The forms of what it returned: "a number", "a tensor". */
  forms: Set<string>;
  /** Whether it changed or disposed of an argument. */
  changesArguments: boolean;
  /** The fewest tensors that a call left behind; undefined where it was not called plainly. */
  leaks: number | undefined;
}

/** Errors by which a notebook is stopped: no fault of an answer. */
const stops = ["KeyboardInterrupt", "TrainingStopped"];

/** Whether an error must pass through every check. */
export function isStop(error: unknown): boolean {
  return stops.includes((error as Error | undefined)?.name ?? "");
}

/**
 * Wraps an answer that is a function, or a class, so that its habits are seen. Anything else comes back
 * as it is.
 *
 * @param reference the habits of the right answer: what it does not do is a fault
 * @throws AnswerFault from the wrapped function, where it throws or has a bad habit
 */
export function watch<A>(answer: A, reference?: Habits): { answer: A; habits: Habits } {
  const habits: Habits = { forms: new Set(), changesArguments: false, leaks: undefined };
  if (typeof answer !== "function") {
    return { answer, habits };
  }
  const observe = (args: unknown[], call: () => unknown) =>
    watchCall(args, call, habits, reference);
  const watched = new Proxy(answer, {
    apply: (target, self, given) => {
      const args = varied(given);
      return observe(args, () => Reflect.apply(target, self, args));
    },
    construct: (target, args, made) =>
      observe(args, () => Reflect.construct(target, args, made)) as object,
  });
  return { answer: watched, habits };
}

function watchCall(
  args: unknown[],
  call: () => unknown,
  habits: Habits,
  reference?: Habits,
): unknown {
  const copies = args.map(copyOf);
  const { state } = tf.engine();
  const before = state.numTensors;
  let result: unknown;
  try {
    result = judgingOperations(call);
  } catch (error) {
    if (error instanceof NotTried || error instanceof AnswerFault || isStop(error)) {
      throw error;
    }
    if (error instanceof OperationFault) {
      throw new AnswerFault(`${called(args)} ${faultText(error)}`, error.attempt);
    }
    throw new AnswerFault(`${called(args)} throws ${errorText(error)}`);
  }
  checkResult(result, args, habits, reference);
  checkArguments(args, copies, habits, reference);
  // While gradients are recorded, tensors are kept for the way back.
  if (state.gradientDepth === 0) {
    const own = tensorsIn(result).filter((tensor) => !tensorsIn(args).includes(tensor));
    const left = Math.max(0, state.numTensors - before - new Set(own).size);
    habits.leaks = Math.min(left, habits.leaks ?? left);
  }
  return result;
}

function checkResult(result: unknown, args: unknown[], habits: Habits, reference?: Habits): void {
  const form = formOf(result);
  habits.forms.add(form);
  if (form === "a promise") {
    (result as Promise<unknown>).then(undefined, () => {});
  }
  if (reference && reference.forms.size > 0 && !reference.forms.has(form)) {
    const wanted = [...reference.forms].join(" or ");
    const advice: Record<string, string> = {
      undefined: " Is there a `return`?",
      "a promise": " Leave `async` out: here nothing needs to be waited for.",
    };
    throw new AnswerFault(
      `Your function returns ${form}, but should return ${wanted}.${advice[form] ?? ""}`,
    );
  }
  if (tensorsIn(result).some((tensor) => tensor.isDisposed)) {
    throw new AnswerFault(
      `${called(args)} returns a tensor that is disposed already. Return it from \`tf.tidy\`, which keeps ` +
        "what is returned, and do not call `dispose()` on it.",
    );
  }
}

function checkArguments(
  args: unknown[],
  copies: unknown[],
  habits: Habits,
  reference?: Habits,
): void {
  const disposed = args.findIndex((arg) => tensorsIn(arg).some((tensor) => tensor.isDisposed));
  const changed = args.findIndex((arg, i) => !isDeepStrictEqual(arg, copies[i]));
  if (disposed < 0 && changed < 0) {
    return;
  }
  habits.changesArguments = true;
  if (!reference || reference.changesArguments) {
    return;
  }
  const place = `argument ${1 + Math.max(disposed, changed)}`;
  throw new AnswerFault(
    disposed >= 0
      ? `Your function disposes of its ${place}, which belongs to the caller. Dispose only of what you made.`
      : `Your function changes its ${place}, which belongs to the caller. Work on a copy: \`[...list]\`, ` +
          "`array.slice()`, `{ ...object }`.",
  );
}

/** A copy of lists and plain objects; all else is the thing itself. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(copyOf);
  }
  if (ArrayBuffer.isView(value) && "slice" in value) {
    return (value as unknown as { slice(): unknown }).slice();
  }
  if (!isPlainObject(value)) {
    return value;
  }
  return Object.assign(
    Object.create(Object.getPrototypeOf(value)),
    Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyOf(inner)])),
  );
}

function tensorsIn(value: unknown): tf.Tensor[] {
  if (value instanceof tf.Tensor) {
    return [value];
  }
  if (Array.isArray(value)) {
    return value.flatMap(tensorsIn);
  }
  return isPlainObject(value) ? Object.values(value).flatMap(tensorsIn) : [];
}

/** The call as a student would write it: `Your function, called with (3, [1, 2, 3]),`. */
function called(args: readonly unknown[]): string {
  return `Your function, called with (${args.map(brief).join(", ")}),`;
}

function brief(value: unknown): string {
  const numbers = numbersOf(value instanceof tf.Tensor ? undefined : value);
  if (typeof value === "number") {
    return formatNumber(value);
  }
  if (value instanceof tf.Tensor) {
    return `a tensor of the shape [${value.shape.join(", ")}]`;
  }
  if (numbers && numbers.shape.length === 1 && numbers.values.length <= 6) {
    return `[${Array.from(numbers.values, formatNumber).join(", ")}]`;
  }
  if (numbers) {
    return `numbers of the shape [${numbers.shape.join(", ")}]`;
  }
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : formOf(value);
}

/** An operation that cannot be done, and what the engine says of it where we cannot. */
function faultText({ message, cause }: OperationFault): string {
  return cause === undefined ? message : `${message}: ${errorText(cause)}`;
}

/** An error as one line, without its stack. */
export function errorText(error: unknown): string {
  if (error instanceof OperationFault) {
    return `it ${faultText(error)}`;
  }
  const { name, message } = (error ?? {}) as Partial<Error>;
  if (message === undefined) {
    return `"${String(error)}".`;
  }
  const lines = message.split("\n").filter((each) => each.trim() !== "");
  // TensorFlow's own errors begin with a line that only numbers them.
  const telling = lines.find((each) => !each.startsWith("Invalid TF_Status")) ?? lines[0] ?? "";
  const line = telling.replace(/^Message: /, "");
  return `"${[name, line].filter(Boolean).join(": ")}".`;
}
