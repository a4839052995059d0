import { host, type StoredFile } from "../host/host";
import { DataError, explainReadError } from "./dataError";
import { bytesOf, countLines, requireUtf8, textOf } from "./utf8";

/** A text that is read piece by piece, from its beginning, as often as it is asked for. */
export interface TextSource {
  /** What to call it in messages. */
  name: string;
  /** Its length, for progress. */
  bytes: number;
  /** @param onRead is told how many bytes are read so far */
  pieces(onRead?: (bytes: number) => void): AsyncIterable<string> | Iterable<string>;
}

const CHUNK_BYTES = 1 << 20;

/**
 * A UTF-8 file as a source, without its byte order mark; line ends stay as they are. No more than a
 * megabyte of it is in memory at a time.
 *
 * @throws {DataError} `not-found`, `not-a-file`, `empty`, `unreadable`; and, while it is read,
 *   `not-utf8` and `binary`
 */
export async function textFile(file: string): Promise<TextSource> {
  const absolute = host.store.resolve(file);
  try {
    const there = host.store.look(file);
    if (there && there.kind !== "file") {
      const kind = there.kind === "folder" ? "a folder" : "a pipe or device";
      throw new DataError(
        "not-a-file",
        `${absolute} is ${kind}, but a text file is expected. Give the path of one file.`,
      );
    }
    // Says at once where it is not there or may not be read.
    host.store.open(file).close();
    const { bytes } = there!;
    if (bytes === 0) throw emptyText(absolute);
    return { name: absolute, bytes, pieces: (onRead) => piecesOf(file, onRead ?? (() => {})) };
  } catch (error) {
    throw explainReadError(error, file);
  }
}

/** A text in memory as a source. */
export function textInMemory(name: string, text: string): TextSource {
  return { name, bytes: bytesOf(text).length, pieces: () => [text] };
}

/** What to tell of a text without a character. */
export function emptyText(name: string): DataError {
  return new DataError("empty", `${name} is empty. Give a file with some text in it.`);
}

async function* piecesOf(file: string, onRead: (bytes: number) => void): AsyncGenerator<string> {
  let opened: StoredFile | undefined;
  try {
    opened = host.store.open(file);
    const buffer = new Uint8Array(CHUNK_BYTES + 3);
    const place = { offset: 0, lines: 0 };
    for (let kept = 0, ended = false; !ended; ) {
      const into = buffer.subarray(kept, kept + CHUNK_BYTES);
      const bytesRead = opened.read(into, place.offset + kept);
      // Large texts take a while: let Ctrl-C be heard.
      await host.process.nextTurn();
      ended = bytesRead === 0;
      const available = kept + bytesRead;
      const whole = ended ? available : wholeCharacters(buffer.subarray(0, available));
      const bytes = buffer.subarray(0, whole);
      requireUtf8(bytes, host.store.resolve(file), place);
      const isStart = place.offset === 0;
      place.offset += whole;
      place.lines += countLines(bytes);
      onRead(place.offset);
      const text = textOf(bytes);
      if (text) yield isStart && text.startsWith("\uFEFF") ? text.slice(1) : text;
      buffer.copyWithin(0, whole, available);
      kept = available - whole;
    }
  } catch (error) {
    throw explainReadError(error, file);
  } finally {
    opened?.close();
  }
}

/** How many of the bytes remain without a character at the end that goes on after them. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    // 10xxxxxx continues a character; 110, 1110 and 11110 begin one of two, three and four bytes.
    if (byte >> 6 === 0b10) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
