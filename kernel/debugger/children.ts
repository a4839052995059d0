import { types } from "node:util";
import { classOf, primitiveText, shortText, typeText } from "./shortText";
import { fieldOf, gridOf } from "./tensors";

/** Something that a value holds. */
export interface Child {
  name: string;
  /** The value; a getter is not asked. */
  value?: unknown;
  getter?: boolean;
  /** Is it a property that an assignment changes? */
  key?: PropertyKey;
  /** JavaScript behind the parent's own that gives it. */
  path?: string;
}

/** Elements that are listed of an array where nobody says how many. */
const ELEMENTS = 100;
/** Properties that are listed of an object. */
const PROPERTIES = 500;

/** Does a value hold anything to be listed? */
export function hasChildren(value: unknown): boolean {
  return (
    (typeof value === "object" && value !== null && !types.isDate(value)) ||
    (typeof value === "function" && !types.isProxy(value))
  );
}

/**
 * What a value holds: elements, entries, properties. None of its code is run.
 *
 * @param options `start`, `count`: which elements of a long array; by default the first 100
 */
export function childrenOf(
  value: object,
  options: { start?: number; count?: number } = {},
): Child[] {
  if (types.isProxy(value)) {
    return [];
  }
  const { start = 0, count = ELEMENTS } = options;
  if (types.isTypedArray(value)) {
    return elements(value.length, start, count || ELEMENTS, (at) => Reflect.get(value, at));
  }
  const grid = gridOf(value);
  const summary: Child[] = [];
  if (grid) {
    summary.push({ name: "shape", value: grid.shape, path: ".shape" });
    if (grid.dtype !== undefined) {
      summary.push({ name: "dtype", value: grid.dtype, path: ".dtype" });
    }
    if (grid.columns) {
      summary.push({ name: "columns", value: grid.columns });
    }
    if (grid.first) {
      summary.push({ name: "first values", value: Array.from(grid.first) });
    }
  }
  const listed: Child[] = Array.isArray(value)
    ? elements(value.length, start, count || ELEMENTS, (at) => fieldOf(value, at))
    : entriesOf(value);
  const shown = new Set(summary.map(({ name }) => name));
  return [
    ...summary,
    ...listed,
    ...propertiesOf(value).filter(({ name }) => !shown.has(name)),
    ...prototypeOf(value),
  ];
}

function elements(
  length: number,
  start: number,
  count: number,
  at: (index: number) => unknown,
): Child[] {
  const end = Math.min(length, start + count);
  return Array.from({ length: Math.max(0, end - start) }, (_, offset) => {
    const index = start + offset;
    return { name: String(index), value: at(index), key: index, path: `[${index}]` };
  });
}

function entriesOf(value: object): Child[] {
  if (types.isMap(value)) {
    const entries = [...(Map.prototype.entries.call(value) as Iterable<[unknown, unknown]>)];
    return entries.slice(0, PROPERTIES).map(([key, held]) => {
      return { name: shortText(key), value: held };
    });
  }
  if (types.isSet(value)) {
    const held = [...(Set.prototype.values.call(value) as Iterable<unknown>)];
    return held.slice(0, PROPERTIES).map((one, at) => ({ name: String(at), value: one }));
  }
  return [];
}

function propertiesOf(value: object): Child[] {
  const isList = Array.isArray(value);
  return Reflect.ownKeys(value)
    .filter((key) => !(isList && (key === "length" || /^\d+$/.test(String(key)))))
    .filter((key) => !(typeof value === "function" && /^(length|prototype)$/.test(String(key))))
    .slice(0, PROPERTIES)
    .map((key) => {
      const found = Object.getOwnPropertyDescriptor(value, key);
      const name = typeof key === "symbol" ? `[${String(key)}]` : key;
      const path =
        typeof key === "symbol"
          ? undefined
          : /^[A-Za-z_$][\w$]*$/.test(key)
            ? `.${key}`
            : `[${JSON.stringify(key)}]`;
      return found?.get || found?.set
        ? { name, getter: true, path }
        : { name, value: found?.value, key, path };
    });
}

/** The accessors of a value's class are listed, since they look like its properties; not asked. */
function prototypeOf(value: object): Child[] {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (!prototype || types.isProxy(prototype) || isOfLanguage(prototype)) {
    return [];
  }
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([, { get }]) => get !== undefined)
    .map(([name]) => ({ name, getter: true, path: `.${name}` }));
}

function isOfLanguage(prototype: object): boolean {
  const made = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  return typeof made === "function" && Reflect.get(globalThis, classOf(prototype)) === made;
}

/** A value as a debugger shows it. */
export interface Described {
  value: string;
  type: string;
  isPrimitive: boolean;
}

/** Describes a value, or a getter that is not asked. */
export function describe(child: Pick<Child, "value" | "getter">): Described {
  if (child.getter) {
    return { value: "(getter)", type: "", isPrimitive: true };
  }
  const { value } = child;
  const isPrimitive = (typeof value !== "object" && typeof value !== "function") || value === null;
  return {
    value: isPrimitive ? primitiveText(value) : shortText(value),
    type: typeText(value),
    isPrimitive,
  };
}
