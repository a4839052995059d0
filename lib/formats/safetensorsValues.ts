import { TensorFileError } from "./safetensorsHeader";

/** What the values of a tensor are read into: as exact as they were written. */
export interface ValuesByType {
  F64: Float64Array;
  F32: Float32Array;
  /** Half precision, as 32-bit floats. */
  F16: Float32Array;
  /** Brain floats, as 32-bit floats. */
  BF16: Float32Array;
  I64: BigInt64Array;
  I32: Int32Array;
  I16: Int16Array;
  I8: Int8Array;
  U64: BigUint64Array;
  U32: Uint32Array;
  U16: Uint16Array;
  U8: Uint8Array;
  /** 0 and 1. */
  BOOL: Uint8Array;
}

/** The types of a safetensors file that are read, under the format's names. */
export type SafetensorsType = keyof ValuesByType;

const READERS: { [Type in SafetensorsType]: (bytes: ArrayBuffer) => ValuesByType[Type] } = {
  F64: (bytes) => new Float64Array(bytes),
  F32: (bytes) => new Float32Array(bytes),
  F16: (bytes) => Float32Array.from(new Uint16Array(bytes), halfPrecision),
  BF16: (bytes) => new Float32Array(Uint32Array.from(new Uint16Array(bytes), shiftUp).buffer),
  I64: (bytes) => new BigInt64Array(bytes),
  I32: (bytes) => new Int32Array(bytes),
  I16: (bytes) => new Int16Array(bytes),
  I8: (bytes) => new Int8Array(bytes),
  U64: (bytes) => new BigUint64Array(bytes),
  U32: (bytes) => new Uint32Array(bytes),
  U16: (bytes) => new Uint16Array(bytes),
  U8: (bytes) => new Uint8Array(bytes),
  BOOL: (bytes) => new Uint8Array(bytes),
};

export function isReadable(dtype: string): dtype is SafetensorsType {
  return Object.hasOwn(READERS, dtype);
}

/**
 * A tensor's values.
 *
 * @throws TensorFileError for a type that no array of JavaScript can hold
 */
export function readValues<Type extends SafetensorsType>(
  name: string,
  dtype: Type,
  bytes: Uint8Array,
): ValuesByType[Type] {
  if (!isReadable(dtype)) {
    throw new TensorFileError(
      `its tensor "${name}" has the type ${dtype}, which is not read; what is: ` +
        `${Object.keys(READERS).join(", ")}. In Python, tensor.float() makes F32 of it`,
    );
  }
  // A copy: typed arrays need an aligned beginning, and the file's buffer should not be kept alive.
  return READERS[dtype](Uint8Array.from(bytes).buffer);
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function halfPrecision(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) {
    return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  }
  if (exponent === 0) {
    return sign * fraction * 2 ** -24;
  }
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A brain float is the upper half of a 32-bit float. */
function shiftUp(bits: number): number {
  return (bits << 16) >>> 0;
}
