import { inspect, types } from "node:util";

/** Text of one value beyond which nobody reads on and front ends suffer. */
const TEXT_LIMIT = 1_000_000;

/**
 * A value as text. Objects of a class that says by `toString` how to write them (tensors, data
 * frames, decimals) are written so; everything else the way Node's console does.
 */
export function textOf(value: unknown): string {
  const text = ownText(value) ?? inspect(value, { depth: 4, maxStringLength: TEXT_LIMIT });
  return text.length > TEXT_LIMIT
    ? `${text.slice(0, TEXT_LIMIT)}... ${text.length - TEXT_LIMIT} more characters`
    : text;
}

function ownText(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || types.isProxy(value)) {
    return undefined;
  }
  // Errors, arrays, dates, maps and their like: Node writes those better than they do.
  if (inspect.custom in value || Array.isArray(value) || isNative(value)) {
    return undefined;
  }
  const method = (value as { toString?: unknown }).toString;
  if (typeof method !== "function" || method === Object.prototype.toString) {
    return undefined;
  }
  const text: unknown = method.call(value);
  return typeof text === "string" && !text.startsWith("[object ") ? text : undefined;
}

function isNative(value: object): boolean {
  return (
    types.isNativeError(value) ||
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isBoxedPrimitive(value) ||
    ArrayBuffer.isView(value) ||
    Object.getPrototypeOf(value) === null ||
    value instanceof URLSearchParams
  );
}
