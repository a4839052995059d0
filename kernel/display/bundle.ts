import { types } from "node:util";
import type { MimeBundle } from "../channel";
import { looksOf } from "./looks";
import { textOf } from "./text";

/** A value with a method of this name chooses itself how notebooks show it. Deno knows it too. */
export const DISPLAY_SYMBOL = Symbol.for("Jupyter.display");

/**
 * The ways to show a value: what its `Symbol.for("Jupyter.display")` method gives, or how it
 * {@link looksOf looks}, or else text. A promise where one of these has to be waited for. None where
 * that method gives undefined, as that of a control does which stands below the cell already.
 *
 * @throws TypeError where that method gives something that is no MIME bundle, and whatever it throws
 */
export function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  const own = displayMethod(value);
  const found: unknown = own ? own() : looksOf(value);
  const check = (bundle: unknown): MimeBundle => {
    if (bundle === undefined) {
      return own ? {} : { "text/plain": textOf(value) };
    }
    return checkBundle(bundle);
  };
  return found instanceof Promise ? found.then(check) : check(found);
}

/** Is there anything in a bundle to show? */
export function hasForms(bundle: MimeBundle): boolean {
  return Object.keys(bundle).length > 0;
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
