import type { Worker } from "node:worker_threads";
import { SHARED, type ToFront } from "../channel";
import type { CellContext } from "./contexts";

/** Characters of output after which the main thread waits for the front to catch up. */
const BACKLOG_LIMIT = 1 << 26;

/** The main thread's end of the line to the front. */
export class Link {
  constructor(
    private readonly worker: Worker,
    private readonly shared: Int32Array,
  ) {}

  send(message: ToFront): void {
    this.worker.postMessage(message);
  }

  /** Sends a piece of a stream, in parts that a message can well hold. */
  stream(name: "stdout" | "stderr", text: string, context: CellContext | undefined): void {
    if (context?.silent) {
      return;
    }
    for (let at = 0; at < text.length; at += PART) {
      const part = text.slice(at, at + PART);
      this.reserve(part.length);
      this.send({ type: "stream", name, text: part, cell: context?.id });
    }
  }

  /** Sends a message to be published as belonging to a cell. */
  publish(
    kind: Extract<ToFront, { type: "publish" }>["kind"],
    content: object,
    context: CellContext | undefined,
    buffers?: Uint8Array[],
  ): void {
    if (!context?.silent) {
      this.send({ type: "publish", kind, content, buffers, cell: context?.id });
    }
  }

  /** A loop that prints for ever must not fill the memory: it waits while the front is behind. */
  private reserve(characters: number): void {
    let backlog = Atomics.add(this.shared, SHARED.backlog, characters) + characters;
    while (backlog > BACKLOG_LIMIT && Atomics.load(this.shared, SHARED.stop) === 0) {
      Atomics.wait(this.shared, SHARED.backlog, backlog, 50);
      backlog = Atomics.load(this.shared, SHARED.backlog);
    }
  }
}

const PART = 1 << 20;
