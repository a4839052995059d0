// Stacks in browsers whose engine is not V8: Firefox and Safari.
import { isSpread } from "../../process/contexts";
import type { ForeignStacks, WriteStack } from "../../session/host";
import { isForeign } from "../../session/run/foreignStacks";

declare const DOMException: { prototype: object };

/** What is known of a taken stack. */
interface Taken {
  awaits: string[];
  /** What code has read, until there is more to it. */
  text?: string;
}

const NativePromise = Promise;
const { then } = NativePromise.prototype;

/** @returns undefined where `Error.prepareStackTrace` writes stacks, as in Chromium */
export function foreignStacks(): ForeignStacks | undefined {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = () => "";
  const { stack } = new Error();
  Error.prepareStackTrace = before;
  return stack === "" ? undefined : new WatchedStacks();
}

class WatchedStacks implements ForeignStacks {
  private write: WriteStack | undefined;
  private readonly taken = new WeakMap<object, Taken>();
  /** The engine's own way to an error's stack. */
  private readonly read: (error: object) => unknown;

  constructor() {
    const { get } = Object.getOwnPropertyDescriptor(Error.prototype, "stack") ?? {};
    this.read = (error) => (get ? Reflect.apply(get, error, []) : (error as Error).stack);
    // In Firefox the stack is a getter that errors inherit; in Safari each has its own text.
    for (const { prototype } of [Error, DOMException]) {
      const accessor = Object.getOwnPropertyDescriptor(prototype, "stack");
      if (accessor?.get) {
        this.intercept(prototype, accessor);
      }
    }
    this.interceptCapture();
  }

  private intercept(prototype: object, accessor: PropertyDescriptor): void {
    const { get } = accessor as { get(): unknown };
    const textOf = (error: object, calls: string) => this.textOf(error, calls);
    Object.defineProperty(prototype, "stack", {
      ...accessor,
      get(this: object) {
        const calls = Reflect.apply(get, this, []);
        return typeof calls === "string" ? textOf(this, calls) : calls;
      },
    });
  }

  /** What `Error.captureStackTrace` gives an object is written when it is read first: names may come later. */
  private interceptCapture(): void {
    const { captureStackTrace } = Error;
    if (!captureStackTrace) {
      return;
    }
    const textOf = (target: object, calls: string) => this.textOf(target, calls);
    Error.captureStackTrace = (target, above) => {
      captureStackTrace(target, above);
      const calls = (target as Error).stack;
      const define = (property: PropertyDescriptor) =>
        Object.defineProperty(target, "stack", { ...property, configurable: true });
      if (typeof calls === "string" && Object.hasOwn(target, "stack")) {
        define({
          get: () => textOf(target, calls),
          set: (value) => void define({ value, writable: true }),
        });
      }
    };
  }

  private textOf(error: object, calls: string): string {
    const known = this.knownOf(error);
    known.text ??= this.write?.(error, calls, known.awaits) ?? calls;
    return known.text;
  }

  private knownOf(error: object): Taken {
    const known = this.taken.get(error) ?? { awaits: [] };
    this.taken.set(error, known);
    return known;
  }

  watch(write: WriteStack): void {
    this.write = write;
  }

  rewrite(error: unknown): void {
    if (!(error instanceof Error)) {
      return;
    }
    const { value, writable } = Object.getOwnPropertyDescriptor(error, "stack") ?? {};
    if (typeof value === "string" && writable && isForeign(value)) {
      Object.defineProperty(error, "stack", { value: this.textOf(error, value) });
    }
  }

  awaited<T>(value: T): T {
    if (
      value instanceof NativePromise &&
      Object.getPrototypeOf(value) === NativePromise.prototype &&
      !Object.hasOwn(value, "constructor")
    ) {
      const here = new Error();
      // Called before what awaits it. Nothing else of the promise changes: it is handled already.
      Reflect.apply(then, value, [undefined, (reason: unknown) => this.addAwait(reason, here)]);
    }
    return value;
  }

  private addAwait(error: unknown, here: Error): void {
    const calls = this.read(here);
    // What a cell has failed with, all that it waits for is rejected with.
    if (error instanceof Error && typeof calls === "string" && !isSpread(error)) {
      const known = this.knownOf(error);
      if (known.awaits.length < Error.stackTraceLimit) {
        known.awaits.push(calls);
        known.text = undefined;
      }
    }
  }
}
