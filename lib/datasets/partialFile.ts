import { createHash, type Hash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";

/**
 * A download under way, hashed as it grows. It lies beside its target, so that it can be renamed,
 * and can be taken up again: by the next mirror, or by the next process after a kill.
 */
export class PartialFile {
  private hash: Hash = createHash("sha256");
  private length = 0;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** Opens what an earlier attempt left, up to `limit` bytes, or an empty file. */
  static async open(path: string, limit: number): Promise<PartialFile> {
    // Not for appending, which on Windows forbids to truncate.
    const flags = constants.O_RDWR | constants.O_CREAT;
    const partial = new PartialFile(path, await open(path, flags));
    try {
      const { size } = await partial.handle.stat();
      if (size > limit) {
        await partial.restart();
      } else if (size > 0) {
        for await (const chunk of createReadStream(path)) partial.hash.update(chunk);
        partial.length = size;
      }
    } catch (error) {
      await partial.close();
      throw error;
    }
    return partial;
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.length;
  }

  /** The sha256 of the bytes so far, in hexadecimal. */
  get sha256(): string {
    return this.hash.copy().digest("hex");
  }

  async append(chunk: Uint8Array): Promise<void> {
    for (let written = 0; written < chunk.length; ) {
      const rest = chunk.length - written;
      const position = this.length + written;
      written += (await this.handle.write(chunk, written, rest, position)).bytesWritten;
    }
    this.hash.update(chunk);
    this.length += chunk.length;
  }

  /** Forgets all bytes. */
  async restart(): Promise<void> {
    await this.handle.truncate(0);
    this.hash = createHash("sha256");
    this.length = 0;
  }

  /** Makes sure that the bytes are on the disk, and closes the file. */
  async finish(): Promise<void> {
    await this.handle.sync();
    await this.handle.close();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** Closes and deletes. */
  async discard(): Promise<void> {
    await this.handle.close();
    await rm(this.path, { force: true });
  }
}
