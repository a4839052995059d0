// Text as a part of an address: deflated by the browser, in the letters that addresses leave alone.

import { base64, bytesOfBase64, concatenated } from "../../../lib/formats/bytes";

/** What gives bytes piece by piece. */
type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** Bytes deflated, without a head (RFC 1951). */
export async function deflated(content: Uint8Array): Promise<Uint8Array> {
  const stream = streamOf(content).pipeThrough(new CompressionStream("deflate-raw"));
  return await gathered(stream as Bytes, Number.POSITIVE_INFINITY);
}

/**
 * What `deflated` made into less.
 *
 * @param limit in bytes: no more than that is ever unpacked
 * @throws RangeError above the limit; Error where the bytes are damaged
 */
export async function inflated(content: Uint8Array, limit: number): Promise<Uint8Array> {
  const stream = streamOf(content).pipeThrough(new DecompressionStream("deflate-raw"));
  try {
    return await gathered(stream as Bytes, limit);
  } catch (error) {
    if (error instanceof RangeError) {
      throw error;
    }
    throw new Error("it is damaged: it can't be unpacked.");
  }
}

/**
 * The whole of a stream.
 * @param limit in bytes
 * @throws RangeError as soon as there is more than that
 */
export async function gathered(stream: Bytes, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    length += value.length;
    if (length > limit) {
      // The rest is of no interest, nor is how the other end takes it.
      reader.cancel().catch(() => {});
      throw new RangeError(`it is larger than ${inMegabytes(limit)}.`);
    }
    parts.push(value);
  }
  return concatenated(parts);
}

/** A number of bytes as people read it: "2.5 MB". */
export const inMegabytes = (bytes: number) => `${Number((bytes / 1e6).toFixed(1))} MB`;

function streamOf(content: Uint8Array): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      // A copy: the view may be one of shared memory, or a part of a longer buffer.
      controller.enqueue(new Uint8Array(content));
      controller.close();
    },
  });
}

/** Text as an address can hold it: deflated, and in base64's letters for addresses (RFC 4648, section 5). */
export async function pack(text: string): Promise<string> {
  const letters = base64(await deflated(new TextEncoder().encode(text)));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * The text that `pack` made into this.
 *
 * @param limit in bytes of UTF-8
 * @throws RangeError above the limit; Error where it is damaged
 */
export async function unpack(packed: string, limit: number): Promise<string> {
  if (!/^[\w-]+$/.test(packed)) {
    throw new Error("it is damaged: it has letters that packed text never has.");
  }
  let bytes: Uint8Array;
  try {
    bytes = bytesOfBase64(packed.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    throw new Error("it is damaged: its end is missing.");
  }
  return new TextDecoder().decode(await inflated(bytes, limit));
}
