import { Breakpoints } from "./breakpoints";
import { ALWAYS, CAPABILITIES, FILTERS } from "./capabilities";
import { CELL_FILES, cellPath } from "./cellFiles";
import { Inspector } from "./inspector";
import type { Arguments, BreakpointOptions, DebugEvent, DebugRequest } from "./messages";
import { Pauses, type Step, THREAD } from "./pauses";
import { Scopes } from "./scopes";
import { VariableRequests } from "./variableRequests";

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
  private readonly looking: VariableRequests;
  private readonly dumped = new Map<string, string>();
  private isStarted = false;

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
    this.looking = new VariableRequests(this.inspector, this.scopes, () => this.pauses.stop);
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
    scopes: (given) => this.looking.scopesOf(given),
    variables: (given) => this.looking.variables(given),
    evaluate: (given) => this.looking.evaluate(given),
    setVariable: (given) => this.looking.setVariable(given),
    inspectVariables: () => this.looking.inspectVariables(),
    richInspectVariables: (given) => this.looking.richInspectVariables(given),
    copyToGlobals: (given) => this.looking.copyToGlobals(given),
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
    this.looking.isJupyterLab = clientID === "jupyterlab";
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
}
