import {
  encodeFileHeader,
  parseTensorFile,
  TensorFileError,
  type TensorPlace,
} from "./safetensorsHeader";
import { readValues } from "./safetensorsValues";
import { sha256 } from "./sha256";

export { TensorFileError };

/**
 * A checkpoint in the safetensors file format, which Python reads with `safetensors.torch.load_file` and
 * others: eight bytes with the header's length, a JSON header, then all values one after another,
 * little-endian. https://github.com/huggingface/safetensors (format section of its README).
 *
 * Only what a checkpoint needs: 32-bit floats and integers, and text metadata. The metadata holds a
 * SHA-256 of the values, so that a damaged file is noticed before it is used. Whatever a file holds is
 * read by `readSafetensors`.
 */
export interface TensorFile {
  tensors: Map<string, TensorEntry>;
  metadata: Record<string, string>;
}

export interface TensorEntry {
  shape: number[];
  values: Float32Array | Int32Array;
}

/** The SHA-256 of parts one after another, in hexadecimal digits. */
export type Sha256 = (parts: readonly Uint8Array[]) => string;

const DIGEST = "sha256";

/** In the order of code units, which no language setting changes. */
function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/**
 * The file's bytes. The values stand in the order of the tensors' names, and so are they in the digest:
 * another program may write them in an order of its own.
 *
 * @param digestOf a faster SHA-256 than the one in JavaScript, where there is one
 */
export function encodeTensors(
  { tensors, metadata }: TensorFile,
  digestOf: Sha256 = sha256,
): Uint8Array {
  const parts = [...tensors].map(([name, { values }]) => ({
    name,
    bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  }));
  parts.sort(byName);
  const offsets = new Map<string, [number, number]>();
  let offset = 0;
  for (const { name, bytes } of parts) {
    offsets.set(name, [offset, offset + bytes.length]);
    offset += bytes.length;
  }
  const values = parts.map(({ bytes }) => bytes);
  const header = [...tensors].map(([name, entry]) => {
    const dtype = entry.values instanceof Int32Array ? "I32" : "F32";
    return [name, { dtype, shape: entry.shape, data_offsets: offsets.get(name) }] as const;
  });
  const start = encodeFileHeader({
    __metadata__: { ...metadata, [DIGEST]: digestOf(values) },
    ...Object.fromEntries(header),
  });
  const file = new Uint8Array(start.length + offset);
  file.set(start);
  for (const { name, bytes } of parts) {
    file.set(bytes, start.length + offsets.get(name)![0]);
  }
  return file;
}

/** The names of a file's tensors in the order in which they were written once. */
export type FormerOrder = (
  names: readonly string[],
  metadata: Readonly<Record<string, string>>,
) => string[];

/**
 * Reads a file's bytes, and checks every length, offset and the digest before any value is used.
 *
 * @param formerOrder for files of former versions, whose digest goes by the order in which the tensors
 *   stood: finds that again where another program has written them in an order of its own
 * @param digestOf a faster SHA-256 than the one in JavaScript, where there is one
 * @throws TensorFileError saying what is wrong with the bytes
 */
export function decodeTensors(
  bytes: Uint8Array,
  formerOrder?: FormerOrder,
  digestOf: Sha256 = sha256,
): TensorFile {
  const { places, metadata, values } = parseTensorFile(bytes);
  const tensors = new Map(places.map((place) => [place.name, entryAt(place, values)] as const));
  const { [DIGEST]: digest, ...rest } = metadata;
  if (digest === undefined) {
    return { tensors, metadata: rest };
  }
  const byPlace = new Map(places.map((place) => [place.name, place]));
  const digestIn = (order: readonly TensorPlace[]) =>
    digestOf(order.map(({ begin, end }) => values.subarray(begin, end)));
  const isRight =
    digest === digestIn([...places].sort(byName)) ||
    digest === digestOf([values]) ||
    (formerOrder &&
      digest ===
        digestIn(formerOrder([...byPlace.keys()], rest).map((name) => byPlace.get(name)!)));
  if (isRight) {
    return { tensors, metadata: rest };
  }
  throw new TensorFileError(
    "its values do not match its checksum, so some were changed or lost (who changes them on purpose has " +
      `to leave "${DIGEST}" out of the metadata)`,
  );
}

/** Half precision and brain floats, which a program may have made to save room, become 32-bit floats. */
function entryAt({ name, dtype, shape, begin, end }: TensorPlace, values: Uint8Array): TensorEntry {
  const bytes = values.subarray(begin, end);
  if (dtype === "F32" || dtype === "I32" || dtype === "F16" || dtype === "BF16") {
    return { shape, values: readValues(name, dtype, bytes) };
  }
  throw new TensorFileError(
    `its tensor "${name}" has the type ${dtype}, but a checkpoint holds F32 or I32, or F16 and BF16`,
  );
}
