import type { Session } from "../session/session";
import { type CellContext, type Contexts, isSpread } from "./contexts";
import { describeError, KeyboardInterrupt, ProcessExitError } from "./errors";
import type { Link } from "./link";

type Emit = (event: string | symbol, ...values: unknown[]) => boolean;

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
  catchTheRest(fail);
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

/**
 * Stands behind all listeners of the process: an error that one of them takes, as Node has it, is
 * nobody else's affair. Being none of them it cannot be removed, and it takes what they throw, which
 * would end the process: packages that Emscripten made have such listeners.
 */
function catchTheRest(fail: (error: unknown) => void): void {
  const tell = process.emit.bind(process) as Emit;
  const emit: Emit = (event, error, ...others) => {
    switch (event) {
      case "unhandledRejection":
      case "uncaughtException":
        try {
          if (!tell(event, error, ...others)) {
            fail(error);
          }
        } catch (thrown) {
          if (event === "unhandledRejection") {
            emit("uncaughtException", thrown, event);
          } else {
            fail(thrown);
          }
        }
        return true;
      case "rejectionHandled":
        // It was reported when nobody had handled it: that a later cell does needs no warning.
        tell(event, error, ...others);
        return true;
      default:
        return tell(event, error, ...others);
    }
  };
  process.emit = emit as typeof process.emit;
}
