// The part of node:util that the kernel, the lessons and cells use. How values are written is Node's own code.
import { isDeepStrictEqual } from "assert/build/internal/util/comparisons";
import { format, formatWithOptions, inspect } from "node-inspect-extracted";

const tagged = (tag: string) => (value: unknown) =>
  Object.prototype.toString.call(value) === `[object ${tag}]`;

const isUint8Array = (value: unknown): value is Uint8Array => value instanceof Uint8Array;
const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;

export const types = {
  isAnyArrayBuffer: (value: unknown) => tagged("ArrayBuffer")(value) || isShared(value),
  isBoxedPrimitive: (value: unknown) =>
    value instanceof Number || value instanceof String || value instanceof Boolean,
  isDate: (value: unknown): value is Date => value instanceof Date,
  isGeneratorObject: tagged("Generator"),
  isMap: (value: unknown) => value instanceof Map,
  isModuleNamespaceObject: tagged("Module"),
  isNativeError: (value: unknown): value is Error => value instanceof Error,
  isPromise,
  // No code of a page can tell.
  isProxy: (_value: unknown) => false,
  isRegExp: (value: unknown): value is RegExp => value instanceof RegExp,
  isSet: (value: unknown): value is Set<unknown> => value instanceof Set,
  isTypedArray: (value: unknown) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isUint8Array,
};

function isShared(value: unknown): boolean {
  return typeof SharedArrayBuffer !== "undefined" && value instanceof SharedArrayBuffer;
}

type Callback = (error: unknown, value?: unknown) => void;
type Asynchronous = (...parameters: unknown[]) => unknown;

export const promisify = Object.assign(
  (method: Asynchronous) =>
    (...parameters: unknown[]) =>
      new Promise((resolve, reject) => {
        const settle: Callback = (error, value) => (error ? reject(error) : resolve(value));
        method(...parameters, settle);
      }),
  { custom: Symbol.for("nodejs.util.promisify.custom") },
);

export const { TextDecoder, TextEncoder } = globalThis;
export { format, formatWithOptions, inspect, isDeepStrictEqual };

export default {
  format,
  formatWithOptions,
  inspect,
  isDeepStrictEqual,
  promisify,
  TextDecoder,
  TextEncoder,
  types,
};
