// How an answer to `prompt` reaches a worker that stands still: it is laid into shared memory.
// First an Int32 that says how many bytes of text follow; 0 where nothing lies there.

const HEAD = Int32Array.BYTES_PER_ELEMENT;

/** The page's end. @returns false where the text is longer than the memory */
export function layAnswer(memory: SharedArrayBuffer, message: object): boolean {
  const text = new TextEncoder().encode(JSON.stringify(message));
  if (text.length > memory.byteLength - HEAD) {
    return false;
  }
  new Uint8Array(memory, HEAD).set(text);
  Atomics.store(new Int32Array(memory, 0, 1), 0, text.length);
  return true;
}

/** The worker's end. */
export class Mailbox {
  constructor(private readonly memory: SharedArrayBuffer | undefined) {}

  /** What lies there, once; undefined where nothing does. */
  take(): unknown {
    const { memory } = this;
    const length = memory ? Atomics.exchange(new Int32Array(memory, 0, 1), 0, 0) : 0;
    if (!memory || length === 0) {
      return undefined;
    }
    // A copy: decoders refuse memory that is shared.
    const text = new Uint8Array(memory, HEAD, length).slice();
    return JSON.parse(new TextDecoder().decode(text));
  }

  /** Answers that come while nothing waits come as messages. */
  on(): void {}
}
