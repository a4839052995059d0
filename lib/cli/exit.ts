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

/** Where a command says that it was stopped. */
interface Notes {
  note(text: string): void;
  endProgress(): void;
}

/**
 * Does a command's work until its end, or until it has ended properly after Ctrl-C or its like: the first
 * signal asks it to stop, a second one ends the process at once.
 *
 * @param ended says how a work that was asked to stop has ended; undefined for an error of another cause
 * @returns the exit status
 */
export async function untilStopped(
  notes: Notes,
  work: (signal: AbortSignal) => Promise<void>,
  ended: (error: unknown, signal: AbortSignal) => string | undefined,
): Promise<number> {
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
  try {
    await work(controller.signal);
    return EXIT.done;
  } catch (error) {
    notes.endProgress();
    const words = status === undefined ? undefined : ended(error, controller.signal);
    if (status === undefined || words === undefined) {
      throw error;
    }
    notes.note(words);
    return status;
  } finally {
    release();
  }
}
