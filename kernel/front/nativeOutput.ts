import { readSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";

/** Reads what is written to one of the process's descriptors (see process/nativeOutput.ts). */
export class NativeOutput {
  private readonly decoder = new StringDecoder("utf8");
  private drained = false;
  private readonly buffer = Buffer.alloc(1 << 16);

  /**
   * @param show is called with text as it comes
   * @param copy where to write it as well, where that is possible without waiting
   */
  constructor(
    private readonly descriptor: number | undefined,
    private readonly show: (text: string) => void,
    private readonly copy?: number,
  ) {
    if (descriptor !== undefined) {
      new Socket({ fd: descriptor, readable: true, writable: false })
        .on("data", (bytes) => this.take(bytes))
        // Whatever it is, output of native code is not worth the kernel's end.
        .on("error", () => {});
    }
  }

  /** Takes what has been written so far, without waiting for the event that tells of it. */
  drain(): void {
    if (this.descriptor === undefined) {
      return;
    }
    try {
      for (;;) {
        const count = readSync(this.descriptor, this.buffer);
        if (count === 0) {
          return;
        }
        this.take(this.buffer.subarray(0, count));
      }
    } catch {
      // There is nothing (EAGAIN).
    }
  }

  /** Drains, but only once in a turn of the event loop, for messages may come by the thousand. */
  drainOnce(): void {
    if (!this.drained) {
      this.drained = true;
      setImmediate(() => {
        this.drained = false;
      });
      this.drain();
    }
  }

  private take(bytes: Buffer): void {
    if (this.copy !== undefined) {
      try {
        // First of all: they may be the last words of a process that is about to end.
        writeSync(this.copy, bytes);
      } catch {
        // Whoever reads it is behind (EAGAIN), or gone.
      }
    }
    const text = this.decoder.write(bytes);
    if (text !== "") {
      this.show(text);
    }
  }
}
