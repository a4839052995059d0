export { type CellDiagnostic, TypeScriptError } from "./session/compile/diagnostics";
export type { CellRuntime } from "./session/run/runtime";
export { type CellResult, Session, type SessionSettings } from "./session/session";
