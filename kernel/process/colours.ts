import { ChildProcess } from "node:child_process";

/**
 * The variable by which libraries are asked for colours that find no terminal, and the value by
 * which we know it for ours. Libraries take it for 16 colours, as Node does.
 */
const VARIABLE = "FORCE_COLOR";
const OURS = "true";

/** Variables by which somebody has decided about colours already. */
const DECIDED = [VARIABLE, "NO_COLOR", "NODE_DISABLE_COLORS"];

type Environment = Record<string, string | undefined>;

/**
 * Has libraries write in colours (chalk, picocolors, `styleText` of node:util and their like): front
 * ends show them. Nobody is to meet colours who does not ask for them: the console, which in Node
 * heeds the same variable, goes on writing values plainly, and child processes, whose output may be
 * read by code, do not inherit it.
 */
export function offerColours(environment: Environment = process.env): void {
  if (DECIDED.some((name) => environment[name] !== undefined)) {
    return;
  }
  environment[VARIABLE] = OURS;
  const mode = Object.getOwnPropertySymbols(console).find(
    ({ description }) => description === "kColorMode",
  );
  if (mode) {
    Reflect.set(console, mode, false);
  }
  keepFromChildren();
}

/** A child's environment without our offer. */
export function withoutOffer<T extends { env?: Environment } | undefined>(options: T): T {
  const { [VARIABLE]: value, ...env } = options?.env ?? process.env;
  return value === OURS ? ({ ...options, env } as T) : options;
}

/** All that start child processes without waiting for them do so by this method. */
function keepFromChildren(): void {
  const prototype = ChildProcess.prototype as unknown as {
    spawn: (options: { envPairs?: string[] }) => unknown;
  };
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const envPairs = options.envPairs?.filter((pair) => pair !== `${VARIABLE}=${OURS}`);
    return Reflect.apply(spawn, this, [envPairs ? { ...options, envPairs } : options]);
  };
}
