import { Readable } from "node:stream";
import { types } from "node:util";
import type { CellContext } from "./contexts";

interface Source {
  [Symbol.asyncIterator]?: () => AsyncIterator<unknown>;
  [Symbol.iterator]?: unknown;
}

/**
 * What `for await` iterates over, so that Stop reaches a loop that waits for the next element.
 * Node's own sources can be told to fail: streams are destroyed, as by any other end of the loop.
 * Other sources are left as they are: a promise that their code waits for is rejected.
 */
export function iterateStoppably<T>(values: T, context: CellContext): T {
  const source = values as Source;
  const fail = waysToFail(source);
  if (!fail) {
    return values;
  }
  return {
    [Symbol.asyncIterator]() {
      const iterator = (source[Symbol.asyncIterator] as () => AsyncIterator<unknown>)();
      const forget = context.track(() => fail(context.stopped?.reason));
      return {
        next(...parameters: []) {
          const step = iterator.next(...parameters);
          // A second reaction; those that the loop adds are called in the same turn as without it.
          void Promise.resolve(step).then((result) => result.done && forget(), forget);
          return step;
        },
        return: (value?: unknown) => {
          forget();
          return iterator.return?.(value) ?? Promise.resolve({ done: true, value });
        },
      };
    },
  } as T;
}

/**
 * Is it sure that this cannot be iterated over? V8's own error would name what stands in the
 * running code; for null and undefined it does not.
 */
export function isNotIterable(values: unknown): boolean {
  if (values === null || values === undefined || types.isProxy(values)) {
    return false;
  }
  const object = Object(values);
  const asynchronous = methodOf(object, Symbol.asyncIterator);
  return asynchronous === "none"
    ? methodOf(object, Symbol.iterator) !== "callable"
    : asynchronous === "uncallable";
}

/** What looking for a method would find, by looking only where no code of the user's runs. */
function methodOf(object: object, key: symbol): "callable" | "uncallable" | "none" {
  for (let at = object; at !== null; at = Object.getPrototypeOf(at)) {
    const property = types.isProxy(at) ? {} : Object.getOwnPropertyDescriptor(at, key);
    if (property) {
      const isKnown = "value" in property;
      return !isKnown || typeof property.value === "function"
        ? "callable"
        : property.value === undefined || property.value === null
          ? "none"
          : "uncallable";
    }
  }
  return "none";
}

function waysToFail(source: Source): ((reason: unknown) => void) | undefined {
  if (typeof source !== "object" || source === null || types.isProxy(source)) {
    return undefined;
  }
  if (source instanceof Readable) {
    return (reason) => source.destroy(reason as Error);
  }
  if (isReadline(source)) {
    // Its iterator listens to errors, whoever else does.
    return (reason) => source.listenerCount("error") > 0 && source.emit("error", reason);
  }
  if (isEventIterator(source)) {
    return (reason) => void source.throw?.(reason).catch(() => {});
  }
  return undefined;
}

function isReadline(source: Source): source is Source & NodeJS.EventEmitter {
  return (
    source.constructor?.name === "Interface" &&
    typeof (source as never as NodeJS.EventEmitter).emit === "function"
  );
}

/** What `on` of node:events gives: an iterator, but no generator, that can be made to throw. */
function isEventIterator(source: Source): source is Source & AsyncIterator<unknown> {
  return (
    !types.isGeneratorObject(source) &&
    typeof (source as { throw?: unknown }).throw === "function" &&
    Object.getPrototypeOf(source) === asyncIteratorPrototype
  );
}

const asyncIteratorPrototype = Object.getPrototypeOf(
  Object.getPrototypeOf(async function* () {}.prototype),
);
