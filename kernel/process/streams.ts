import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Contexts } from "./contexts";
import type { Link } from "./link";

export type StandardName = "stdout" | "stderr";

const DESCRIPTORS = { stdout: 1, stderr: 2 } as const;

/**
 * A standard stream whose text goes to the notebook. It behaves as Node's does where output goes to
 * a file: what is written is gone when `write` returns.
 */
class NotebookStream extends Writable {
  readonly fd: number;
  readonly _type = "fs";
  readonly _isStdio = true;
  /** Is another to take its place? */
  over = false;
  declare _undestroy?: () => void;

  constructor(
    name: StandardName,
    private readonly send: (text: string) => void,
    private readonly decoder: StringDecoder,
  ) {
    super({ decodeStrings: false });
    this.fd = DESCRIPTORS[name];
  }

  override _write(
    chunk: string | Uint8Array,
    encoding: BufferEncoding | "buffer",
    callback: (error?: Error | null) => void,
  ): void {
    if (typeof chunk === "string" && isUnicode(encoding)) {
      // Each piece is encoded for itself: halves of a character in two pieces make none.
      this.send(chunk.replace(LONE_SURROGATE, "\ufffd"));
    } else {
      const bytes =
        typeof chunk === "string" ? Buffer.from(chunk, encoding as BufferEncoding) : chunk;
      this.send(this.decoder.write(bytes as Buffer));
    }
    callback();
  }

  override _final(callback: () => void): void {
    this.over = true;
    callback();
  }

  /** As in Node, standard streams cannot be closed: who holds one can write to it again. */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // What waits for a stream to end would wait forever for one that has ended before.
    this.over = true;
    callback(error);
    this._undestroy?.();
  }
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Text in these encodings is what it reads as; UTF-16 written byte by byte is not. */
function isUnicode(encoding: string): boolean {
  return /^utf-?8$/i.test(encoding);
}

/**
 * Sends what is written to process.stdout and process.stderr to the notebook.
 *
 * @returns a function that puts fresh streams in their places: code that is terminated while it
 *   writes leaves a stream that waits forever for the end of that write
 */
export function installStreams(link: Link, contexts: Contexts): () => void {
  const renewals: (() => void)[] = [];
  for (const name of ["stdout", "stderr"] as const) {
    // Half a character may be left over at the end of a stream.
    const decoder = new StringDecoder("utf8");
    const make = () =>
      new NotebookStream(name, (text) => link.stream(name, text, contexts.current), decoder);
    let stream = make();
    renewals.push(() => {
      stream = make();
    });
    Object.defineProperty(process, name, {
      configurable: true,
      enumerable: true,
      get: () => {
        if (stream.over || stream.writableEnded || stream.destroyed) {
          stream = make();
        }
        return stream;
      },
    });
    // The console keeps the stream that it found first.
    Object.defineProperty(console, `_${name}`, {
      configurable: true,
      get: () => process[name],
      set: (other) => {
        Object.defineProperty(console, `_${name}`, { value: other, writable: true });
      },
    });
  }
  return () => {
    for (const renew of renewals) {
      renew();
    }
  };
}

/** Which of our standard streams something leads to: a descriptor, or a stream. */
export function standardStream(target: unknown): StandardName | undefined {
  if (target === 1 || (target instanceof NotebookStream && target.fd === 1)) {
    return "stdout";
  }
  return target === 2 || target instanceof NotebookStream ? "stderr" : undefined;
}

/** A stream that a child process can be piped to, for each of our own. */
export function forwardTo(name: StandardName): Writable {
  return new Writable({
    write(chunk, _encoding, callback) {
      process[name].write(chunk);
      callback();
    },
  });
}
