import { EXIT } from "./commandError";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Ctrl-C and its like, as a request to come to an end properly. */
export interface StopRequest {
  signal: AbortSignal;
  /** The exit status that says which signal it was; undefined where none came. */
  exitStatus(): number | undefined;
  release(): void;
}

/** The first signal asks to stop; a second one ends the process at once, as without this. */
export function listenForSignals(): StopRequest {
  const controller = new AbortController();
  let status: number | undefined;
  const handlers = SIGNALS.map((name) => {
    const handler = () => {
      release();
      status = EXIT.stoppedBy[name];
      controller.abort();
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  const release = () => {
    for (const [name, handler] of handlers) process.off(name, handler);
  };
  return { signal: controller.signal, exitStatus: () => status, release };
}
