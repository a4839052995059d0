import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Contexts } from "./contexts";
import type { Link } from "./link";

/** Sends what is written to process.stdout and process.stderr to the notebook. */
export function installStreams(link: Link, contexts: Contexts): void {
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new StringDecoder("utf8");
    const write = (
      chunk: string | Uint8Array,
      encoding?: BufferEncoding | ((error?: Error | null) => void),
      callback?: (error?: Error | null) => void,
    ): boolean => {
      const text = typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk));
      link.stream(name, text, contexts.current);
      const done = typeof encoding === "function" ? encoding : callback;
      if (done) {
        queueMicrotask(() => done());
      }
      return true;
    };
    const stream = process[name];
    Object.defineProperties(stream, {
      write: { value: write, writable: true, configurable: true },
      isTTY: { value: false, configurable: true },
      _writev: { value: undefined, configurable: true },
      end: { value: () => stream, configurable: true },
    });
  }
}

/** A stream that a child process can be piped to, for each of our own. */
export function forwardTo(name: "stdout" | "stderr"): Writable {
  return new Writable({
    write(chunk, _encoding, callback) {
      process[name].write(chunk);
      callback();
    },
  });
}
