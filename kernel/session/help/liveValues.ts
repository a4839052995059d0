import type { Completion } from "./completion";

/** A name, those behind its dots, and the beginning of one more: `frame.columns.so`. */
const CHAIN = /(?<![\w$.)\]}"'`])([A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*)\??\.([\w$]*)$/;

/** More members than anybody reads. */
const ENOUGH = 1000;

/**
 * What could stand behind a dot according to the value that stands before it at the moment, for
 * where types say nothing, as those of packages without declarations. Nothing of the value's is
 * run: its own getters are not asked.
 *
 * @param find gives what a name of the session stands for
 */
export function completeByValue(
  code: string,
  offset: number,
  find: (name: string) => unknown,
): Completion {
  const nothing = { matches: [], start: offset, end: offset };
  const [, chain, typed] = CHAIN.exec(code.slice(0, offset)) ?? [];
  if (chain === undefined) {
    return nothing;
  }
  const [first, ...rest] = chain.split(/\??\./);
  try {
    const value = rest.reduce(stepInto, find(first));
    const matches = membersOf(value)
      .filter(({ text }) => text.startsWith(typed))
      .slice(0, ENOUGH);
    return { matches, start: offset - typed.length, end: offset };
  } catch {
    // A proxy's own code threw.
    return nothing;
  }
}

/** A property that is a plain value, or that a module has: those of modules are getters. */
function stepInto(value: unknown, name: string): unknown {
  for (let at = objectOf(value); at; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found) {
      return found.get && Object.hasOwn(at, "__esModule") ? Reflect.get(at, name) : found.value;
    }
  }
  return undefined;
}

function membersOf(value: unknown): Completion["matches"] {
  const members = new Map<string, string>();
  for (let at = objectOf(value); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (/^(?!__|constructor$)[A-Za-z_$][\w$]*$/.test(name) && !members.has(name)) {
        const found = Object.getOwnPropertyDescriptor(at, name);
        members.set(name, typeof found?.value === "function" ? "method" : "property");
      }
    }
  }
  const names = [...members.keys()].sort();
  return names.map((text) => ({ text, kind: members.get(text) as string }));
}

function objectOf(value: unknown): object | null {
  return value === undefined || value === null ? null : Object(value);
}
