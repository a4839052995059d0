import readline from "node:readline";
import { Readable } from "node:stream";
import type { CellContext, Contexts } from "./contexts";
import type { Input } from "./input";
import { afterSeconds, nextTurn } from "./rawTimers";

/** Turns in which a reader that has its answer may close, before it is taken to want another. */
const PATIENCE = 2;

/**
 * The notebook in the place of a standard input: a line is asked for when a reader in the running
 * cell wants one. What earlier cells have left reading asks for nothing until it is used again.
 */
class NotebookStdin extends Readable {
  readonly fd = 0;
  /** Has the stream been asked for data that it has not got yet? */
  private wanted = false;
  private asking = false;
  /** The cell that last began to read. */
  private reader: CellContext | undefined;
  /** Is there a question, or a listener, that a line is to be given to? */
  private expected = false;
  /** May nobody begin to read from it any more? */
  retired = false;

  constructor(
    private readonly input: Input,
    private readonly contexts: Contexts,
    /** Called when somebody waits for a line. */
    private readonly isExpected: (stream: NotebookStdin) => void,
  ) {
    super();
    this.on("resume", () => this.wake());
    this.on("newListener", (event, listener) => {
      if (event === "data" || event === "readable") {
        // Those of readline and of pipes may be there long before a line is wanted.
        this.wake(!/^ondata$/.test(listener.name));
      }
    });
  }

  override _read(): void {
    this.wanted = true;
    this.consider();
  }

  /** Somebody in the running cell begins, or goes on, to read. */
  wake(expected = false): void {
    this.reader = this.contexts.running;
    if (expected) {
      this.expected = true;
      this.isExpected(this);
    }
    this.consider();
  }

  /** Does the cell wait for a line, though its code may have ended? */
  isAwaitedIn(context: CellContext): boolean {
    return this.expected && this.reader === context && this.hasReader;
  }

  private get hasReader(): boolean {
    const listens = this.listenerCount("data") > 0 && !this.isPaused();
    return !this.destroyed && (listens || this.listenerCount("readable") > 0);
  }

  private consider(turns = PATIENCE): void {
    nextTurn(() => {
      if (turns > 1) {
        this.consider(turns - 1);
      } else {
        this.askIfWanted();
      }
    });
  }

  private askIfWanted(): void {
    const context = this.contexts.running;
    if (!context || context !== this.reader || this.asking || !this.wanted || !this.hasReader) {
      return;
    }
    if (!context.allowStdin) {
      if (this.expected) {
        this.retired = true;
        context.fail(this.input.refusal());
      } else {
        this.push(null);
      }
      return;
    }
    this.asking = true;
    const forget = context.track(() => {
      this.asking = false;
      this.retired = true;
    });
    this.input.askLater(context, (line) => {
      forget();
      this.asking = false;
      this.wanted = false;
      this.expected = false;
      this.push(`${line}\n`);
    });
  }
}

/**
 * Puts the notebook in the place of process.stdin.
 *
 * @returns a function that resolves when nobody in a cell waits for a line any more
 */
export function installStdin(
  input: Input,
  contexts: Contexts,
): (context: CellContext) => Promise<void> {
  /** What the running cell, or an earlier one, waits for. */
  const expecting = new Set<NotebookStdin>();
  const make = () => new NotebookStdin(input, contexts, (stream) => expecting.add(stream));
  let stdin = make();
  let owner = contexts.running;
  Object.defineProperty(process, "stdin", {
    configurable: true,
    enumerable: true,
    get: () => {
      // Each cell begins with a stream that nobody has paused, ended or left unread.
      const next = contexts.running !== undefined && contexts.running !== owner;
      if (next || stdin.retired || stdin.destroyed || stdin.readableEnded) {
        stdin = make();
        owner = contexts.running;
      }
      return stdin;
    },
  });
  askWithPrompts();
  return async (context) => {
    while (!context.stopped && [...expecting].some((stream) => stream.isAwaitedIn(context))) {
      await Promise.race([context.failed.catch(() => {}), new Promise<void>(soon)]);
    }
    expecting.clear();
  };
}

/** Looks again in a while, which costs next to nothing and which nobody notices. */
function soon(callback: () => void): void {
  afterSeconds(0.01, callback);
}

/** A question of readline's wants a line, whoever has begun to read when. */
function askWithPrompts(): void {
  let prototype: { prompt?: unknown } = readline.Interface.prototype;
  while (!Object.hasOwn(prototype, "prompt")) {
    prototype = Object.getPrototypeOf(prototype);
  }
  const { prompt } = prototype as { prompt: (...parameters: unknown[]) => void };
  prototype.prompt = function (this: { input?: unknown }, ...parameters: unknown[]) {
    const result = Reflect.apply(prompt, this, parameters);
    if (this.input instanceof NotebookStdin) {
      this.input.wake(true);
    }
    return result;
  };
}
