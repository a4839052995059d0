import { base64 } from "../formats/bytes";

/** Lists of numbers as Plotly reads them from 2.35 on: bytes in base64, little end first. */
interface PackedNumbers {
  dtype: "u1" | "i2" | "u2" | "i4" | "f4";
  bdata: string;
  /** Of a matrix: "rows, columns". */
  shape?: string;
}

/** Shorter lists are better left readable. */
const least = 12;

/**
 * Traces with their long lists of numbers packed. A notebook writes each number of a list on a line of
 * its own, so that packed ones take a quarter of the room there. Single precision holds the seven
 * digits that a figure has, and what is missing becomes NaN, a gap as well.
 */
export function packTraces<T extends object>(traces: readonly T[]): T[] {
  return traces.map((trace) => {
    const packed = { ...trace } as Record<string, unknown>;
    for (const key of ["x", "y", "z"]) {
      const value = packed[key];
      packed[key] = packMatrix(value) ?? packList(value) ?? value;
      if (packed[key] === undefined) {
        delete packed[key];
      }
    }
    return packed as T;
  });
}

function packMatrix(value: unknown): PackedNumbers | undefined {
  if (!Array.isArray(value) || !Array.isArray(value[0])) {
    return undefined;
  }
  const width = value[0].length;
  if (!value.every((row) => Array.isArray(row) && row.length === width)) {
    return undefined;
  }
  const packed = packList(value.flat());
  return packed && { ...packed, shape: `${value.length}, ${width}` };
}

function packList(value: unknown): PackedNumbers | undefined {
  if (!Array.isArray(value) || value.length < least) {
    return undefined;
  }
  if (!value.every((item) => typeof item === "number" || item === null)) {
    return undefined;
  }
  const numbers = (value as (number | null)[]).map((item) => item ?? Number.NaN);
  const dtype = typeFor(numbers);
  const array = new arrays[dtype](numbers);
  // Typed arrays lie in memory as the machine has them: little end first wherever JavaScript runs.
  return { dtype, bdata: base64(new Uint8Array(array.buffer)) };
}

const arrays = {
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  f4: Float32Array,
};

function typeFor(numbers: readonly number[]): PackedNumbers["dtype"] {
  if (!numbers.every(Number.isInteger)) {
    return "f4";
  }
  const low = numbers.reduce((a, b) => Math.min(a, b));
  const high = numbers.reduce((a, b) => Math.max(a, b));
  if (low >= 0 && high <= 255) {
    return "u1";
  }
  if (low >= 0 && high <= 65_535) {
    return "u2";
  }
  if (low >= -32_768 && high <= 32_767) {
    return "i2";
  }
  return low >= -(2 ** 31) && high < 2 ** 31 ? "i4" : "f4";
}
