// ZIP files, as far as one of a reader's work goes: written with names in UTF-8 and the browser's own
// deflate, read with limits. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
import { concatenated, crc32 } from "../../../lib/formats/bytes";
import { deflated, inflated, inMegabytes } from "../share/packing";

export interface ZipEntry {
  name: string;
  content: Uint8Array;
}

/** So many bytes come out of one, at most: files that pack better are stored as they are. */
export const LARGEST_RATIO = 50;

/** No more is read or unpacked, in bytes. */
export const LARGEST_FILE = 512e6;

const MOST_ENTRIES = 5000;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const STORED = 0;
const DEFLATED = 8;
const UTF8 = 0x0800;
/** The version of the format that brought deflate and folders: 2.0. */
const VERSION = 20;
/** 1 January 1980, the first day that there is: the same work makes the same file. */
const DAY = 0x0021;

/** Packs files. */
export async function zip(entries: readonly ZipEntry[]): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const central: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const { name, content } of entries) {
    const packed = await deflated(content);
    const wins = packed.length < content.length && packed.length * LARGEST_RATIO > content.length;
    const body = new Uint8Array(wins ? packed : content);
    const label = new TextEncoder().encode(name);
    const facts: Field[] = [
      [2, UTF8],
      [2, wins ? DEFLATED : STORED],
      [2, 0],
      [2, DAY],
      [4, crc32(content)],
      [4, body.length],
      [4, content.length],
      [2, label.length],
      [2, 0],
    ];
    const local = concatenated([fields([4, LOCAL], [2, VERSION], ...facts), label]);
    const comment: Field = [2, 0];
    const disk: Field = [2, 0];
    const attributes: Field[] = [
      [2, 0],
      [4, 0],
    ];
    const place: Field[] = [comment, disk, ...attributes, [4, at]];
    const listed = fields([4, CENTRAL], [2, VERSION], [2, VERSION], ...facts, ...place);
    central.push(concatenated([listed, label]));
    parts.push(local, body);
    at += local.length + body.length;
  }
  const size = central.reduce((sum, { length }) => sum + length, 0);
  const count = central.length;
  const counts: Field[] = [
    [2, count],
    [2, count],
  ];
  const end = fields([4, END], [2, 0], [2, 0], ...counts, [4, size], [4, at], [2, 0]);
  return new Blob([...parts, ...central, end], { type: "application/zip" });
}

/** A number's bytes in a file, and the number. */
type Field = [bytes: number, value: number];

/** Numbers as bytes, the lowest first. */
function fields(...all: Field[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    all.flatMap(([bytes, value]) =>
      Array.from({ length: bytes }, (_, byte) => (value >>> (8 * byte)) & 255),
    ),
  );
}

/** What the list at a ZIP file's end says of an entry. */
interface Listed {
  name: string;
  method: number;
  crc: number;
  packed: number;
  size: number;
  at: number;
}

/**
 * The files in a ZIP file, folders left out.
 *
 * Before anything is unpacked the sizes that the file claims are held against the limits; while it is, no
 * more comes out than was claimed.
 *
 * @throws Error in one sentence about "it", where it is none, is damaged or too large
 */
export async function unzip(file: Uint8Array): Promise<ZipEntry[]> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let listed: Listed[];
  try {
    listed = readList(file, view);
  } catch (error) {
    throw error instanceof RangeError ? new Error("it is damaged: its end is missing.") : error;
  }
  const whole = listed.reduce((sum, { size }) => sum + size, 0);
  const limit = Math.min(LARGEST_FILE, LARGEST_RATIO * file.length);
  if (whole > limit) {
    throw new Error(
      `it would unpack to ${inMegabytes(whole)}, and ${inMegabytes(limit)} are the most that a file of its size may.`,
    );
  }
  const entries: ZipEntry[] = [];
  for (const each of listed) {
    if (!each.name.endsWith("/")) {
      entries.push({ name: each.name, content: await contentOf(each, file, view) });
    }
  }
  return entries;
}

/** @throws RangeError where the list leads out of the file */
function readList(file: Uint8Array, view: DataView): Listed[] {
  // A comment may follow it.
  let end = file.length - 22;
  while (end >= 0 && end > file.length - 22 - 0xffff && view.getUint32(end, true) !== END) {
    end--;
  }
  if (end < 0 || view.getUint32(end, true) !== END) {
    throw new Error("it is no ZIP file, or its end is missing.");
  }
  const count = view.getUint16(end + 10, true);
  if (count > MOST_ENTRIES) {
    throw new Error(`it holds ${count} files; up to ${MOST_ENTRIES} are taken.`);
  }
  const listed: Listed[] = [];
  for (let at = view.getUint32(end + 16, true); listed.length < count; ) {
    if (view.getUint32(at, true) !== CENTRAL) {
      throw new Error("it is damaged: its list of files breaks off.");
    }
    const [flags, length] = [view.getUint16(at + 8, true), view.getUint16(at + 28, true)];
    if ((flags & 1) !== 0) {
      throw new Error("it is encrypted.");
    }
    listed.push({
      name: new TextDecoder().decode(file.subarray(at + 46, at + 46 + length)),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return listed;
}

async function contentOf(entry: Listed, file: Uint8Array, view: DataView): Promise<Uint8Array> {
  const { name, method, crc, packed, size, at } = entry;
  const damaged = new Error(`it is damaged: ${name} can't be unpacked.`);
  if (at + 30 > file.length || view.getUint32(at, true) !== LOCAL) {
    throw damaged;
  }
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (start + packed > file.length) {
    throw damaged;
  }
  const body = file.subarray(start, start + packed);
  let content: Uint8Array;
  if (method === STORED) {
    content = body.slice();
  } else if (method === DEFLATED) {
    content = await inflated(body, size).catch(() => {
      throw damaged;
    });
  } else {
    throw new Error(`it packs ${name} by method ${method}; 0 (stored) and 8 (deflated) are known.`);
  }
  if (content.length !== size || crc32(content) !== crc) {
    throw damaged;
  }
  return content;
}
