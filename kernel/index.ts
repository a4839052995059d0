export { NodeSession as Session, nodeHost } from "./node/host";
export { type CellDiagnostic, TypeScriptError } from "./session/compile/diagnostics";
export type { SessionHost } from "./session/host";
export type { CellRuntime } from "./session/run/runtime";
export type { CellResult, SessionSettings } from "./session/session";
