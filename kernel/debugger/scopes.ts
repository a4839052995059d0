import type { Debugger, Runtime } from "node:inspector";
import type { Frame } from "./frames";
import { OWN_CODE } from "./hiddenCode";
import type { Inspector } from "./inspector";
import type { Variable } from "./messages";
import { messageOf, Remote } from "./remote";

/** References of scopes lie above those of values, which the main thread gives. */
const FIRST_SCOPE = 2 ** 30;

/** How long an expression may take, in milliseconds: the main thread is paused meanwhile. */
const LIMIT = 5000;

/** A scope that front ends ask the variables of. */
interface Scope {
  frame: Frame;
  /** The inner ones first. */
  parts: Debugger.Scope[];
  /** What is listed besides: the session's names, or those of the frame's module. */
  names?: "session" | "module";
}

/** Variables by the frame that they are seen from. */
export class Scopes {
  private readonly scopes = new Map<number, Scope>();
  private count = FIRST_SCOPE;

  constructor(private readonly inspector: Inspector) {}

  /** The scopes of a frame. */
  of(frame: Frame): object[] {
    const chain = frame.call?.scopeChain ?? [];
    const end = chain.findIndex(({ type }) => type === "local") + 1;
    const outer = chain.slice(end).filter(({ type }) => /^(closure|block|catch)$/.test(type));
    const isModule = frame.place.kind === "module";
    // The outermost is that of the function around a whole cell, whose names are the session's.
    const closures =
      frame.isTopLevel || frame.place.kind === "package"
        ? outer
        : outer.filter((one) => !isWrapper(one));
    const described: object[] = [];
    const add = (name: string, scope: Scope, hint?: string) => {
      this.scopes.set(++this.count, scope);
      described.push({
        name,
        variablesReference: this.count,
        expensive: false,
        ...(hint ? { presentationHint: hint } : {}),
      });
    };
    if (frame.call) {
      add("Locals", { frame, parts: chain.slice(0, end) }, "locals");
    }
    for (const [at, one] of closures.entries()) {
      const name = one.name ? `Closure (${one.name})` : "Closure";
      const isTaken = closures.slice(0, at).some((other) => other.name === one.name);
      add(isTaken ? `${name} ${at + 1}` : name, { frame, parts: [one] });
    }
    if (isModule) {
      add("Module", { frame, parts: outer.filter(isWrapper), names: "module" });
    }
    add("Globals", { frame, parts: [], names: "session" }, "globals");
    return described;
  }

  /** The variables of a scope, or what a value holds. */
  async variables(
    reference: number,
    options: { start?: number; count?: number },
  ): Promise<Variable[]> {
    const scope = this.scopes.get(reference);
    if (!scope) {
      return await this.inspector.call("children", reference, options);
    }
    const found = new Map<string, Variable>();
    for (const part of scope.parts) {
      const object = new Remote(part.object);
      for (const one of await this.inspector.call<Variable[]>("scope", object, scope.frame.url)) {
        if (!found.has(one.name)) {
          found.set(one.name, one);
        }
      }
    }
    if (scope.names) {
      const others =
        scope.names === "session"
          ? await this.inspector.call<Variable[]>("globals", false)
          : await this.inspector.call<Variable[]>("moduleNames", scope.frame.url);
      for (const one of others) {
        if (!found.has(one.name)) {
          found.set(one.name, one);
        }
      }
    }
    return [...found.values()];
  }

  /**
   * Evaluates an expression, or statements, in a frame, or among the session's names.
   *
   * @param options `pure`: it must change nothing
   * @throws Error with the message of what it throws
   */
  async evaluate(code: string, frame: Frame | undefined, { pure = false } = {}): Promise<Remote> {
    const locals = frame?.call ? await this.localNames(frame) : [];
    const expression = await this.inspector.call<string>("expression", code, frame?.url, locals);
    const parameters = {
      expression: `${expression}\n//# sourceURL=${OWN_CODE}`,
      silent: true,
      throwOnSideEffect: pure,
      timeout: LIMIT,
    };
    const { result, exceptionDetails } = frame?.call
      ? await this.inspector.post<Runtime.EvaluateReturnType>("Debugger.evaluateOnCallFrame", {
          ...parameters,
          callFrameId: frame.call.callFrameId,
        })
      : await this.inspector.post<Runtime.EvaluateReturnType>("Runtime.evaluate", {
          ...parameters,
          disableBreaks: true,
        });
    if (exceptionDetails) {
      throw new Error(messageOf(exceptionDetails));
    }
    return new Remote(result);
  }

  /** Changes a variable of a scope, or what a value holds. */
  async set(
    reference: number,
    name: string,
    code: string,
    frame: Frame | undefined,
  ): Promise<Variable> {
    const scope = this.scopes.get(reference);
    const value = await this.evaluate(code, scope?.frame ?? frame);
    if (!scope) {
      return await this.inspector.call("setChild", reference, name, value);
    }
    for (const part of scope.parts) {
      const names = await this.inspector.call<string[]>("namesIn", new Remote(part.object));
      if (names.includes(name)) {
        await this.inspector.post("Debugger.setVariableValue", {
          scopeNumber: scope.frame.call?.scopeChain.indexOf(part),
          variableName: name,
          newValue: value.argument,
          callFrameId: scope.frame.call?.callFrameId,
        });
        return await this.inspector.call("describe", name, value, name);
      }
    }
    const { url } = scope.frame;
    return await this.inspector.call(
      "assign",
      name,
      value,
      scope.names === "module" ? url : undefined,
    );
  }

  /** Forgets the scopes of a stop that is over. */
  clear(): void {
    this.scopes.clear();
  }

  /** The variables that code in a frame can name. */
  private async localNames({ call, isTopLevel, place }: Frame): Promise<string[]> {
    const names: string[] = [];
    for (const scope of call?.scopeChain ?? []) {
      // What the top level of a cell declares may have been declared again by another cell.
      const isOwn = isTopLevel || place.kind !== "cell" || !isWrapper(scope);
      if (/^(local|closure|block|catch|eval)$/.test(scope.type) && isOwn) {
        names.push(...(await this.inspector.call<string[]>("namesIn", new Remote(scope.object))));
      }
    }
    return names;
  }
}

/** Is it the scope of the function that a whole cell or module is? It begins on the first line. */
function isWrapper({ startLocation, type }: Debugger.Scope): boolean {
  return type === "closure" && startLocation?.lineNumber === 0;
}
