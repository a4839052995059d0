import { Breakpoints } from "./breakpoints";
import { CELL_FILES, cellPath } from "./cellFiles";
import type { Frame } from "./frames";
import { Inspector } from "./inspector";
import type { BreakpointOptions, DebugEvent, DebugRequest, Variable } from "./messages";
import { Pauses, type Step, THREAD } from "./pauses";
import { Scopes } from "./scopes";

/** What a debugger can do, for front ends. */
const CAPABILITIES = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsEvaluateForHovers: true,
  supportsSetVariable: true,
  supportsExceptionInfoRequest: true,
  supportsTerminateRequest: true,
  supportsModulesRequest: true,
  supportsDelayedStackTraceLoading: true,
  supportTerminateDebuggee: false,
  exceptionBreakpointFilters: [
    { filter: "caught", label: "Caught Exceptions", default: false },
    { filter: "uncaught", label: "Uncaught Exceptions", default: false },
  ],
};

/** What those who know Python's filters mean. */
const FILTERS: Record<string, ("caught" | "uncaught")[]> = {
  caught: ["caught"],
  uncaught: ["uncaught"],
  raised: ["caught", "uncaught"],
  all: ["caught", "uncaught"],
  userUnhandled: ["uncaught"],
};

/** Requests that need no debugger to have been started. */
const ALWAYS = new Set([
  "debugInfo",
  "initialize",
  "dumpCell",
  "source",
  "inspectVariables",
  "richInspectVariables",
  "copyToGlobals",
  "variables",
  "evaluate",
  "modules",
  "threads",
  "disconnect",
]);

type Arguments = Record<string, unknown>;

/**
 * The debugger as front ends know it: the Debug Adapter Protocol with Jupyter's additions
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#debug-request), by V8's inspector
 * of the main thread. It lives in the front's thread, which is never paused.
 */
export class DebugAdapter {
  private readonly inspector: Inspector;
  private readonly breakpoints: Breakpoints;
  private readonly pauses: Pauses;
  private readonly scopes: Scopes;
  private readonly dumped = new Map<string, string>();
  private isStarted = false;
  /** JupyterLab's list of variables shows types in the place of values. */
  private isJupyterLab = false;
  private inspecting: Promise<object> | undefined;

  /**
   * @param send publishes an event
   * @param interrupt stops what runs, as the front end's Stop does
   */
  constructor(
    shared: Int32Array,
    private readonly send: (event: DebugEvent) => void,
    private readonly interrupt: () => void,
  ) {
    this.inspector = new Inspector(shared, {
      paused: (pause) => void this.pauses.paused(pause),
      resumed: () => this.pauses.resumed(),
      parsed: ({ id, url }) => void this.hideHead(id, url),
    });
    this.scopes = new Scopes(this.inspector);
    this.breakpoints = new Breakpoints(this.inspector, (path) => this.textOf(path), send);
    this.pauses = new Pauses(this.inspector, this.breakpoints, send, () => this.scopes.clear());
  }

  /** Answers a debug_request. */
  async request(content: Record<string, unknown>): Promise<object> {
    const { seq, command } = content as unknown as DebugRequest;
    const reply = { type: "response", request_seq: seq, command };
    const handler = this.handlers[command];
    try {
      if (!handler) {
        throw new Error(`This debugger knows no request ${command}.`);
      }
      if (!this.isStarted && !ALWAYS.has(command)) {
        throw new Error("The debugger is not running: send initialize and attach before.");
      }
      const body = await handler.call(this, (content.arguments ?? {}) as Arguments);
      return { ...reply, success: true, body };
    } catch (error) {
      return { ...reply, success: false, message: (error as Error).message, body: {} };
    }
  }

  /** Lets paused code go on, since it is about to be stopped. */
  async release(): Promise<void> {
    if (this.inspector.isFollowing) {
      await this.pauses.release();
    }
  }

  /** The main thread has taken a Stop. */
  async interrupted(): Promise<void> {
    if (this.inspector.isFollowing) {
      await this.pauses.rearm();
    }
  }

  cellEnded(): void {
    this.pauses.cellEnded();
  }

  /** What a breakpoint wrote. */
  logged(id: number, text: string): void {
    const breakpoint = this.breakpoints.find(id);
    const source = breakpoint && { source: { path: breakpoint.path }, line: breakpoint.line };
    this.send({ event: "output", body: { category: "console", output: `${text}\n`, ...source } });
  }

  /** The kernel ends: nothing may wait for the inspector. */
  end(): void {
    this.inspector.disconnect();
  }

  private readonly handlers: Record<string, (given: Arguments) => unknown> = {
    initialize: this.initialize,
    attach: this.attach,
    debugInfo: this.debugInfo,
    dumpCell: ({ code }) => {
      const path = cellPath(String(code));
      this.dumped.set(path, String(code));
      return { sourcePath: path };
    },
    source: this.source,
    setBreakpoints: async ({ source, breakpoints, lines }) => {
      const { path = "" } = (source ?? {}) as { path?: string };
      const given = (breakpoints ??
        (lines as number[] | undefined)?.map((line) => ({ line })) ??
        []) as BreakpointOptions[];
      return { breakpoints: await this.breakpoints.set(path, given) };
    },
    setExceptionBreakpoints: async ({ filters }) => {
      const chosen = new Set(((filters ?? []) as string[]).flatMap((one) => FILTERS[one] ?? []));
      await this.pauses.setExceptions({
        caught: chosen.has("caught"),
        uncaught: chosen.has("uncaught"),
      });
      return { breakpoints: ((filters ?? []) as string[]).map(() => ({ verified: true })) };
    },
    configurationDone: () => ({}),
    threads: () => ({ threads: [{ id: THREAD, name: "cells" }] }),
    stackTrace: this.stackTrace,
    scopes: ({ frameId }) => ({ scopes: this.scopes.of(this.frame(frameId)) }),
    variables: async ({ variablesReference, start, count }) => {
      const options = { start: start as number | undefined, count: count as number | undefined };
      const found = await this.scopes.variables(Number(variablesReference), options);
      return { variables: this.asShown(found) };
    },
    evaluate: this.evaluate,
    setVariable: async ({ variablesReference, name, value }) => {
      const frame = this.pauses.stop?.frames[0];
      const reference = Number(variablesReference);
      const set = await this.scopes.set(reference, String(name), String(value), frame);
      return { value: set.value, type: set.type, variablesReference: set.variablesReference };
    },
    next: () => this.step("stepOver"),
    stepIn: () => this.step("stepInto"),
    stepOut: () => this.step("stepOut"),
    continue: async () => {
      await this.step("resume");
      return { allThreadsContinued: true };
    },
    pause: async () => {
      await this.pauses.pause();
      return {};
    },
    exceptionInfo: () => {
      const exception = this.pauses.stop?.exception;
      if (!exception) {
        throw new Error("The code has not stopped at an exception.");
      }
      return {
        exceptionId: /^[\w$]+/.exec(exception.text)?.[0] ?? "Error",
        description: exception.text,
        breakMode: exception.caught ? "always" : "unhandled",
      };
    },
    inspectVariables: this.inspectVariables,
    richInspectVariables: this.richInspectVariables,
    copyToGlobals: this.copyToGlobals,
    modules: this.modules,
    terminate: async () => {
      await this.stop();
      this.interrupt();
      this.send({ event: "terminated", body: {} });
      return {};
    },
    disconnect: async () => {
      await this.stop();
      return {};
    },
  };

  private async initialize({ clientID }: Arguments): Promise<object> {
    this.isJupyterLab = clientID === "jupyterlab";
    await this.inspector.follow();
    this.isStarted = true;
    return CAPABILITIES;
  }

  private async attach({ justMyCode }: Arguments): Promise<object> {
    await this.inspector.hide(justMyCode !== false);
    setImmediate(() => {
      this.send({ event: "initialized", body: {} });
      this.send({ event: "thread", body: { reason: "started", threadId: THREAD } });
    });
    return {};
  }

  private debugInfo(): object {
    return {
      isStarted: this.isStarted,
      hashMethod: "Murmur2",
      hashSeed: CELL_FILES.seed,
      tmpFilePrefix: CELL_FILES.prefix,
      tmpFileSuffix: CELL_FILES.suffix,
      breakpoints: this.breakpoints.list(),
      stoppedThreads: this.pauses.stop ? [THREAD] : [],
      richRendering: true,
      exceptionPaths: ["Exceptions"],
      copyToGlobals: true,
    };
  }

  private async source({ source, path }: Arguments): Promise<object> {
    const asked = String((source as { path?: string } | undefined)?.path ?? path ?? "");
    const content = await this.textOf(asked);
    if (content === undefined) {
      throw new Error(`There is no source ${asked}.`);
    }
    return { content, mimeType: "text/typescript" };
  }

  private stackTrace({ startFrame, levels }: Arguments): object {
    const frames = this.pauses.stop?.frames ?? [];
    const start = Number(startFrame ?? 0);
    const end = levels ? start + Number(levels) : frames.length;
    const stackFrames = frames.slice(start, end).map(({ name, place }, at) => ({
      id: start + at + 1,
      name,
      source: place.source,
      line: place.line,
      column: place.column,
      ...(place.kind === "package" ? { presentationHint: "subtle" } : {}),
    }));
    return { stackFrames, totalFrames: frames.length };
  }

  private async evaluate({ expression, frameId, context }: Arguments): Promise<object> {
    const frame = frameId === undefined || frameId === null ? undefined : this.frame(frameId);
    const code = String(expression);
    const value = await this.scopes.evaluate(code, frame, { pure: context === "hover" });
    const shown = await this.inspector.call<Variable>("describe", code, value, `(${code})`);
    return {
      result: shown.value,
      type: shown.type,
      variablesReference: shown.variablesReference,
      ...(shown.indexedVariables === undefined ? {} : { indexedVariables: shown.indexedVariables }),
    };
  }

  /** JupyterLab asks at each output of a cell: whoever asks while an answer is made gets that one. */
  private async inspectVariables(): Promise<object> {
    this.inspecting ??= this.inspectAll().finally(() => {
      this.inspecting = undefined;
    });
    return await this.inspecting;
  }

  private async inspectAll(): Promise<object> {
    if (!this.pauses.stop) {
      await this.inspector.call("release");
    }
    return { variables: this.asShown(await this.inspector.call<Variable[]>("globals", true)) };
  }

  private async richInspectVariables({ variableName, frameId }: Arguments): Promise<object> {
    const name = String(variableName);
    if (!isIdentifier(name)) {
      throw new Error(`${name} is no name of a variable.`);
    }
    const frame = this.pauses.stop && frameId !== undefined ? this.frame(frameId) : undefined;
    const value = await this.scopes.evaluate(name, frame);
    return { data: await this.inspector.call("rich", value), metadata: {} };
  }

  private async copyToGlobals(given: Arguments): Promise<object> {
    const { srcVariableName: source, dstVariableName: target, srcFrameId } = given;
    if (!isIdentifier(source) || !isIdentifier(target)) {
      throw new Error("srcVariableName and dstVariableName must be names of variables.");
    }
    const frame = srcFrameId === undefined ? undefined : this.frame(srcFrameId);
    const value = await this.scopes.evaluate(source, frame);
    const copy = await this.inspector.call<Variable>("copy", target, value, source);
    return { value: copy.value, type: copy.type, variablesReference: copy.variablesReference };
  }

  private async modules({ startModule, moduleCount }: Arguments): Promise<object> {
    const all = await this.inspector.call<{ name: string; path: string }[]>("modules");
    const start = Number(startModule ?? 0);
    const end = moduleCount ? start + Number(moduleCount) : all.length;
    const modules = all.map(({ name, path }, id) => ({ id, name, path, isUserCode: true }));
    return { modules: modules.slice(start, end), totalModules: all.length };
  }

  private async step(step: Step): Promise<object> {
    await this.pauses.go(step);
    return {};
  }

  private async stop(): Promise<void> {
    this.isStarted = false;
    this.pauses.clear();
    this.scopes.clear();
    await this.breakpoints.clear();
    await this.inspector.close();
  }

  private frame(id: unknown): Frame {
    const frame = this.pauses.stop?.frames[Number(id) - 1];
    if (!frame) {
      throw new Error(
        this.pauses.stop ? `There is no frame ${id}.` : "The code runs: it has no frames now.",
      );
    }
    return frame;
  }

  private async textOf(path: string): Promise<string | undefined> {
    return this.dumped.get(path) ?? (await this.inspector.call<string | undefined>("textOf", path));
  }

  /** What the kernel puts in front of a cell is stepped over. */
  private async hideHead(scriptId: string, url: string): Promise<void> {
    if (!this.inspector.isFollowing || !url.startsWith("file:") || url.includes("/node_modules/")) {
      return;
    }
    try {
      const end = await this.inspector.call<{ line: number; column: number } | null>(
        "headEnd",
        url,
      );
      if (end) {
        await this.inspector.post("Debugger.setBlackboxedRanges", {
          scriptId,
          positions: [
            { lineNumber: 1, columnNumber: 0 },
            { lineNumber: end.line, columnNumber: end.column },
          ],
        });
      }
    } catch {
      // The debugger was closed meanwhile.
    }
  }

  /**
   * JupyterLab's tree of variables shows a type or, where there is none, a value, and never both: it
   * gets both as the type.
   */
  private asShown(variables: Variable[]): Variable[] {
    return this.isJupyterLab
      ? variables.map((one) => ({
          ...one,
          type: one.type ? `${one.type} = ${one.value}` : one.value,
        }))
      : variables;
  }
}

function isIdentifier(name: unknown): name is string {
  return typeof name === "string" && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}
