import { KareninaError } from "../errors";
/** Thrown for bytes that are no safetensors file, or one that is damaged; the message says which tensor. */
export class TensorFileError extends KareninaError {
  override name = "TensorFileError";
  readonly code = "bad-tensor-file";
}

/** A tensor as the header describes it, checked: where its bytes are among the values. */
export interface TensorPlace {
  name: string;
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

/** A file whose header is right. The places are in the header's order. */
export interface ParsedFile {
  places: TensorPlace[];
  metadata: Record<string, string>;
  /** All that comes after the header; it shares the file's memory. */
  values: Uint8Array;
}

/** Larger headers are nobody's; the limit keeps a foreign file's first bytes from asking for gigabytes. */
const MAX_HEADER_BYTES = 100_000_000;

/** Bits of an element, of all types that the format has. */
const BITS: Readonly<Record<string, number>> = {
  F64: 64,
  F32: 32,
  F16: 16,
  BF16: 16,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  I64: 64,
  I32: 32,
  I16: 16,
  I8: 8,
  U64: 64,
  U32: 32,
  U16: 16,
  U8: 8,
  BOOL: 8,
  C64: 64,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4,
};

/**
 * What a file begins with: eight bytes with the header's length, little-endian, then the header as
 * JSON, padded with spaces so that the values are aligned to eight bytes.
 * https://github.com/huggingface/safetensors (format section of its README)
 *
 * @param header tensors by name with `dtype`, `shape` and `data_offsets`; texts under `__metadata__`
 */
export function encodeFileHeader(header: object): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(" ".charCodeAt(0));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

/**
 * The length of the header in bytes, as a file's first eight bytes give it.
 *
 * @returns undefined where no safetensors file begins like that
 */
export function headerLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < 8) {
    return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  return length >= 2 && length <= MAX_HEADER_BYTES ? length : undefined;
}

/**
 * Reads a file's header, and checks that its tensors fill the rest of the file without holes, one after
 * another, in whatever order the header lists them.
 *
 * @throws TensorFileError saying what is wrong with the bytes, as the end of a sentence about "it"
 */
export function parseTensorFile(bytes: Uint8Array): ParsedFile {
  const length = headerLength(bytes);
  if (length === undefined) {
    throw notSafetensors();
  }
  if (bytes.length < 8 + length) {
    throw new TensorFileError("it ends within its header");
  }
  const { __metadata__: metadata = {}, ...entries } = parseHeader(bytes.subarray(8, 8 + length));
  if (!isTextRecord(metadata)) {
    throw new TensorFileError("its metadata is not text");
  }
  const values = bytes.subarray(8 + length);
  const places = Object.entries(entries).map(([name, entry]) => placeOf(name, entry));
  requireFilled(places, values.length);
  return { places, metadata, values };
}

function notSafetensors(): TensorFileError {
  return new TensorFileError("it does not begin like a safetensors file");
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof header === "object" && header !== null && !Array.isArray(header)) {
      return header as Record<string, unknown>;
    }
  } catch {
    // Not JSON: the same to the reader of the error as JSON of another shape.
  }
  throw notSafetensors();
}

function isTextRecord(value: unknown): value is Record<string, string> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((text) => typeof text === "string")
  );
}

function placeOf(name: string, entry: unknown): TensorPlace {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const wellFormed =
    typeof dtype === "string" &&
    Array.isArray(shape) &&
    shape.every(isCount) &&
    Array.isArray(offsets) &&
    offsets.length === 2 &&
    offsets.every(isCount);
  if (!wellFormed) {
    throw new TensorFileError(
      `its tensor "${name}" has no type, shape and place as the format wants them`,
    );
  }
  if (!Object.hasOwn(BITS, dtype)) {
    throw new TensorFileError(
      `its tensor "${name}" has the type "${dtype}", which the format has not`,
    );
  }
  const [begin, end] = offsets as [number, number];
  const size = (shape as number[]).reduce((product, length) => product * length, 1);
  if (end - begin !== Math.ceil((size * BITS[dtype]) / 8)) {
    throw new TensorFileError(
      `its tensor "${name}" of the type ${dtype} and the shape [${shape}] cannot stand in ${end - begin} bytes`,
    );
  }
  return { name, dtype, shape: shape as number[], begin, end };
}

/** @throws TensorFileError where tensors overlap, leave a hole, or do not end with the file */
function requireFilled(places: readonly TensorPlace[], length: number): void {
  let end = 0;
  let before = "";
  for (const place of [...places].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const { name, begin } = place;
    if (begin < end) {
      throw new TensorFileError(`its tensors ${before} and "${name}" stand in the same bytes`);
    }
    if (begin > end) {
      throw new TensorFileError(
        `it has ${begin - end} bytes before its tensor "${name}" that belong to none`,
      );
    }
    if (place.end > length) {
      throw new TensorFileError(`it ends before its tensor "${name}" is complete`);
    }
    end = place.end;
    before = `"${name}"`;
  }
  if (end !== length) {
    throw new TensorFileError(`it has ${length - end} bytes too many after its last tensor`);
  }
}
