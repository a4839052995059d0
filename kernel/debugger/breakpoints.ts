import type { Debugger } from "node:inspector";
import { isDeepStrictEqual } from "node:util";
import type { Inspector } from "./inspector";
import { LogPoints } from "./logPoints";
import type { BreakpointOptions, DebugEvent } from "./messages";
import { findStops, type PossibleStop } from "./possibleStops";

/** A breakpoint in one of the user's texts. */
interface Breakpoint {
  id: number;
  options: BreakpointOptions;
  path: string;
  /** Where it is, as far as that is known. */
  line: number;
  column?: number;
  verified: boolean;
  message?: string;
  /** What it is in V8: one for each time that the text was run. */
  placed: Map<string, string>;
}

/**
 * The breakpoints by the texts that they are in. A text may not have run yet, or several times: as a
 * cell that was run again, whose earlier functions may still be in use.
 */
export class Breakpoints {
  private readonly byPath = new Map<string, Breakpoint[]>();
  private readonly byId = new Map<string, Breakpoint>();
  private count = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly inspector: Inspector,
    /** The text that a path stands for: one that was dumped before it runs, or one that runs. */
    private readonly textOf: (path: string) => Promise<string | undefined>,
    private readonly send: (event: DebugEvent) => void,
  ) {}

  /** The breakpoints, for front ends that come later. */
  list(): { source: string; breakpoints: object[] }[] {
    return [...this.byPath].map(([source, breakpoints]) => ({
      source,
      breakpoints: breakpoints.map(({ line, options }) => ({ ...options, line })),
    }));
  }

  /**
   * Puts breakpoints in the place of those that a text had. Those that are wanted again stay as they
   * are, with their counts of hits: JupyterLab sets a text's breakpoints whenever a tab is shown, and
   * code that runs meanwhile has to stop.
   */
  set(path: string, wanted: readonly BreakpointOptions[]): Promise<object[]> {
    return this.inTurn(() => this.replace(path, wanted));
  }

  /** Puts the breakpoints of a text into what is about to run. */
  arrive(path: string, url: string): Promise<void> {
    return this.inTurn(() => this.enter(path, url));
  }

  /** One at a time: what two requests made of one text's breakpoints would be neither's. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => {});
    return result;
  }

  private async replace(path: string, wanted: readonly BreakpointOptions[]): Promise<object[]> {
    const old = new Set(this.byPath.get(path));
    const kept = wanted.map((options) => {
      const same = [...old].find((one) => isDeepStrictEqual(one.options, options));
      if (same) {
        old.delete(same);
      }
      return same;
    });
    for (const one of old) {
      await this.remove(one);
    }
    const lines = await this.linesOf(path);
    const breakpoints = wanted.map((options, at) =>
      kept[at]?.verified ? kept[at] : this.create(path, options, lines),
    );
    if (breakpoints.length > 0) {
      this.byPath.set(path, breakpoints);
    } else {
      this.byPath.delete(path);
    }
    await this.inspector.call("watch", [...this.byPath.keys()]);
    if (breakpoints.length > 0) {
      for (const url of await this.inspector.call<string[]>("urlsOf", path)) {
        await this.place(breakpoints, url);
      }
    }
    return breakpoints.map(asReply);
  }

  private async enter(path: string, url: string): Promise<void> {
    const breakpoints = this.byPath.get(path) ?? [];
    const before = breakpoints.map(asReply).map((one) => JSON.stringify(one));
    await this.place(breakpoints, url);
    breakpoints.forEach((breakpoint, at) => {
      const breakpointNow = asReply(breakpoint);
      if (JSON.stringify(breakpointNow) !== before[at]) {
        this.send({ event: "breakpoint", body: { reason: "changed", breakpoint: breakpointNow } });
      }
    });
  }

  /** The numbers by which front ends know breakpoints of V8's. */
  idsOf(hit: readonly string[]): number[] {
    return [...new Set(hit.flatMap((id) => this.byId.get(id)?.id ?? []))];
  }

  /** Which breakpoint has a number, for what it writes. */
  find(id: number): { path: string; line: number } | undefined {
    return [...this.byPath.values()].flat().find((breakpoint) => breakpoint.id === id);
  }

  /** Takes them all away. */
  clear(): Promise<void> {
    return this.inTurn(async () => {
      const all = [...this.byPath.values()].flat();
      this.byPath.clear();
      for (const breakpoint of all) {
        await this.remove(breakpoint);
      }
      this.byId.clear();
    });
  }

  private create(
    path: string,
    options: BreakpointOptions,
    lines: number[] | undefined,
  ): Breakpoint {
    const breakpoint: Breakpoint = {
      id: ++this.count,
      options,
      path,
      line: options.line,
      verified: true,
      placed: new Map(),
    };
    const line = lines?.find((one) => one >= options.line);
    if (line !== undefined) {
      breakpoint.line = line;
    } else {
      breakpoint.verified = false;
      breakpoint.message = lines
        ? `Nothing below line ${options.line} runs.`
        : `There is no text ${path}: run the cell, or give its text by dumpCell.`;
    }
    const { hitCondition } = options;
    if (hitCondition && !LogPoints.isHitCondition(hitCondition)) {
      breakpoint.verified = false;
      breakpoint.message =
        `${hitCondition} is no count of hits: write a number, or one behind >=, >, <, <=, == or ` +
        "% (each so many times).";
    }
    return breakpoint;
  }

  private async place(breakpoints: readonly Breakpoint[], url: string): Promise<void> {
    for (const script of this.inspector.scriptsOf(url)) {
      const stops = await findStops(this.inspector, script, url);
      for (const breakpoint of breakpoints) {
        if (!breakpoint.placed.has(script)) {
          await this.placeIn(script, breakpoint, stops);
        }
      }
    }
  }

  private async placeIn(
    script: string,
    breakpoint: Breakpoint,
    stops: readonly PossibleStop[],
  ): Promise<void> {
    const { line, column = 1 } = breakpoint.options;
    const below = stops.filter(
      ({ place }) => place.line > line || (place.line === line && place.column >= column),
    );
    const [chosen] = below.length > 0 ? below : [];
    if (!chosen || breakpoint.message?.includes("is no count")) {
      return;
    }
    const { running, place } = chosen;
    const { condition, hitCondition, logMessage } = breakpoint.options;
    try {
      const { breakpointId } = await this.inspector.post<Debugger.SetBreakpointReturnType>(
        "Debugger.setBreakpoint",
        {
          location: { scriptId: script, lineNumber: running.line, columnNumber: running.column },
          ...(condition || hitCondition || logMessage
            ? {
                condition: await this.inspector.call<string>("condition", breakpoint.id, running, {
                  condition,
                  hitCondition,
                  logMessage,
                }),
              }
            : {}),
        },
      );
      breakpoint.placed.set(script, breakpointId);
      this.byId.set(breakpointId, breakpoint);
      breakpoint.line = place.line;
      breakpoint.column = place.column;
      breakpoint.verified = true;
      breakpoint.message = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (/already exists/.test(message)) {
        // Another breakpoint of the same line.
        return;
      }
      breakpoint.verified = false;
      breakpoint.message = message;
    }
  }

  private async remove({ placed }: Breakpoint): Promise<void> {
    for (const breakpointId of placed.values()) {
      this.byId.delete(breakpointId);
      await this.inspector.post("Debugger.removeBreakpoint", { breakpointId }).catch(() => {});
    }
    placed.clear();
  }

  private async linesOf(path: string): Promise<number[] | undefined> {
    const text = await this.textOf(path);
    return text === undefined ? undefined : await this.inspector.call<number[]>("codeLines", text);
  }
}

function asReply({ id, line, column, verified, message, path }: Breakpoint): object {
  return {
    id,
    verified,
    line,
    ...(column === undefined ? {} : { column }),
    ...(message === undefined ? {} : { message }),
    source: { path },
  };
}
