export { type CellDiagnostic, TypeScriptError } from "./session/diagnostics";
export type { CellRuntime } from "./session/runtime";
export { type CellResult, Session, type SessionSettings } from "./session/session";
