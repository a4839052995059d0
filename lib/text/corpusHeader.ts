// The beginning of a data file: which text its codes are of, and where they lie.
import { z } from "zod";
import { encodeFileHeader, headerLength } from "../formats/safetensorsHeader";
import { type GrowingHash, host, type StoredFile } from "../host/host";
import { bytesOf, DataError, textOf } from "./dataError";
import { Vocabulary } from "./vocabulary";

/** The parts of a text, in their order in it: to learn from, to watch, to judge by at the end. */
export const PARTS = ["train", "val", "test"] as const;
export type Part = (typeof PARTS)[number];

/** The numbers that codes are stored as: the smallest that hold all of a vocabulary's codes. */
export const CODE_TYPES = {
  U8: { bytes: 1, array: Uint8Array },
  U16: { bytes: 2, array: Uint16Array },
  I32: { bytes: 4, array: Int32Array },
} as const;
type CodeType = keyof typeof CODE_TYPES;

export function codeTypeFor(vocabularySize: number): CodeType {
  return vocabularySize <= 1 << 8 ? "U8" : vocabularySize <= 1 << 16 ? "U16" : "I32";
}

/** What stands at the beginning of a data file. */
export interface CorpusHeader {
  vocabulary: Vocabulary;
  codeType: CodeType;
  /** Symbols in each part. */
  lengths: Record<Part, number>;
  /** SHA-256 of the vocabulary and of all codes' bytes: which text this is. */
  digest: string;
}

/** The digest's beginning, before the codes. */
export function hashOf(header: Omit<CorpusHeader, "digest">): GrowingHash {
  const hash = host.process.sha256();
  hash.update(bytesOf(JSON.stringify([header.vocabulary.toString(), header.lengths])));
  return hash;
}

const FORMAT = "karenina-corpus";
const VERSION = "1";
/** Stands for the digest while the codes are not all written: a header's length does not change. */
export const NO_DIGEST = "0".repeat(64);

/**
 * The header in the safetensors format, as checkpoints have it; the codes of train, val and test follow.
 * Python reads the file with `safetensors.numpy.load_file`.
 */
export function encodeHeader({ vocabulary, codeType, lengths, digest }: CorpusHeader): Uint8Array {
  let offset = 0;
  const tensors = PARTS.map((part) => {
    const begin = offset;
    offset += lengths[part] * CODE_TYPES[codeType].bytes;
    return [part, { dtype: codeType, shape: [lengths[part]], data_offsets: [begin, offset] }];
  });
  const metadata = { format: FORMAT, version: VERSION, vocabulary: vocabulary.toString() };
  return encodeFileHeader({
    __metadata__: { ...metadata, sha256: digest },
    ...Object.fromEntries(tensors),
  });
}

const tensorSchema = z.object({
  dtype: z.enum(["U8", "U16", "I32"]),
  shape: z.tuple([z.int().nonnegative()]),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const headerSchema = z.strictObject({
  __metadata__: z.object({
    format: z.literal(FORMAT),
    version: z.string(),
    vocabulary: z.string(),
    sha256: z.string().length(64),
  }),
  train: tensorSchema,
  val: tensorSchema,
  test: tensorSchema,
});

/** What to tell of a file that is no data file, or no longer a whole one. */
export function damagedCorpus(file: string, how: string, cause?: unknown): DataError {
  return new DataError(
    "damaged",
    `${file} can't be used as training data: ${how}. Create it again from the text with "npx karenina preprocess --input-txt TEXT", or hand the text itself to train with --input-txt.`,
    { cause },
  );
}

/**
 * Reads a header, and checks that it describes the file.
 *
 * @param file the file's name, for the error
 * @param opened the file
 * @returns the header, and where the codes begin
 * @throws {DataError} `damaged`
 */
export function decodeHeader(
  file: string,
  opened: StoredFile,
): { header: CorpusHeader; codesBegin: number } {
  const foreign = (cause?: unknown) => damagedCorpus(file, "preprocess didn't write it", cause);
  const size = opened.bytes;
  const length = headerLength(bytesAt(opened, 0, 8));
  if (length === undefined) {
    throw foreign();
  }
  const text = bytesAt(opened, 8, Math.min(length, size - 8));
  if (text.length < length) {
    throw size < 8 + length ? damagedCorpus(file, "it is cut off") : foreign();
  }
  let json: unknown;
  try {
    json = JSON.parse(textOf(text));
  } catch (error) {
    throw foreign(error);
  }
  const result = headerSchema.safeParse(json);
  if (!result.success) {
    throw foreign(result.error);
  }
  const { __metadata__: metadata, ...tensors } = result.data;
  if (metadata.version !== VERSION) {
    throw damagedCorpus(file, `it has version ${metadata.version} of the format, not ${VERSION}`);
  }
  const header: CorpusHeader = {
    vocabulary: vocabularyOf(metadata.vocabulary, foreign),
    codeType: tensors.train.dtype,
    lengths: {
      train: tensors.train.shape[0],
      val: tensors.val.shape[0],
      test: tensors.test.shape[0],
    },
    digest: metadata.sha256,
  };
  // A header describes the file only if it is the one that would be written for it.
  const same = encodeHeader(header).subarray(8);
  if (same.length !== length || same.some((byte, i) => byte !== text[i])) {
    throw foreign();
  }
  const codesBegin = 8 + length;
  const symbols = PARTS.reduce((sum, part) => sum + header.lengths[part], 0);
  const missing = codesBegin + symbols * CODE_TYPES[header.codeType].bytes - size;
  if (missing > 0) {
    throw damagedCorpus(file, `it is cut off: ${missing} bytes are missing`);
  }
  if (missing < 0) {
    throw damagedCorpus(file, `it has ${-missing} bytes too many`);
  }
  return { header, codesBegin };
}

function vocabularyOf(symbols: string, foreign: (cause: unknown) => DataError): Vocabulary {
  try {
    return new Vocabulary([...symbols]);
  } catch (error) {
    throw foreign(error);
  }
}

/** The bytes at a place of a file, fewer where it ends. */
function bytesAt(opened: StoredFile, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, opened.read(bytes, offset));
}
