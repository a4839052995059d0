import { inspect, types } from "node:util";
import { fieldOf, type Grid, gridOf } from "./tensors";

/** Characters of a value in a list of variables. */
const LENGTH = 120;
/** Elements or properties that are shown of a value. */
const PARTS = 6;
/** How deep values are shown within values. */
const DEPTH = 2;

const nativeToString = Function.prototype.toString;

/**
 * A value in few words: what it is, how large, what it begins with. Nothing of it is run: neither
 * its getters nor its `toString` nor a proxy's traps are called.
 */
export function shortText(value: unknown): string {
  const text = write(value, DEPTH);
  return text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text;
}

/** What a value is at run time, in TypeScript's words. */
export function typeText(value: unknown): string {
  if (value === null) {
    return "null";
  }
  if (typeof value === "function") {
    return "Function";
  }
  if (typeof value !== "object") {
    return typeof value;
  }
  if (types.isProxy(value)) {
    return "Proxy";
  }
  if (Array.isArray(value)) {
    const kinds = new Set<string>();
    for (let at = 0; at < Math.min(value.length, 100); at++) {
      kinds.add(typeText(fieldOf(value, at)));
    }
    const names = [...kinds];
    return names.length === 0
      ? "never[]"
      : names.length === 1
        ? `${names[0]}[]`
        : `(${names.join(" | ")})[]`;
  }
  const grid = gridOf(value);
  const name = classOf(value);
  return grid && name === "Tensor" ? `Tensor${grid.shape.length}D` : name;
}

/** The name of a value's class, found without asking the value. */
export function classOf(value: object): string {
  for (let at: object | null = value; at; at = Object.getPrototypeOf(at)) {
    const found = types.isProxy(at)
      ? undefined
      : Object.getOwnPropertyDescriptor(at, "constructor")?.value;
    if (typeof found === "function" && !types.isProxy(found)) {
      const name = Object.getOwnPropertyDescriptor(found, "name")?.value;
      if (typeof name === "string" && name !== "") {
        return name;
      }
    }
  }
  return "Object";
}

/** A primitive as code writes it. */
export function primitiveText(value: unknown): string {
  return typeof value === "string" && value.length > LENGTH
    ? inspect(`${value.slice(0, LENGTH)}…`)
    : inspect(value);
}

function write(value: unknown, depth: number): string {
  if (typeof value === "function") {
    return functionText(value);
  }
  if (typeof value !== "object" || value === null) {
    return primitiveText(value);
  }
  if (types.isProxy(value)) {
    return "Proxy {…}";
  }
  const grid = gridOf(value);
  if (grid) {
    return `${typeText(value)} ${gridText(grid)}`;
  }
  const name = classOf(value);
  if (types.isTypedArray(value)) {
    const first = Array.from(value.slice(0, PARTS) as Iterable<unknown>, numberText);
    return `${name}(${value.length}) [${listText(first, value.length)}]`;
  }
  if (Array.isArray(value)) {
    const first = partsOf(value.length, (at) =>
      Object.hasOwn(value, at) ? element(value, at, depth) : "",
    );
    return depth > 0
      ? `(${value.length}) [${listText(first, value.length)}]`
      : `(${value.length}) […]`;
  }
  if (types.isMap(value) || types.isSet(value)) {
    return collectionText(value, depth);
  }
  return nativeText(value, name) ?? objectText(value, name, depth);
}

function gridText({ shape, dtype, first, columns }: Grid): string {
  const size = `[${shape.join(", ")}]${dtype === undefined ? "" : ` ${dtype}`}`;
  if (columns) {
    return `${size} ${columns.slice(0, PARTS).join(", ")}${columns.length > PARTS ? ", …" : ""}`;
  }
  const count = shape.reduce((product, length) => product * length, 1);
  const shown = Array.from(first ?? [])
    .slice(0, PARTS)
    .map(numberText);
  return first ? `${size} [${listText(shown, count)}]` : size;
}

function collectionText(value: Map<unknown, unknown> | Set<unknown>, depth: number): string {
  const isMap = types.isMap(value);
  const size = Reflect.get(isMap ? Map.prototype : Set.prototype, "size", value) as number;
  const first: string[] = [];
  if (depth > 0) {
    const entries = isMap ? Map.prototype.entries.call(value) : Set.prototype.values.call(value);
    for (const entry of entries as Iterable<unknown>) {
      if (first.length === PARTS) {
        break;
      }
      if (isMap) {
        const [key, held] = entry as [unknown, unknown];
        first.push(`${write(key, 0)} => ${write(held, depth - 1)}`);
      } else {
        first.push(write(entry, depth - 1));
      }
    }
  }
  return `${classOf(value)}(${size}) {${depth > 0 ? listText(first, size) : "…"}}`;
}

/** Objects of the language that hold one thing, which they do not have as a property. */
function nativeText(value: object, name: string): string | undefined {
  if (types.isNativeError(value)) {
    const message = fieldOf(value, "message");
    return `${name}${typeof message === "string" && message !== "" ? `: ${message}` : ""}`;
  }
  if (types.isDate(value)) {
    const time = Date.prototype.getTime.call(value);
    return Number.isNaN(time) ? "Invalid Date" : new Date(time).toISOString();
  }
  if (types.isRegExp(value)) {
    return String(Reflect.apply(RegExp.prototype.toString, value, []));
  }
  if (types.isPromise(value)) {
    // Only this looks at a promise's state; asynchronous hooks put marks behind it.
    const state = inspect(value, { customInspect: false, depth: 0, breakLength: Infinity });
    return state.replace(/,? ?\[Symbol\(async_id_symbol\)\].*?(?= \}$)/s, "");
  }
  if (types.isBoxedPrimitive(value) || types.isAnyArrayBuffer(value)) {
    return inspect(value, {
      customInspect: false,
      depth: 0,
      maxArrayLength: 0,
      breakLength: Infinity,
    });
  }
  return undefined;
}

function objectText(value: object, name: string, depth: number): string {
  const prefix = name === "Object" ? "" : `${name} `;
  const keys = Object.keys(value);
  if (keys.length === 0) {
    return `${prefix}{}`;
  }
  if (depth === 0) {
    return `${prefix}{…}`;
  }
  const first = keys.slice(0, PARTS).map((key) => `${keyText(key)}: ${element(value, key, depth)}`);
  return `${prefix}{${listText(first, keys.length)}}`;
}

function keyText(key: string): string {
  return /^[\w$]+$/.test(key) ? key : JSON.stringify(key);
}

function element(value: object, key: PropertyKey, depth: number): string {
  const found = Object.getOwnPropertyDescriptor(value, key);
  return found?.get || found?.set ? "(getter)" : write(found?.value, depth - 1);
}

function partsOf(length: number, part: (at: number) => string): string[] {
  return Array.from({ length: Math.min(length, PARTS) }, (_, at) => part(at));
}

function listText(shown: readonly string[], count: number): string {
  return shown.join(", ") + (count > shown.length ? ", …" : "");
}

/** Numbers of single precision have no more digits than that. */
function numberText(value: unknown): string {
  return typeof value === "number" && !Number.isInteger(value)
    ? String(Number(value.toPrecision(5)))
    : primitiveText(value);
}

function functionText(value: object): string {
  const name = types.isProxy(value) ? "" : Object.getOwnPropertyDescriptor(value, "name")?.value;
  if (types.isProxy(value)) {
    return "Proxy";
  }
  const text = Reflect.apply(nativeToString, value, []) as string;
  if (/^class\b/.test(text)) {
    return `class ${String(name)}`;
  }
  const [, list = ""] =
    /^[^(]*?\(([^)]*)\)/.exec(text) ?? /^(?:async\s+)?([\w$]+)\s*=>/.exec(text) ?? [];
  return `${String(name ?? "")}(${list.replace(/\s+/g, " ")})`;
}
