// Sequences of bytes: joined, summed up, and in the letters of base64. Older compilers, as stock tslab has one,
// know no `Uint8Array<ArrayBuffer>`, so it is left to them to find out which one is returned.

/** One sequence of several. */
export function concatenated(parts: readonly Uint8Array[]) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  for (let i = 0, at = 0; i < parts.length; at += parts[i++].length) {
    whole.set(parts[i], at);
  }
  return whole;
}

/** The remainders of the 256 bytes. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  }
  return remainder;
});

/** The checksum of PNG and ZIP files (CRC-32 of ISO 3309). */
export function crc32(content: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of content) {
    sum = (sum >>> 8) ^ REMAINDERS[(sum ^ byte) & 255];
  }
  return ~sum >>> 0;
}

/** Bytes in base64 (RFC 4648). */
export function base64(bytes: Uint8Array): string {
  let letters = "";
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) {
    letters += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(letters);
}

/** What `base64` was given. @throws DOMException where the text is not base64 */
export function bytesOfBase64(text: string) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
