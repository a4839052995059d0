import { SHARED } from "../../channel";
import { layAnswer } from "../mailbox";
import { newMemory, type SharedMemory, type ToPage, type ToWorker } from "../messages";

/** What is used of a page's worker. */
interface PageWorker {
  onmessage: ((event: { data: ToPage }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
  postMessage(message: ToWorker): void;
  terminate(): void;
}

declare const Worker: new (address: string) => PageWorker;
declare const crossOriginIsolated: boolean;

/** The page's end of the line to a kernel's worker. */
export class WorkerLine {
  /** Resolves when cells can run; rejects with a sentence where none ever will. */
  readonly started: Promise<string>;
  /** Undefined where the page may not share memory with a worker. */
  private readonly memory: SharedMemory | undefined;
  private readonly flags: Int32Array | undefined;
  private readonly worker: PageWorker;
  private readonly waiting = new Map<string, (content: unknown) => void>();
  private round = 0;
  /** The last interruption that the worker has answered. */
  private heard = 0;

  /**
   * @param address of the worker's script
   * @param take is called with what is for people to see; it says by {@link taken} when a text is seen
   * @param environment variables that cells find in `process.env`, over those of the site
   */
  constructor(
    address: string,
    take: (message: ToPage) => void,
    environment: Record<string, string> = {},
  ) {
    this.memory = crossOriginIsolated ? newMemory() : undefined;
    this.flags = this.memory && new Int32Array(this.memory.flags);
    this.worker = new Worker(address);
    this.started = new Promise((resolve, reject) => {
      this.worker.onerror = ({ message }) =>
        reject(new Error(`The kernel did not start: ${message ?? `${address} cannot be had`}.`));
      this.worker.onmessage = ({ data }) => {
        if (data.type === "ready") {
          resolve(data.languageVersion);
        } else if (data.type === "failed") {
          reject(new Error(data.reason));
        } else {
          this.receive(data, take);
        }
      };
    });
    this.started.catch(() => {});
    this.worker.postMessage({ type: "start", memory: this.memory, environment });
  }

  private receive(message: ToPage, take: (message: ToPage) => void): void {
    switch (message.type) {
      case "done":
      case "reply":
      case "served": {
        const answered = this.waiting.get(message.id);
        this.waiting.delete(message.id);
        const { outcome, content } = message as { outcome?: unknown; content?: unknown };
        answered?.(outcome ?? content);
        return;
      }
      case "interrupted":
        this.heard = message.round;
        return;
    }
    take(message);
  }

  /** Makes room for more output, where so many characters of it have been taken. */
  taken(characters: number): void {
    if (this.flags) {
      Atomics.sub(this.flags, SHARED.backlog, characters);
      Atomics.notify(this.flags, SHARED.backlog);
    }
  }

  /** Sends a request and resolves with what answers it. */
  ask<Answer>(request: Extract<ToWorker, { id: string }>): Promise<Answer> {
    return new Promise((resolve) => {
      this.waiting.set(request.id, resolve as (content: unknown) => void);
      this.worker.postMessage(request);
    });
  }

  /**
   * Stops what runs: by memory that every loop looks at, where there is some, and by a message, which
   * code hears that waits.
   *
   * @param unheard is called where nothing has stopped after some seconds, and nothing can
   */
  interrupt(unheard: () => void): void {
    const round = ++this.round;
    if (this.flags) {
      Atomics.store(this.flags, SHARED.stop, 1);
      Atomics.notify(this.flags, SHARED.backlog);
      Atomics.notify(this.flags, SHARED.input);
    }
    this.worker.postMessage({ type: "interrupt", round });
    if (!this.flags) {
      setTimeout(() => this.heard < round && unheard(), PATIENCE_MS);
    }
  }

  /** Hands over what somebody has typed. */
  answer(message: { id: number; value: string }): void {
    if (this.memory && this.flags && layAnswer(this.memory.answers, message)) {
      Atomics.add(this.flags, SHARED.input, 1);
      Atomics.notify(this.flags, SHARED.input);
    }
  }

  end(): void {
    this.worker.terminate();
  }
}

/** Code that waits at all hears of an interruption sooner. */
const PATIENCE_MS = 3000;
