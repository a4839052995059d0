/** What a request is given. */
export type Arguments = Record<string, unknown>;

/** Messages of the Debug Adapter Protocol: https://microsoft.github.io/debug-adapter-protocol */
export interface DebugRequest {
  seq: number;
  type: "request";
  command: string;
  arguments: Arguments;
}

export interface DebugEvent {
  event: string;
  body: object;
}

/** A variable, as the protocol has it. */
export interface Variable {
  name: string;
  value: string;
  type: string;
  variablesReference: number;
  evaluateName?: string;
  indexedVariables?: number;
  namedVariables?: number;
  presentationHint?: { attributes?: string[]; kind?: string };
}

/** A text that code runs from. */
export interface DebugSource {
  name: string;
  path: string;
}

/** A place in one of the user's texts, or in a package; lines and columns from 1. */
export interface Place {
  source: DebugSource;
  line: number;
  column: number;
  kind: "cell" | "module" | "package";
  /** Where in the text its statement begins, where that is known. */
  statement?: number;
  /** May code stop here? Not at statements that the kernel has put in. */
  stops: boolean;
}

/** A place in running code, as V8 counts: from 0. */
export interface RunningPlace {
  url: string;
  line: number;
  column: number;
}

/** A breakpoint as it was asked for. */
export interface BreakpointOptions {
  line: number;
  column?: number;
  condition?: string;
  hitCondition?: string;
  logMessage?: string;
}

/** The name under which the main thread's half of the debugger is found by the other one. */
export const DEBUGGEE = "karenina.debuggee";

/** JavaScript that gives it. */
export const DEBUGGEE_CODE = `globalThis[Symbol.for(${JSON.stringify(DEBUGGEE)})]`;

/** The script that pauses when a file has been compiled and has not begun to run. */
export const ANNOUNCEMENT = "karenina:announcement";

/** The answer of a main thread that is in the compiler, which must not be entered again. */
export const BUSY = "busy";
