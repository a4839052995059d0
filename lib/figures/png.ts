import { base64, concatenated, crc32 } from "../formats/bytes";

/**
 * An image as a data URL. Values run from 0 (black) to 1 or, where any is above 1, to 255 (white);
 * where any is below zero, from blue over white to orange.
 *
 * @param pixels shape (height, width), row by row
 */
export function pngUrl(pixels: ArrayLike<number>, width: number, height: number): string {
  let [min, max] = [0, 0];
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] < min) {
      min = pixels[i];
    }
    if (pixels[i] > max) {
      max = pixels[i];
    }
  }
  const isColored = min < 0;
  const strongest = isColored ? Math.max(max, -min) : max > 1 ? 255 : 1;
  // Without transparency, and without colour where there is none: a digit takes 300 bytes.
  const channels = isColored ? 3 : 1;
  const samples = new Uint8Array(channels * width * height);
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i] / strongest;
    samples.set(isColored ? diverging(value) : [grey(value)], channels * i);
  }
  return `data:image/png;base64,${base64(encodePng(samples, width, height))}`;
}

function grey(value: number): number {
  return Math.round(255 * Math.min(1, value));
}

/** The colours of a heat map with values on both sides of zero. */
function diverging(value: number): [number, number, number] {
  const end = value < 0 ? [0, 114, 178] : [213, 94, 0];
  const mix = (channel: number) => Math.round(242 + (end[channel] - 242) * Math.abs(value));
  return [mix(0), mix(1), mix(2)];
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * A PNG file (W3C, Portable Network Graphics, 2003), grey or in colours.
 *
 * @param samples bytes of shape (height, width) or (height, width, 3)
 */
export function encodePng(samples: Uint8Array, width: number, height: number): Uint8Array {
  const rowBytes = samples.length / height;
  const rows = new Uint8Array(height * (1 + rowBytes));
  for (let row = 0; row < height; row++) {
    // The byte before each row says that its samples are stored as they are.
    rows.set(samples.subarray(row * rowBytes, (row + 1) * rowBytes), row * (1 + rowBytes) + 1);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8;
  header[9] = rowBytes === width ? 0 : 2;
  const parts = [
    Uint8Array.from(signature),
    chunk("IHDR", header),
    chunk("IDAT", zlib(rows)),
    chunk("IEND", new Uint8Array(0)),
  ];
  return concatenated(parts);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

/** Bytes in the format of zlib (RFC 1950). */
function zlib(bytes: Uint8Array): Uint8Array {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  const checksum = [b >>> 8, b & 0xff, a >>> 8, a & 0xff];
  return Uint8Array.from([0x78, 0x01, ...deflate(bytes), ...checksum]);
}

const longestMatch = 258;
const farthestMatch = 32_768;

/**
 * Compresses bytes (RFC 1951) with the codes that the format fixes, and of earlier bytes that come
 * again only the latest: enough for small pictures, whose background is most of them.
 */
function deflate(bytes: Uint8Array): number[] {
  const out = new Bits();
  const latest = new Map<number, number>();
  // One block, the last one, with fixed codes.
  out.add(0b011, 3);
  const keyAt = (at: number) => (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
  for (let at = 0; at < bytes.length; ) {
    const earlier = at + 2 < bytes.length ? latest.get(keyAt(at)) : undefined;
    const isNear = earlier !== undefined && at - earlier <= farthestMatch;
    const length = isNear ? matching(bytes, earlier, at) : 1;
    if (isNear) {
      out.addLength(length);
      out.addDistance(at - earlier);
    } else {
      out.addSymbol(bytes[at]);
    }
    for (const end = at + length; at < end; at++) {
      latest.set(keyAt(at), at);
    }
  }
  out.addSymbol(256);
  return out.finish();
}

function matching(bytes: Uint8Array, earlier: number, at: number): number {
  let length = 0;
  while (length < longestMatch && at + length < bytes.length) {
    if (bytes[earlier + length] !== bytes[at + length]) {
      break;
    }
    length += 1;
  }
  return length;
}

/** Bits as deflate writes them: from the lowest of each byte up. */
class Bits {
  private readonly bytes: number[] = [];
  private rest = 0;
  private count = 0;

  /** Adds a number, its lowest bit first. */
  add(value: number, width: number): void {
    for (let bit = 0; bit < width; bit++) {
      this.rest |= ((value >>> bit) & 1) << this.count;
      this.count += 1;
      if (this.count === 8) {
        this.flush();
      }
    }
  }

  /** Adds a code, its highest bit first. */
  private addCode(code: number, width: number): void {
    for (let bit = width - 1; bit >= 0; bit--) {
      this.add((code >>> bit) & 1, 1);
    }
  }

  /** A byte, 256 for the end, or a length's symbol. */
  addSymbol(symbol: number): void {
    if (symbol < 144) {
      this.addCode(0x30 + symbol, 8);
    } else if (symbol < 256) {
      this.addCode(0x190 + symbol - 144, 9);
    } else if (symbol < 280) {
      this.addCode(symbol - 256, 7);
    } else {
      this.addCode(0xc0 + symbol - 280, 8);
    }
  }

  /** How many bytes come again, 3 to 258. */
  addLength(length: number): void {
    if (length === longestMatch) {
      this.addSymbol(285);
      return;
    }
    const value = length - 3;
    const extra = Math.max(0, Math.floor(Math.log2(value)) - 2);
    this.addSymbol(257 + 4 * extra + (value >> extra));
    this.add(value, extra);
  }

  /** How far back they stand, 1 to 32,768. */
  addDistance(distance: number): void {
    const value = distance - 1;
    const extra = Math.max(0, Math.floor(Math.log2(value)) - 1);
    this.addCode(2 * extra + (value >> extra), 5);
    this.add(value, extra);
  }

  finish(): number[] {
    if (this.count > 0) {
      this.flush();
    }
    return this.bytes;
  }

  private flush(): void {
    this.bytes.push(this.rest);
    this.rest = 0;
    this.count = 0;
  }
}
