/** What a debugger can do, for front ends. */
export const CAPABILITIES = {
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
export const FILTERS: Record<string, ("caught" | "uncaught")[]> = {
  caught: ["caught"],
  uncaught: ["uncaught"],
  raised: ["caught", "uncaught"],
  all: ["caught", "uncaught"],
  userUnhandled: ["uncaught"],
};

/** Requests that need no debugger to have been started. */
export const ALWAYS = new Set([
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
