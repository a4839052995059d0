import type { SessionHost } from "../host";
import type { CellRuntime } from "./runtime";

/** A line for the shell ended with another number than 0. */
export class CommandError extends Error {
  override readonly name = "CommandError";

  constructor(
    readonly command: string,
    /** Undefined where a signal ended it. */
    readonly exitCode: number | undefined,
    readonly signal: string | undefined,
  ) {
    super(
      exitCode === undefined
        ? `${command} was ended by ${signal}.`
        : `${command} ended with exit code ${exitCode}${exitCode === NOT_FOUND ? ": is it installed?" : "."}`,
    );
  }
}

/** What a shell ends with that does not know a command. */
const NOT_FOUND = 127;

/**
 * Runs a line for the shell, until it has ended.
 *
 * @throws CommandError where it fails, and why the cell was stopped, if it was
 */
export async function runCommand(
  host: SessionHost,
  command: string,
  runtime: CellRuntime,
): Promise<void> {
  const call = new Error();
  const { ended, stop } = host.startCommand(command);
  const stopped = new Promise<never>((_, reject) => {
    const forget = runtime.track((reason) => {
      stop();
      reject(reason);
    });
    ended.then(forget, forget);
  });
  const { code, signal } = await Promise.race([ended, stopped]);
  if (code !== 0) {
    const error = new CommandError(command, code, signal);
    // The place in the cell, which an error that is made behind an await does not know.
    const places = /\n {4}at .*$/s.exec(call.stack ?? "");
    error.stack = `${error.name}: ${error.message}${places?.[0] ?? ""}`;
    throw error;
  }
}
