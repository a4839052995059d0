import type { Session } from "../session/session";
import { type CellContext, type Contexts, isSpread } from "./contexts";
import { describeError, KeyboardInterrupt, ProcessExitError } from "./errors";
import type { Link } from "./link";

/**
 * Charges what nobody catches to the cell that made it: rejections without a handler, throws in
 * timers and events, calls of process.exit. A running cell fails with it; for one that has ended
 * the error is shown beneath it. The kernel goes on.
 */
export function installFailures(
  link: Link,
  contexts: Contexts,
  loaded: () => Session | undefined,
): { fail: (error: unknown) => void } {
  const charge = (context: CellContext | undefined, error: unknown) => {
    if (error instanceof KeyboardInterrupt || context?.stopped || isSpread(error)) {
      return;
    }
    if (context && !context.finished) {
      context.fail(error);
      return;
    }
    const session = loaded();
    if (session) {
      link.publish("error", describeError(error, session), context);
    }
  };
  const fail = (error: unknown) => charge(contexts.current, error);
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  // It was reported when nobody had handled it; that a later cell does is no reason for a warning.
  process.on("rejectionHandled", () => {});
  // Sent by terminals to all that runs in them; Stop comes as a message.
  process.on("SIGINT", () => contexts.interrupt());

  const leave = (what: string) => {
    const error = new ProcessExitError(
      `${what} was called. It ends the cell; to end the kernel, shut it down from the notebook.`,
    );
    const context = contexts.current;
    if (context && !context.finished) {
      context.fail(error);
    }
    throw error;
  };
  process.exit = (code) => leave(`process.exit(${code ?? ""})`) as never;
  process.abort = () => leave("process.abort()") as never;
  return { fail };
}
