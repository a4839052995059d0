import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { isCompilerInUse, usingCompiler } from "../session/compile/compilerUse";
import type { DebugSession } from "../session/debug/debugSession";
import type { Session } from "../session/session";
import { DebuggedTexts } from "./debuggedTexts";
import { DebuggedValues } from "./debuggedValues";
import { type Hits, LogPoints } from "./logPoints";
import { ANNOUNCEMENT, BUSY, DEBUGGEE, DEBUGGEE_CODE } from "./messages";

/** What the other half may call. */
export type DebuggeeMethod = keyof Debuggee | keyof DebuggedTexts | keyof DebuggedValues;

/**
 * The debugger's half in the thread that runs cells. The other half (see adapter.ts) calls its
 * methods, and those of its texts and values, through V8's inspector, also while this thread is paused, in a loop or waiting. They look
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
  private readonly texts: DebuggedTexts;
  private readonly values: DebuggedValues;
  private known: DebugSession | undefined;
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
    this.texts = new DebuggedTexts(() => this.debug);
    this.values = new DebuggedValues(() => this.debug, this.texts);
  }

  /** Lets the other half find it. */
  install(): void {
    Object.defineProperty(globalThis, Symbol.for(DEBUGGEE), { value: this, configurable: true });
  }

  /** Calls a method for the other half, which gets {@link BUSY} where that would not do now. */
  call(method: DebuggeeMethod, force: boolean, ...given: unknown[]): unknown {
    if (isCompilerInUse() && !force) {
      return BUSY;
    }
    const part = [this, this.texts, this.values].find((one) => method in one) ?? this;
    return usingCompiler(() =>
      Reflect.apply(Reflect.get(part, method) as () => unknown, part, given),
    );
  }

  /** Is called when a file has been compiled: breakpoints have to be there before it runs. */
  compiled(file: string): void {
    if (this.debugging && this.watched.has(this.texts.pathOf(file))) {
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
      this.values.release();
    }
  }

  /** Which texts have breakpoints. */
  watch(paths: string[]): void {
    this.watched = new Set(paths);
  }

  /** The path of the text that is announced. */
  announcement(): { path: string; url: string } | undefined {
    const file = this.announced;
    return file === undefined
      ? undefined
      : { path: this.texts.pathOf(file), url: pathToFileURL(file).href };
  }

  /** JavaScript for what somebody typed, to be evaluated in a frame with these variables. */
  expression(code: string, url: string | undefined, locals: string[]): string {
    const file = this.texts.knownFile(url);
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
    const file = this.texts.knownFile(place.url);
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

  private get debug(): DebugSession {
    this.known ??= this.session().debug();
    return this.known;
  }
}
