import { warnOnce } from "../deprecated";
import { host, type StoredFile } from "../host/host";
import { countSequenceBatches, type SequenceBatch, type SequenceBatchOptions } from "./batches";
import {
  CODE_TYPES,
  type CorpusHeader,
  damagedCorpus,
  decodeHeader,
  hashOf,
  PARTS,
  type Part,
} from "./corpusHeader";
import { explainReadError } from "./dataError";
import type { Vocabulary } from "./vocabulary";

/** How many codes of each row are read from the file at a time. */
const CODES_AT_A_TIME = 4096;
const CHECK_BYTES = 1 << 20;

/**
 * A text that `preprocess` made codes of. They stay in the file; batches are read from it by
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
