import type { Worker } from "node:worker_threads";
import { SHARED, type ToFront } from "../channel";
import type { CellContext } from "./contexts";

/** Characters of output that nobody has taken yet, after which the main thread waits for the front. */
const BACKLOG_LIMIT = 1 << 26;

/** The main thread's end of the line to the front. */
export class Link {
  constructor(
    private readonly worker: Worker,
    private readonly shared: Int32Array,
    private readonly backlogLimit = BACKLOG_LIMIT,
  ) {}

  send(message: ToFront): void {
    this.worker.postMessage(message);
  }

  /** Sends a piece of a stream, in parts that a message can well hold. */
  stream(name: "stdout" | "stderr", text: string, context: CellContext | undefined): void {
    if (context?.silent) {
      return;
    }
    for (let at = 0; at < text.length; ) {
      const full = at + PART < text.length;
      // A pair of surrogates, which is one character, stays together.
      const pair = full && /[\ud800-\udbff]/.test(text[at + PART - 1]);
      const part = text.slice(at, at + PART - (pair ? 1 : 0));
      at += part.length;
      this.reserve(part.length);
      this.send({ type: "stream", name, text: part, cell: context?.id });
    }
  }

  /**
   * Sends a message to be published as belonging to a cell.
   * @throws TypeError where the content cannot be written as JSON: here, where the user's code can
   *   be told, and not in the front
   */
  publish(
    kind: Extract<ToFront, { type: "publish" }>["kind"],
    content: object,
    context: Pick<CellContext, "id" | "silent"> | undefined,
    { buffers, metadata }: { buffers?: Uint8Array[]; metadata?: object } = {},
  ): void {
    if (!context?.silent) {
      const plain = { content: asJson(content), metadata: metadata && asJson(metadata) };
      this.send({ type: "publish", kind, ...plain, buffers, cell: context?.id });
    }
  }

  /** A loop that prints forever must not fill the memory: it waits while the front is behind. */
  private reserve(characters: number): void {
    let backlog = Atomics.add(this.shared, SHARED.backlog, characters) + characters;
    // What was printed before counts, not this piece, which may be longer than the limit.
    while (
      backlog - characters > this.backlogLimit &&
      Atomics.load(this.shared, SHARED.stop) === 0
    ) {
      Atomics.wait(this.shared, SHARED.backlog, backlog, 50);
      backlog = Atomics.load(this.shared, SHARED.backlog);
    }
  }
}

/** Characters of a stream in one message to the front. */
const PART = 1 << 20;

/** A value as it will be when it has been written as JSON and read again. */
export function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
