import { z } from "zod";
import { warnOnce } from "../deprecated";
import { encodeFileHeader, headerLength } from "../formats/safetensorsHeader";
import { type GrowingHash, host, type StoredFile } from "../host/host";
import { countSequenceBatches, type SequenceBatch, type SequenceBatchOptions } from "./batches";
import { bytesOf, DataError, explainReadError, textOf } from "./dataError";
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
function damagedCorpus(file: string, how: string, cause?: unknown): DataError {
  return new DataError(
    "damaged",
    `${file} can't be used as training data: ${how}. Create it again from the text with "npm run preprocess -- --input-txt TEXT", or hand the text itself to train with --input-txt.`,
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
function decodeHeader(
  file: string,
  opened: StoredFile,
): { header: CorpusHeader; codesBegin: number } {
  const foreign = (cause?: unknown) =>
    damagedCorpus(file, "npm run preprocess didn't write it", cause);
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

/** How many codes of each row are read from the file at a time. */
const CODES_AT_A_TIME = 4096;
const CHECK_BYTES = 1 << 20;

/**
 * A text that `npm run preprocess` made codes of. They stay in the file; batches are read from it by
 * ranges, so that a text of any length can be trained on.
 */
export class Corpus {
  private constructor(
    /** The file's whole path. */
    readonly file: string,
    private readonly header: CorpusHeader,
    private readonly codesBegin: number,
    private readonly opened: StoredFile,
  ) {}

  /**
   * Opens a data file, and reads all of it once to see that it is whole.
   *
   * @throws {DataError} `not-found`, `unreadable`; `damaged` where it is not as it was written
   */
  static async open(file: string): Promise<Corpus> {
    const absolute = host.store.resolve(file);
    let opened: StoredFile | undefined;
    try {
      opened = host.store.open(absolute);
      const { header, codesBegin } = decodeHeader(absolute, opened);
      await verifyCodes(absolute, opened, codesBegin, header);
      return new Corpus(absolute, header, codesBegin, opened);
    } catch (error) {
      opened?.close();
      throw explainReadError(error, file);
    }
  }

  get vocabulary(): Vocabulary {
    return this.header.vocabulary;
  }

  /** Symbols in each part. */
  get lengths(): Readonly<Record<Part, number>> {
    return this.header.lengths;
  }

  /** The same for the same text, cleaned and parted in the same way. */
  get digest(): string {
    return this.header.digest;
  }

  /**
   * The batches of a part, exactly those that `sequenceBatches` cuts from its codes.
   *
   * @throws BatchError for sizes that are not whole numbers from 1 up, or a part shorter than one batch
   *
   * @example
   * const batches = () => corpus.batches("train", { batchSize: 50, steps: 50 });
   */
  batches(part: Part, sizes: SequenceBatchOptions): Generator<SequenceBatch>;
  /** @deprecated Write `batches(part, { batchSize, steps })`. */
  batches(part: Part, batchSize: number, steps: number): Generator<SequenceBatch>;
  *batches(
    part: Part,
    sizes: SequenceBatchOptions | number,
    formerSteps = 0,
  ): Generator<SequenceBatch> {
    if (typeof sizes === "number") {
      warnOnce("corpus.batches(part, N, T)", "corpus.batches(part, { batchSize: N, steps: T })");
      sizes = { batchSize: sizes, steps: formerSteps };
    }
    const { batchSize, steps } = sizes;
    const count = countSequenceBatches({ length: this.lengths[part] }, { batchSize, steps });
    const atATime = Math.max(1, Math.floor(CODES_AT_A_TIME / steps));
    for (let first = 0; first < count; first += atATime) {
      const windows = Math.min(atATime, count - first);
      const rows = Array.from({ length: batchSize }, (_, n) =>
        this.codes(part, (n * count + first) * steps, windows * steps + 1),
      );
      for (let begin = 0; begin < windows * steps; begin += steps) {
        const window = (shift: number) =>
          rows.map((row) => row.subarray(begin + shift, begin + shift + steps));
        yield { x: window(0), y: window(1) };
      }
    }
  }

  /** A range of a part's codes. */
  codes(part: Part, begin: number, length: number): Int32Array {
    const { codeType, lengths } = this.header;
    const { bytes: width, array } = CODE_TYPES[codeType];
    const before = PARTS.slice(0, PARTS.indexOf(part)).reduce(
      (sum, each) => sum + lengths[each],
      0,
    );
    const numbers = new array(Math.min(length, lengths[part] - begin));
    const bytes = new Uint8Array(numbers.buffer);
    const position = this.codesBegin + (before + begin) * width;
    for (let done = 0; done < bytes.length; ) {
      const read = this.opened.read(bytes.subarray(done), position + done);
      if (read === 0) {
        throw damagedCorpus(this.file, "it became shorter while it was read");
      }
      done += read;
    }
    return numbers instanceof Int32Array ? numbers : Int32Array.from(numbers);
  }

  close(): void {
    this.opened.close();
  }
}

async function verifyCodes(
  file: string,
  opened: StoredFile,
  codesBegin: number,
  header: CorpusHeader,
): Promise<void> {
  const hash = hashOf(header);
  const chunk = new Uint8Array(CHECK_BYTES);
  for (let position = codesBegin; ; ) {
    const read = opened.read(chunk, position);
    if (read === 0) {
      break;
    }
    hash.update(chunk.subarray(0, read));
    position += read;
    // A large file takes a second or two: let Ctrl-C be heard.
    await host.process.nextTurn();
  }
  if (hash.hex() === header.digest) {
    return;
  }
  throw damagedCorpus(file, "its codes do not match their checksum, so some were changed or lost");
}
