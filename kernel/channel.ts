/**
 * What the two threads of a kernel say to each other: the main thread, which runs the user's code,
 * and the front, a worker that owns the sockets and so answers while that code keeps the main
 * thread busy.
 */
import type { MessagePort } from "node:worker_threads";

/** A MIME bundle, as display messages carry it. */
export type MimeBundle = Record<string, unknown>;

/** How a cell ended. */
export type Outcome =
  | {
      status: "ok";
      result?: { data: MimeBundle; metadata: MimeBundle };
      userExpressions: Record<string, unknown>;
      /** What the front end is asked to do besides: to show a page of help. */
      payload?: object[];
    }
  | { status: "error"; error: ErrorContent };

/** An error as Jupyter tells it. */
export interface ErrorContent {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** A cell to run, from the front. */
export interface ExecuteRequest {
  type: "execute";
  /** The request's msg_id, by which outputs name the cell they belong to. */
  id: string;
  code: string;
  /** The front end's id of the notebook's cell, which stays when it is run again; not all give one. */
  notebookCell?: string;
  /** The execution count; the cell is called by it in stack traces. */
  count: number;
  silent: boolean;
  /** Does it run in a subshell, beside the main shell's cells? */
  aside: boolean;
  storeHistory: boolean;
  allowStdin: boolean;
  userExpressions: Record<string, string>;
}

export type ToMain =
  | ExecuteRequest
  | {
      type: "ask";
      id: string;
      kind: "complete_request" | "inspect_request" | "is_complete_request";
      content: { code: string; cursor_pos?: number };
    }
  | { type: "interrupt"; round: number }
  | { type: "comm"; id: string; kind: CommKind; content: CommContent; buffers: Uint8Array[] }
  | { type: "shutdown" };

export type CommKind = "comm_open" | "comm_msg" | "comm_close";

export interface CommContent {
  comm_id: string;
  target_name?: string;
  data?: unknown;
}

export type ToFront =
  | { type: "stream"; name: "stdout" | "stderr"; text: string; cell: string | undefined }
  | {
      type: "publish";
      kind: "display_data" | "update_display_data" | "clear_output" | "error" | CommKind;
      content: object;
      metadata?: object;
      buffers?: Uint8Array[];
      cell: string | undefined;
    }
  | { type: "started"; id: string }
  | { type: "done"; id: string; outcome: Outcome }
  | { type: "reply"; id: string; content: object }
  | { type: "served"; id: string }
  | { type: "input"; id: number; prompt: string; password: boolean; cell: string | undefined }
  | { type: "comms"; comms: Record<string, { target_name: string }> }
  | { type: "interrupted"; round: number; cells: string[] }
  /** What a breakpoint of the debugger wrote. */
  | { type: "logged"; breakpoint: number; text: string };

/** Descriptors of the process (see process/nativeOutput.ts). */
export interface NativeDescriptors {
  /** To read what is written to descriptor 1. */
  stdout: number;
  /** To read what is written to descriptor 2. */
  stderr: number;
  /** To write to what was descriptor 2 when the kernel was started. */
  terminal: number;
}

/** What the front is started with. */
export interface FrontData {
  /** Where answers to questions of the main thread go. */
  answers: MessagePort;
  /** Where to read what is written to the process's own standard output and error. */
  nativeOutput: NativeDescriptors | undefined;
  connection: ConnectionInfo;
  shared: SharedArrayBuffer;
  languageVersion: string;
  kernelVersion: string;
  /** Where histories of sessions are kept; undefined where none are. */
  historyFolder: string | undefined;
}

/** A connection file. */
export interface ConnectionInfo {
  transport: string;
  ip: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
  key: string;
  signature_scheme: string;
  /** The kernel's keys for CurveZMQ, in Z85, where Jupyter wants the sockets encrypted. */
  curve_publickey?: string;
  curve_secretkey?: string;
}

/** The cells of the Int32Array that both threads see. */
export const SHARED = {
  /** Not 0: loops in cells are to end (see session/compile/instrument.ts). */
  stop: 0,
  /** What the main thread is at: one of {@link PHASE}. */
  phase: 1,
  /** Whether, and why, code that runs after an await must not be terminated: see {@link FRAGILE}. */
  fragile: 2,
  /** Which synchronous question has been answered. */
  input: 3,
  /** Characters of output that the front has yet to take. */
  backlog: 4,
  length: 8,
} as const;

/** What has Node abort when code is terminated that runs after an await; bits. */
export const FRAGILE = {
  /** The user's code, or node:test for it, has asynchronous hooks (see process/hooks.ts). */
  hooks: 1,
  /** The debugger follows asynchronous calls by such hooks (see debugger/inspector.ts). */
  debugger: 2,
  /** AsyncLocalStorage is in use; until Node 24 it was made of such hooks. */
  storage: 4,
} as const;

/** Does Node follow AsyncLocalStorage and the debugger's asynchronous calls without hooks? */
export function followsWithoutHooks(): boolean {
  return Number(process.versions.node.split(".")[0]) >= 24;
}

export const PHASE = {
  /** Waiting, or running continuations, timers and events of cells. */
  open: 0,
  /** In the compiler, which must not be terminated. */
  compiler: 1,
  /** Running the part of a cell before its first await. */
  synchronous: 2,
  /** Within an AsyncResource: every version of Node aborts when code is terminated there. */
  scope: 3,
} as const;

/** The comm by which a front end hears which cells are stale (see process/staleMarks.ts). */
export const STALE_CELLS = "karenina.cells.stale";
