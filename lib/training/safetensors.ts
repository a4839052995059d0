import { createHash } from "node:crypto";

/**
 * The safetensors file format, which Python reads with `safetensors.torch.load_file` and others:
 * eight bytes with the header's length, a JSON header, then all values one after another,
 * little-endian. https://github.com/huggingface/safetensors (format section of its README).
 *
 * Only what a checkpoint needs: 32-bit floats and integers, and text metadata. The metadata holds a
 * SHA-256 of the values, so that a damaged file is noticed before it is used.
 */
export interface TensorFile {
  tensors: Map<string, TensorEntry>;
  metadata: Record<string, string>;
}

export interface TensorEntry {
  shape: number[];
  values: Float32Array | Int32Array;
}

/** Thrown for bytes that are not such a file, or one that is damaged. */
export class TensorFileError extends Error {
  override name = "TensorFileError";
}

const DIGEST = "sha256";
/** Larger headers are not ours; the limit keeps a foreign file's first bytes from asking for gigabytes. */
const MAX_HEADER_BYTES = 100_000_000;

function digestOf(parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** The file's bytes. */
export function encodeTensors({ tensors, metadata }: TensorFile): Uint8Array {
  const header: [string, unknown][] = [];
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const dtype = values instanceof Int32Array ? "I32" : "F32";
    header.push([name, { dtype, shape, data_offsets: [offset, offset + bytes.length] }]);
    parts.push(bytes);
    offset += bytes.length;
  }
  const json = JSON.stringify({
    __metadata__: { ...metadata, [DIGEST]: digestOf(parts) },
    ...Object.fromEntries(header),
  });
  // The format aligns the values to eight bytes by padding the header with spaces.
  const text = Buffer.from(json + " ".repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...parts]);
}

/**
 * Reads a file's bytes, and checks every length, offset and the digest before any value is used.
 *
 * @throws TensorFileError saying what is wrong with the bytes
 */
export function decodeTensors(bytes: Uint8Array): TensorFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = file.length < 8 ? Number.NaN : Number(file.readBigUInt64LE(0));
  if (!(headerLength >= 2 && headerLength <= MAX_HEADER_BYTES)) {
    throw new TensorFileError("it does not begin like a safetensors file");
  }
  if (file.length < 8 + headerLength) throw new TensorFileError("it ends within its header");
  const { __metadata__: metadata = {}, ...entries } = parseHeader(
    file.subarray(8, 8 + headerLength),
  );
  if (!isTextRecord(metadata)) throw new TensorFileError("its metadata is not text");
  const values = file.subarray(8 + headerLength);
  const tensors = new Map<string, TensorEntry>();
  let end = 0;
  for (const [name, entry] of Object.entries(entries).sort(byOffset)) {
    const tensor = readEntry(name, entry, values, end);
    end += tensor.values.byteLength;
    tensors.set(name, tensor);
  }
  if (end !== values.length) {
    throw new TensorFileError(`it has ${values.length - end} bytes too many after its last tensor`);
  }
  const { [DIGEST]: digest, ...rest } = metadata;
  if (digest !== undefined && digest !== digestOf([values])) {
    throw new TensorFileError("its values do not match its checksum, so some were changed or lost");
  }
  return { tensors, metadata: rest };
}

function parseHeader(bytes: Buffer): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof header === "object" && header !== null && !Array.isArray(header)) {
      return header as Record<string, unknown>;
    }
  } catch {
    // Not JSON: the same to the reader of the error as JSON of another shape.
  }
  throw new TensorFileError("it does not begin like a safetensors file");
}

/** Objects order keys such as "0" before others, so the order of the values has to be found again. */
function byOffset([, a]: [string, unknown], [, b]: [string, unknown]): number {
  const [beginA, endA] = offsetsOf(a);
  const [beginB, endB] = offsetsOf(b);
  return beginA - beginB || endA - endB;
}

/** Where an entry's values begin and end; what is no pair of numbers is refused later, by name. */
function offsetsOf(entry: unknown): [number, number] {
  const offsets = (entry as { data_offsets?: unknown } | null)?.data_offsets;
  return Array.isArray(offsets) ? [Number(offsets[0]), Number(offsets[1])] : [0, 0];
}

function isTextRecord(value: unknown): value is Record<string, string> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((text) => typeof text === "string")
  );
}

function readEntry(
  name: string,
  entry: unknown,
  values: Buffer,
  expectedBegin: number,
): TensorEntry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const wellFormed =
    (dtype === "F32" || dtype === "I32") &&
    Array.isArray(shape) &&
    shape.every((size) => Number.isSafeInteger(size) && size >= 0) &&
    Array.isArray(offsets) &&
    offsets.length === 2;
  if (!wellFormed)
    throw new TensorFileError(`its tensor "${name}" is not described as 32-bit numbers`);
  const [begin, end] = offsets as [number, number];
  const size = (shape as number[]).reduce((product, length) => product * length, 1);
  if (begin !== expectedBegin || end !== begin + 4 * size) {
    throw new TensorFileError(`the place and the shape of its tensor "${name}" do not agree`);
  }
  if (end > values.length)
    throw new TensorFileError(`it ends before its tensor "${name}" is complete`);
  // A copy: typed arrays need an aligned beginning, and the file's buffer should not be kept alive.
  const copy = new Uint8Array(values.subarray(begin, end)).buffer;
  return {
    shape: shape as number[],
    values: dtype === "I32" ? new Int32Array(copy) : new Float32Array(copy),
  };
}
