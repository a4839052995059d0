import { types } from "node:util";
import { bundleOf } from "../display/bundle";
import { textOf } from "../display/text";
import type { DebugSession } from "../session/debug/debugSession";
import { type Child, childrenOf, describe, hasChildren } from "./children";
import type { DebuggedTexts } from "./debuggedTexts";
import type { Variable } from "./messages";

/** Variables that hold others, and how code reaches them. */
interface Held {
  value: object;
  /** JavaScript that gives it. */
  code?: string;
}

/** Variables as front ends list them: of scopes, of the session and its modules, and in values. */
export class DebuggedValues {
  private held = new Map<number, Held>();
  private references = 0;

  constructor(
    private readonly session: () => DebugSession,
    private readonly texts: DebuggedTexts,
  ) {}

  /** A value that somebody asked for. */
  describe(name: string, value: unknown, code?: string): Variable {
    return this.variable({ name, value }, code);
  }

  /** The variables of a scope as V8 gives it, without those that are not the user's. */
  scope(scope: object, url: string): Variable[] {
    const text = this.texts.source(url)?.source.original;
    const found: Variable[] = [];
    for (const name of this.namesIn(scope)) {
      const property = inScope(scope, name);
      if (!property?.get && (text === undefined || isMentioned(name, text))) {
        found.push(this.variable({ name, value: property?.value }, name));
      }
    }
    return found;
  }

  /** The names of variables in a scope. */
  namesIn(scope: object): string[] {
    return Reflect.ownKeys(scope).filter((name) => typeof name === "string");
  }

  /** The names of the session and what they stand for. */
  globals(withTypes: boolean): Variable[] {
    const names = this.debug.names();
    const typed = withTypes ? this.debug.types(names) : undefined;
    return names.flatMap((name, at) => {
      try {
        const variable = this.variable({ name, value: this.debug.valueOf(name) }, name);
        return [{ ...variable, type: typed?.[at] ?? variable.type }];
      } catch {
        // The cell that declares it has not come so far.
        return [];
      }
    });
  }

  /** What a module imports and exports. */
  moduleNames(url: string): Variable[] {
    const file = this.texts.knownFile(url);
    return (file === undefined ? [] : this.debug.moduleNames(file)).map((name) => {
      try {
        return this.variable({ name, value: this.debug.valueOf(name, file) }, name);
      } catch {
        return this.variable({ name, getter: true });
      }
    });
  }

  /** What a value holds that was described before. */
  children(reference: number, options: { start?: number; count?: number }): Variable[] {
    const held = this.held.get(reference);
    return (held ? childrenOf(held.value, options) : []).map((child) =>
      this.variable(
        child,
        held?.code !== undefined && child.path !== undefined ? held.code + child.path : undefined,
      ),
    );
  }

  /** Changes what a value holds. */
  setChild(reference: number, name: string, value: unknown): Variable {
    const held = this.held.get(reference);
    const child = held && childrenOf(held.value).find((one) => one.name === name);
    const key = child?.key ?? (held && Array.isArray(held.value) ? Number(name) : undefined);
    if (!held || key === undefined) {
      throw new TypeError(`${name} cannot be changed here.`);
    }
    if (!Reflect.set(held.value, key, value)) {
      throw new TypeError(`${name} is read-only.`);
    }
    return this.variable({ name, value });
  }

  /** Gives a name of the session, or of a module, a value. */
  assign(name: string, value: unknown, url?: string): Variable {
    this.debug.assign(name, value, this.texts.knownFile(url));
    return this.variable({ name, value }, name);
  }

  /** Makes a value a variable of the session. */
  copy(name: string, value: unknown, source: string): Variable {
    const names = this.debug.names();
    const type = names.includes(source) ? this.debug.types([source])[0] : describe({ value }).type;
    this.debug.declare(name, value, type);
    return this.variable({ name, value }, name);
  }

  /** A value as notebooks show it, as far as that can be had at once. */
  rich(value: unknown): object {
    const bundle = bundleOf(value);
    return types.isPromise(bundle) ? { "text/plain": textOf(value) } : bundle;
  }

  /** Lets go of values that were described. */
  release(): void {
    this.held = new Map();
  }

  private get debug(): DebugSession {
    return this.session();
  }

  private variable(child: Child, code?: string): Variable {
    const { value, type } = describe(child);
    let reference = 0;
    if (!child.getter && hasChildren(child.value)) {
      reference = ++this.references;
      this.held.set(reference, { value: child.value as object, code });
    }
    const length = lengthOf(child.value);
    return {
      name: child.name,
      value,
      type,
      variablesReference: reference,
      ...(code === undefined ? {} : { evaluateName: code }),
      ...(length === undefined ? {} : { indexedVariables: length }),
      ...(child.getter ? { presentationHint: { attributes: ["readOnly"] } } : {}),
    };
  }
}

/** A variable of a scope; from Node 26 on V8 throws for one whose declaration has yet to run. */
function inScope(scope: object, name: string): PropertyDescriptor | undefined {
  try {
    return Object.getOwnPropertyDescriptor(scope, name);
  } catch {
    return undefined;
  }
}

/** Names of variables that every cell and module has, and nobody has written. */
const WRAPPER = new Set(["exports", "require", "module", "__filename", "__dirname", "arguments"]);

function isMentioned(name: string, text: string): boolean {
  const escaped = name.replaceAll("$", "\\$");
  return !WRAPPER.has(name) && new RegExp(`(?<![\\w$.])${escaped}(?![\\w$])`, "u").test(text);
}

function lengthOf(value: unknown): number | undefined {
  if (types.isProxy(value)) {
    return undefined;
  }
  return Array.isArray(value) || (types.isTypedArray(value) && !Buffer.isBuffer(value))
    ? value.length
    : undefined;
}
