import { host, type StoredFile } from "../host/host";
import { bytesOf, countLines, DataError, explainReadError, requireUtf8, textOf } from "./dataError";

/** What to clean a text of; nothing by default. */
export interface CleanOptions {
  /** Make all letters small. Default false. */
  lowerCase?: boolean;
  /**
   * Take out what the audience did: `[Applause]`, `(Laughter and cheers)`, `[Audience: ...]`, in
   * square or round brackets. Default false.
   */
  removeMarks?: boolean;
  /** Take out lines that hold nothing but a date, or a place and a date. Default false. */
  removeDates?: boolean;
  /** Keep only these characters. Default: all. */
  characters?: string;
}

const MARK_WORDS =
  "applause|laughter|laughs?|cheers?|cheering|boos?|booing|chants?|chanting|audience|crosstalk|" +
  "cross talk|inaudible|unintelligible|standing ovation|interruption|pause";
// The blank before goes with the mark, so that none is doubled.
const MARK = new RegExp(
  `[ \\t]*(?:\\[(?=[^\\]]*\\b(?:${MARK_WORDS})\\b)[^\\]\\[]{1,120}\\]` +
    `|\\((?=[^)]*\\b(?:${MARK_WORDS})\\b)[^)(]{1,120}\\))`,
  "giu",
);

const MONTH =
  "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|" +
  "Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\\.?";
const DAY = "\\d{1,2}(?:st|nd|rd|th)?";
const DATE =
  `(?:${MONTH} ${DAY},? \\d{4}|${DAY} (?:of )?${MONTH},? \\d{4}|` +
  "\\d{4}-\\d{2}-\\d{2}|\\d{1,2}[./]\\d{1,2}[./]\\d{2,4})";
const WEEKDAY = "(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?";
const PLACE = "(?:\\p{Lu}[\\p{L}.]*,? ){0,4}?";
const DATE_LINE = new RegExp(
  `^[ \\t]*[\\[(]?${PLACE}${WEEKDAY}${DATE}[.,:]?[\\])]?[ \\t]*(?:\\r?\\n|(?![\\s\\S]))`,
  "gmu",
);

/** A paragraph without a blank line is cut here, so that one endless line does not fill the memory. */
const LONGEST_PARAGRAPH = 65_536;

/**
 * Cleans a text, paragraph by paragraph: a paragraph ends at a blank line, and a mark or a date never
 * goes on in the next one.
 *
 * @example
 * cleanText("Thank you. [Applause] God bless you.", { removeMarks: true }); // "Thank you. God bless you."
 */
export function cleanText(text: string, options: CleanOptions): string {
  const paragraphs = new Paragraphs();
  const clean = cleaner(options);
  return [...paragraphs.of(text), ...paragraphs.last()].map(clean).join("");
}

/** As `cleanText`, for a text that comes in pieces, cut anywhere but within a character. */
export async function* cleanPieces(
  pieces: AsyncIterable<string> | Iterable<string>,
  options: CleanOptions,
): AsyncGenerator<string> {
  const paragraphs = new Paragraphs();
  const clean = cleaner(options);
  for await (const piece of pieces) {
    yield paragraphs.of(piece).map(clean).join("");
  }
  yield paragraphs.last().map(clean).join("");
}

function cleaner(options: CleanOptions): (paragraph: string) => string {
  const kept = options.characters === undefined ? undefined : new Set(options.characters);
  return (paragraph) => {
    let text = paragraph;
    if (options.removeDates) {
      text = text.replace(DATE_LINE, "");
    }
    if (options.removeMarks) {
      text = text.replace(MARK, "");
    }
    if (options.lowerCase) {
      text = text.toLowerCase();
    }
    if (kept) {
      text = Array.from(text, (symbol) => (kept.has(symbol) ? symbol : "")).join("");
    }
    return text;
  };
}

/** Puts paragraphs together from pieces of a text; together they are the text. */
class Paragraphs {
  private rest = "";

  /** The paragraphs that are complete with one more piece. */
  of(piece: string): string[] {
    const text = this.rest + piece;
    const complete: string[] = [];
    const blankLine = /\n\r?\n/g;
    let begin = 0;
    for (let match = blankLine.exec(text); ; ) {
      const end = match ? match.index + match[0].length : Number.POSITIVE_INFINITY;
      const limit = begin + LONGEST_PARAGRAPH;
      if (end <= limit) {
        complete.push(text.slice(begin, end));
        begin = end;
        match = blankLine.exec(text);
      } else if (limit < text.length) {
        const cut = limit - (isHighSurrogate(text.charCodeAt(limit - 1)) ? 1 : 0);
        complete.push(text.slice(begin, cut));
        begin = cut;
        blankLine.lastIndex = begin;
        match = blankLine.exec(text);
      } else {
        this.rest = text.slice(begin);
        return complete;
      }
    }
  }

  last(): string[] {
    return [this.rest];
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** A text that is read piece by piece, from its beginning, as often as it is asked for. */
export interface TextSource {
  /** What to call it in messages. */
  name: string;
  /** Its length, for progress. */
  bytes: number;
  /** @param onRead is called with how many bytes are read so far */
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
    if (bytes === 0) {
      throw emptyText(absolute);
    }
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
      if (text) {
        yield isStart && text.startsWith("\uFEFF") ? text.slice(1) : text;
      }
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
    const byte = bytes[bytes.length - back];
    // 10xxxxxx continues a character; 110, 1110 and 11110 begin one of two, three and four bytes.
    if (byte >> 6 === 0b10) {
      continue;
    }
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
