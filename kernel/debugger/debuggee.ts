import { readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { types } from "node:util";
import vm from "node:vm";
import { bundleOf } from "../display/bundle";
import { textOf } from "../display/text";
import { isCompilerInUse, usingCompiler } from "../session/compile/compilerUse";
import type { DebugSession } from "../session/debug/debugSession";
import type { Session } from "../session/session";
import { cellPath } from "./cellFiles";
import { type Child, childrenOf, describe, hasChildren } from "./children";
import { type Hits, LogPoints } from "./logPoints";
import {
  ANNOUNCEMENT,
  BUSY,
  DEBUGGEE,
  DEBUGGEE_CODE,
  type DebugSource,
  type Place,
  type RunningPlace,
  type Variable,
} from "./messages";

/** Variables that hold others, and how code reaches them. */
interface Held {
  value: object;
  /** JavaScript that gives it. */
  code?: string;
}

/**
 * The debugger's half in the thread that runs cells. The other half (see adapter.ts) calls its
 * methods through V8's inspector, also while this thread is paused, in a loop or waiting. They look
 * at the session and at values, and run none of the user's code but what somebody has typed into
 * the debugger.
 */
export class Debuggee {
  /** Does a debugger follow the code? */
  debugging = false;
  /** The file that is announced at the moment. */
  announced: string | undefined;
  readonly logPoints: LogPoints;
  private watched = new Set<string>();
  private held = new Map<number, Held>();
  private references = 0;
  private known: DebugSession | undefined;
  private readonly paths = new Map<string, string>();
  private readonly spaces = new Map<string, object>();
  private announce: (() => void) | undefined;

  /**
   * @param session gives the session, which is made when it is first needed
   * @param log is called with what a breakpoint writes
   */
  constructor(
    private readonly session: () => Session,
    log: (breakpoint: number, text: string) => void,
    /** Ends what runs, as Stop does. */
    readonly interrupt: () => void,
  ) {
    this.logPoints = new LogPoints(log);
  }

  /** Lets the other half find it. */
  install(): void {
    Object.defineProperty(globalThis, Symbol.for(DEBUGGEE), { value: this, configurable: true });
  }

  /** Calls a method for the other half, which gets {@link BUSY} where that would not do now. */
  call(method: keyof Debuggee, force: boolean, ...given: unknown[]): unknown {
    if (isCompilerInUse() && !force) {
      return BUSY;
    }
    return usingCompiler(() => Reflect.apply(this[method] as () => unknown, this, given));
  }

  /** Is called when a file has been compiled: breakpoints have to be there before it runs. */
  compiled(file: string): void {
    if (this.debugging && this.watched.has(this.pathOf(file))) {
      this.announce ??= vm.runInThisContext("(function () { debugger; })", {
        filename: ANNOUNCEMENT,
      });
      this.announced = file;
      this.announce?.();
      this.announced = undefined;
    }
  }

  /** Begins or ends to follow the code. */
  follow(debugging: boolean): void {
    this.debugging = debugging;
    if (!debugging) {
      this.watched.clear();
      this.release();
    }
  }

  /** Which texts have breakpoints. */
  watch(paths: string[]): void {
    this.watched = new Set(paths);
  }

  /** The URL, for V8, of each file that runs a text. */
  urlsOf(path: string): string[] {
    return this.debug
      .files()
      .flatMap((file) => (this.pathOf(file) === path ? [pathToFileURL(file).href] : []));
  }

  /** The path of the text that is announced. */
  announcement(): { path: string; url: string } | undefined {
    const file = this.announced;
    return file === undefined
      ? undefined
      : { path: this.pathOf(file), url: pathToFileURL(file).href };
  }

  /** The user's places for places in running code; nothing for those of the kernel and of Node. */
  places(running: RunningPlace[]): (Place | undefined)[] {
    return running.map((one) => this.placeOf(one));
  }

  /** The lines on which code of a text can stop that has not run yet. */
  codeLines(text: string): number[] {
    return this.debug.codeLines(text);
  }

  /** The text that a path stands for; undefined where there is none. */
  textOf(path: string): string | undefined {
    const file = this.debug.files().find((one) => this.pathOf(one) === path);
    if (file !== undefined) {
      return this.debug.source(file)?.source.original;
    }
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  }

  /** The user's own modules that are loaded. */
  modules(): { name: string; path: string }[] {
    return this.debug
      .files()
      .filter((file) => this.debug.source(file)?.isCell === false)
      .map((file) => ({ name: this.debug.source(file)?.name ?? basename(file), path: file }));
  }

  /** Behind which line and column, from 0, a file's own code begins that runs as a cell. */
  headEnd(url: string): { line: number; column: number } | undefined {
    const file = fileOf(url);
    const source = file === undefined ? undefined : this.debug.source(file);
    if (file === undefined || !source?.isCell) {
      return undefined;
    }
    const lines = source.source.javascript.split("\n");
    for (let line = 0; line < lines.length; line++) {
      const column = lines[line].length;
      // V8's lines count from 1, and the first is the head of the function around the code.
      const offset = source.text.editedOffset(line + 2, Math.max(1, column));
      if (offset !== undefined && offset >= source.source.start) {
        return { line: line + 1, column: 0 };
      }
    }
    return undefined;
  }

  /** Does a `catch` of the user's take what is thrown at one of these places? */
  isCaught(running: RunningPlace[]): boolean {
    return running.some(({ url, line, column }) => {
      const file = fileOf(url);
      return file !== undefined && this.debug.isCaughtAt(file, line + 1, column + 1);
    });
  }

  /** Is a place at the top level of a cell? */
  isTopLevel(url: string): boolean {
    const file = fileOf(url);
    return file !== undefined && this.debug.source(file)?.isCell === true;
  }

  /** JavaScript for what somebody typed, to be evaluated in a frame with these variables. */
  expression(code: string, url: string | undefined, locals: string[]): string {
    const file = this.knownFile(url);
    const names = `${DEBUGGEE_CODE}.names(${file === undefined ? "" : JSON.stringify(file)})`;
    return this.debug.expression(code, { file, locals: new Set(locals), names });
  }

  /**
   * The condition that V8 is to evaluate at a breakpoint: it counts, logs, and says whether to stop.
   */
  condition(
    id: number,
    place: { url: string; line: number; column: number },
    { condition, hitCondition, logMessage }: Partial<Record<string, string>>,
  ): string {
    const file = this.knownFile(place.url);
    const at =
      file === undefined ? undefined : this.debug.stopAt(file, place.line + 1, place.column + 1);
    const locals = file === undefined || !at ? [] : [...this.debug.localNames(file, at.offset)];
    const emit = (code: string) => this.expression(code, place.url, locals);
    const points = `${DEBUGGEE_CODE}.logPoints`;
    const when = condition ? `(${emit(condition)})` : "true";
    this.logPoints.add(id, { hitCondition } satisfies Hits);
    const parts = logMessage === undefined ? undefined : LogPoints.partsOf(logMessage);
    const then =
      parts === undefined
        ? "true"
        : `${points}.log(${id}, [${parts
            .map((part) =>
              part.code === undefined
                ? JSON.stringify(part.text)
                : `${points}.shown(() => (${emit(part.code)}))`,
            )
            .join(", ")}])`;
    return `${points}.hits(${id}, () => ${when}) && ${then}`;
  }

  /** The session's names, or those of a module, as properties. */
  names(file = ""): object {
    let space = this.spaces.get(file);
    if (!space) {
      const of = file === "" ? undefined : file;
      space = new Proxy(Object.create(null) as object, {
        get: (_, name) => this.debug.valueOf(String(name), of),
        has: (_, name) => this.debug.isName(String(name), of),
        set: (_, name, value) => {
          this.debug.assign(String(name), value, of);
          return true;
        },
      });
      this.spaces.set(file, space);
    }
    return space;
  }

  /** A value that somebody asked for. */
  describe(name: string, value: unknown, code?: string): Variable {
    return this.variable({ name, value }, code);
  }

  /** The variables of a scope as V8 gives it, without those that are not the user's. */
  scope(scope: object, url: string): Variable[] {
    const text = this.source(url)?.source.original;
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
    const file = this.knownFile(url);
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

  /** The value that holds those of a reference. */
  holder(reference: number): object | undefined {
    return this.held.get(reference)?.value;
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
    this.debug.assign(name, value, this.knownFile(url));
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
    this.known ??= this.session().debug();
    return this.known;
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

  private source(url: string) {
    const file = fileOf(url);
    return file === undefined ? undefined : this.debug.source(file);
  }

  private knownFile(url: string | undefined): string | undefined {
    const file = url === undefined ? undefined : fileOf(url);
    return file !== undefined && this.debug.source(file) ? file : undefined;
  }

  private placeOf({ url, line, column }: RunningPlace): Place | undefined {
    const file = fileOf(url);
    if (file === undefined) {
      return undefined;
    }
    const known = this.debug.source(file);
    if (!known) {
      const source = { name: relative(process.cwd(), file), path: file };
      return { source, line: line + 1, column: column + 1, kind: "package", stops: true };
    }
    const source: DebugSource = { name: known.name, path: this.pathOf(file) };
    const kind = known.isCell ? "cell" : "module";
    const place = this.debug.stopAt(file, line + 1, column + 1);
    return place
      ? {
          source,
          line: place.line,
          column: place.column,
          statement: place.statement,
          kind,
          stops: true,
        }
      : { source, line: 1, column: 1, kind, stops: false };
  }

  private pathOf(file: string): string {
    const known = this.debug.source(file);
    if (!known?.isCell) {
      return file;
    }
    let path = this.paths.get(file);
    if (path === undefined) {
      path = cellPath(known.source.original);
      this.paths.set(file, path);
    }
    return path;
  }
}

/** The file that V8's URL of a script names; undefined where it names none. */
function fileOf(url: string): string | undefined {
  try {
    return url.startsWith("file:") ? fileURLToPath(url) : undefined;
  } catch {
    return undefined;
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
