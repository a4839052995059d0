import { usingCompiler } from "../session/compile/compilerUse";
import type { Breakpoints } from "./breakpoints";
import { type Frame, readFrames } from "./frames";
import { OWN_CODE } from "./hiddenCode";
import type { Inspector, Paused } from "./inspector";
import { ANNOUNCEMENT, type DebugEvent } from "./messages";
import { readException, type Thrown } from "./thrown";

/** The one thread that there is. */
export const THREAD = 1;

/** How code goes on from a stop, as V8 calls it. */
export type Step = "stepOver" | "stepInto" | "stepOut" | "resume";

/** Steps that are taken in a row to get out of statements that nobody wrote. */
const LIMIT = 1000;

/** How long a pause may be in coming before it is asked for again, in milliseconds. */
const FIRST_PATIENCE = 20;
const LAST_PATIENCE = 1000;

/** Where code has stopped. */
export interface Stop {
  reason: string;
  frames: Frame[];
  exception?: Thrown;
}

/** Which of the errors that are thrown stop the code. */
export interface ExceptionFilters {
  caught: boolean;
  uncaught: boolean;
}

/**
 * Decides, of V8's pauses, which are stops for the user: not those at statements that the kernel has
 * put in, nor those for which it pauses itself.
 */
export class Pauses {
  stop: Stop | undefined;
  exceptions: ExceptionFilters = { caught: false, uncaught: false };
  /** The pause that lasts. */
  private current: Paused | undefined;
  private step: Step | undefined;
  private steps = 0;
  /** Where the step began. */
  private from: Frame | undefined;
  private pausing = false;

  constructor(
    private readonly inspector: Inspector,
    private readonly breakpoints: Breakpoints,
    private readonly send: (event: DebugEvent) => void,
    /** Is called when code goes on. */
    private readonly left: () => void,
  ) {}

  /** Pauses at the next statement of the user's. */
  async pause(): Promise<void> {
    if (!this.stop) {
      this.pausing = true;
      this.steps = 0;
      await this.insist(FIRST_PATIENCE);
    }
  }

  /** V8 forgets to pause where nothing but code that is stepped over is on the stack. */
  private async insist(patience: number): Promise<void> {
    if (this.pausing && this.inspector.isFollowing) {
      await this.inspector.post("Debugger.pause").catch(() => {});
      setTimeout(() => void this.insist(Math.min(2 * patience, LAST_PATIENCE)), patience);
    }
  }

  /** Goes on from a stop. */
  async go(step: Step): Promise<void> {
    if (!this.stop) {
      throw new Error("The code is not stopped.");
    }
    this.step = step === "resume" ? undefined : step;
    this.steps = 0;
    this.from = this.stop.frames[0];
    await this.inspector.post(`Debugger.${step}`);
  }

  /** Lets code go on whatever comes, until {@link rearm}: it is about to be ended. */
  async release(): Promise<void> {
    this.step = undefined;
    this.pausing = false;
    if (this.stop) {
      // At once, for the code may come to its end before a message can be taken.
      await this.inspector.call("interrupt").catch(() => {});
    }
    await this.inspector.post("Debugger.setSkipAllPauses", { skip: true }).catch(() => {});
    await this.inspector.post("Debugger.resume").catch(() => {
      // It is not paused.
    });
  }

  async rearm(): Promise<void> {
    await this.inspector.post("Debugger.setSkipAllPauses", { skip: false }).catch(() => {});
  }

  /** A cell has ended: a step that was on its way does not go on in the next. */
  cellEnded(): void {
    this.step = undefined;
  }

  async setExceptions(filters: ExceptionFilters): Promise<void> {
    this.exceptions = filters;
    const state = filters.caught || filters.uncaught ? "all" : "none";
    await this.inspector.post("Debugger.setPauseOnExceptions", { state });
  }

  /** V8 has paused. */
  async paused(pause: Paused): Promise<void> {
    this.current = pause;
    try {
      if (await this.isOwnPause(pause)) {
        return;
      }
      await this.decide(pause);
    } catch {
      // The code has gone on, or the inspector was closed meanwhile.
      if (this.inspector.isFollowing) {
        await this.inspector.post("Debugger.resume").catch(() => {});
      }
    }
  }

  /** V8 goes on. */
  resumed(): void {
    this.current = undefined;
    if (this.stop) {
      this.stop = undefined;
      this.left();
      this.send({
        event: "continued",
        body: { threadId: THREAD, allThreadsContinued: true },
      });
    }
  }

  /** Forgets all about it. */
  clear(): void {
    this.resumed();
    this.step = undefined;
    this.pausing = false;
    this.exceptions = { caught: false, uncaught: false };
  }

  /**
   * Is a pause one by which the kernel announces a file, so that its breakpoints can be put there, or
   * one in the debugger's own code or the compiler?
   */
  private async isOwnPause({ callFrames }: Paused): Promise<boolean> {
    const [top] = callFrames;
    // Whoever asked for a pause asks again (see insist): the compiler's steps lead nowhere soon.
    if (callFrames.some(({ functionName }) => functionName === usingCompiler.name)) {
      await this.inspector.post("Debugger.resume");
      return true;
    }
    if (callFrames.some(({ location }) => this.inspector.urlOf(location.scriptId) === OWN_CODE)) {
      await this.inspector.post("Debugger.resume");
      return true;
    }
    if (!top || this.inspector.urlOf(top.location.scriptId) !== ANNOUNCEMENT) {
      return false;
    }
    const file = await this.inspector.call<{ path: string; url: string } | null>("announcement");
    if (file) {
      await this.breakpoints.arrive(file.path, file.url);
    }
    // A step that led here goes on behind it.
    await this.inspector.post(this.step ? "Debugger.stepOut" : "Debugger.resume");
    return true;
  }

  private async decide(pause: Paused): Promise<void> {
    const { inspector, step } = this;
    const hit = this.breakpoints.idsOf(pause.hitBreakpoints ?? []);
    const isError = pause.reason === "exception" || pause.reason === "promiseRejection";
    const frames = await readFrames(inspector, pause);
    const isHere = frames.length > 0 && frames[0].call === pause.callFrames[0];
    if (isError) {
      const exception = await readException(inspector, pause, frames);
      const { caught, uncaught } = this.exceptions;
      if (frames.length === 0 || !(exception.caught ? caught : uncaught)) {
        await inspector.post(step ? `Debugger.${step}` : "Debugger.resume");
        return;
      }
      const reason = exception.caught ? "caught" : "uncaught";
      this.halt(pause, { reason: "exception", frames, exception }, `Paused on ${reason} exception`);
      return;
    }
    if (hit.length === 0 && !isHere) {
      await this.goOn();
      return;
    }
    if (hit.length === 0 && step && this.isSameStatement(frames[0], step) && this.steps++ < LIMIT) {
      await inspector.post(`Debugger.${step}`);
      return;
    }
    const reason =
      hit.length > 0 ? "breakpoint" : step ? "step" : this.pausing ? "pause" : "breakpoint";
    this.halt(pause, { reason, frames }, undefined, hit);
  }

  /** Goes on from a statement that nobody wrote, to the next of the user's if one was asked for. */
  private async goOn(): Promise<void> {
    const { step, pausing } = this;
    const further = this.steps++ < LIMIT && (step || pausing);
    await this.inspector.post(`Debugger.${further ? (step ?? "stepInto") : "resume"}`);
  }

  /** Has a step only come further in the statement that it began in? V8 stops at each call, too. */
  private isSameStatement({ place, call, url, running }: Frame, step: Step): boolean {
    const { from } = this;
    const [before, now] = [from?.call?.functionLocation, call?.functionLocation];
    return (
      step !== "stepOut" &&
      from?.url === url &&
      before?.lineNumber === now?.lineNumber &&
      before?.columnNumber === now?.columnNumber &&
      place.statement !== undefined &&
      from.place.statement === place.statement &&
      (running.line > from.running.line ||
        (running.line === from.running.line && running.column > from.running.column))
    );
  }

  private halt(pause: Paused, stop: Stop, description?: string, hit: number[] = []): void {
    if (this.current !== pause) {
      // Somebody has let it go on meanwhile.
      return;
    }
    this.step = undefined;
    this.pausing = false;
    this.stop = stop;
    this.send({
      event: "stopped",
      body: {
        reason: stop.reason,
        threadId: THREAD,
        allThreadsStopped: true,
        preserveFocusHint: false,
        ...(hit.length > 0 ? { hitBreakpointIds: hit } : {}),
        ...(description ? { description } : {}),
        ...(stop.exception ? { text: stop.exception.text } : {}),
      },
    });
  }
}
