import { host } from "../host/host";
import { DataError } from "../text/dataError";

/** An array of unsigned bytes with its dimensions. */
export interface IdxArray {
  /** Sizes, the slowest first: `[n, 28, 28]` for MNIST's images. */
  shape: number[];
  /** All values, row by row. */
  data: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

function bad(origin: string, problem: string): DataError {
  return new DataError(
    "bad-idx",
    `${origin} is not a whole IDX file: ${problem}. Delete it and fetch it again.`,
  );
}

function unzip(bytes: Uint8Array, origin: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    return bytes;
  }
  try {
    return host.process.gunzip(bytes);
  } catch (error) {
    throw bad(origin, `its gzip data is damaged (${(error as Error).message})`);
  }
}

/**
 * Reads an IDX file of unsigned bytes, the format of MNIST, gzipped or not: two zero bytes, the
 * type, the number of dimensions, each size as a big-endian 32-bit integer, the values.
 *
 * @param origin - What to call the file in an error.
 * @param dimensions - How many dimensions it must have (3 for images, 1 for labels).
 * @throws {DataError} `bad-idx` unless the bytes are exactly one such file.
 */
export function parseIdx(bytes: Uint8Array, origin: string, dimensions: number): IdxArray {
  const content = unzip(bytes, origin);
  if (content.length < 4) {
    throw bad(origin, `it ends within the first 4 bytes`);
  }
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const magic = view.getUint32(0);
  const expected = (UNSIGNED_BYTE << 8) | dimensions;
  if (magic !== expected) {
    throw bad(
      origin,
      `it starts with 0x${magic.toString(16).padStart(8, "0")} where 0x${expected.toString(16).padStart(8, "0")} (unsigned bytes in ${dimensions} dimension${dimensions === 1 ? "" : "s"}) is expected`,
    );
  }
  const start = 4 + 4 * dimensions;
  if (content.length < start) {
    throw bad(origin, "it ends within its sizes");
  }
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.reduce((product, size) => product * size, 1);
  if (content.length - start !== count) {
    throw bad(
      origin,
      `its sizes ${shape.join(" x ")} need ${count} bytes, but ${content.length - start} follow`,
    );
  }
  // A plain view, whatever kind of array the caller gave: a Buffer's slice() would share memory.
  return { shape, data: new Uint8Array(content.buffer, content.byteOffset + start, count) };
}
