/** Thrown where a command can't do what it was asked; the message says why and what to do. */
export class CommandError extends Error {
  override name = "CommandError";

  /** @param isUsage whether the options themselves are wrong, whatever the files hold */
  constructor(
    message: string,
    readonly isUsage = false,
  ) {
    super(message);
  }
}

/** What a command's exit status says. */
export const EXIT = {
  done: 0,
  /** Something is wrong with a file, the disk or the training. */
  failed: 1,
  /** Something is wrong with the options. */
  usage: 2,
  /** 128 and the number of the signal that stopped it: 130 by Ctrl-C, 143 by SIGTERM. */
  stoppedBy: { SIGINT: 130, SIGTERM: 143 },
} as const;

export const EXIT_STATUS_HELP = `
Exit status: 0 done; 1 failed, with the reason on stderr; 2 wrong options; 130 stopped by Ctrl-C
(SIGINT), 143 by SIGTERM.`;

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
  const handlers = (["SIGINT", "SIGTERM"] as const).map((name) => {
    const handler = () => {
      release();
      status = EXIT.stoppedBy[name];
      controller.abort();
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  const release = () => {
    for (const [name, handler] of handlers) {
      process.off(name, handler);
    }
  };
  return { signal: controller.signal, exitStatus: () => status, release };
}
