import type { Transform } from "./registry";

/** Drops the first `count` characters (Unicode code points) of a UTF-8 text. */
function cutCharacters(raw: Buffer, count: number): Buffer {
  let offset = 0;
  for (let seen = 0; seen < count && offset < raw.length; seen++) {
    offset++;
    // 10xxxxxx continues a character.
    while (offset < raw.length && (raw[offset]! & 0xc0) === 0x80) offset++;
  }
  return raw.subarray(offset);
}

/** A number as a floating-point column writes it: 7 becomes 7.0. */
function asFloat(cell: string): string {
  const text = String(Number(cell));
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/**
 * The wine table as UCI serves it, with quoted names, semicolons and whole numbers among
 * fractions, as a plain CSV: commas, every measurement a float, the last column (the grade) as
 * it stands.
 */
function semicolonToComma(raw: Buffer): Buffer {
  const [header = "", ...rows] = raw.toString("utf8").trimEnd().split(/\r?\n/);
  const lines = rows.map((row) => {
    const cells = row.split(";");
    return cells.map((cell, i) => (i < cells.length - 1 ? asFloat(cell) : cell)).join(",");
  });
  const names = header
    .split(";")
    .map((cell) => cell.replaceAll('"', ""))
    .join(",");
  return Buffer.from(`${[names, ...lines].join("\n")}\n`, "utf8");
}

/** Makes the bytes of a file from the bytes that its mirrors serve. */
export function applyTransform(raw: Buffer, transform: Transform): Buffer {
  switch (transform.kind) {
    case "cutCharacters":
      return cutCharacters(raw, transform.count);
    case "semicolonToComma":
      return semicolonToComma(raw);
  }
}
