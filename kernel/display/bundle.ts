import { inspect, types } from "node:util";
import type { MimeBundle } from "../channel";

/** A value with a method of this name chooses itself how notebooks show it. Deno knows it too. */
export const DISPLAY_SYMBOL = Symbol.for("Jupyter.display");

/** Text of one value beyond which nobody reads on and front ends suffer. */
const TEXT_LIMIT = 1_000_000;

/**
 * The ways to show a value: what its `Symbol.for("Jupyter.display")` method gives, or else text.
 *
 * @throws TypeError where that method gives something that is no MIME bundle, and whatever it throws
 */
export async function bundleOf(value: unknown): Promise<MimeBundle> {
  const own = displayMethod(value);
  return own ? checkBundle(await own()) : { "text/plain": textOf(value) };
}

/** Does an object look like a MIME bundle, as in `{"text/html": "<b>hi</b>"}`? */
export function isBundle(value: unknown): value is MimeBundle {
  if (typeof value !== "object" || value === null || types.isProxy(value)) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  const keys = Object.keys(value);
  return (
    (prototype === Object.prototype || prototype === null) &&
    keys.length > 0 &&
    keys.every((key) => /^[a-z]+\/[\w.+-]+(;.*)?$/i.test(key))
  );
}

/** A bundle as messages carry it: binary data as base64, the rest as it is. */
export function checkBundle(bundle: unknown): MimeBundle {
  if (!isBundle(bundle)) {
    throw new TypeError(
      "A MIME bundle is an object that maps MIME types to data, as in " +
        `{"text/html": "<b>hi</b>"}; this is ${textOf(bundle).slice(0, 200)}.`,
    );
  }
  const entries = Object.entries(bundle).map(([type, data]) => [type, encode(data)]);
  return Object.fromEntries(entries);
}

function encode(data: unknown): unknown {
  return data instanceof Uint8Array
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64")
    : data;
}

function displayMethod(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    return undefined;
  }
  const method = (value as Record<symbol, unknown>)[DISPLAY_SYMBOL];
  return typeof method === "function" ? () => method.call(value) : undefined;
}

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
