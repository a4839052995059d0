// The memory that the module imports. Its bytes ask for one that is not shared; where threads are to share it,
// one byte of them is another, so that there is one set of modules for both.

/** WebAssembly's memories; the language's own declarations leave them to those of pages. */
declare const WebAssembly: {
  Memory: new (limits: { initial: number; maximum: number; shared?: boolean }) => ModuleMemory;
};

/** One page, in bytes. */
export const PAGE = 2 ** 16;

/** A memory, which grows by pages. That of a shared one stays where it is; `buffer` is then a longer one. */
export interface ModuleMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A section's number, the kind of an import, and the bits of a memory's limits, in the binary format. */
const [IMPORTS, MEMORY, HAS_MAXIMUM, IS_SHARED] = [2, 2, 1, 2];
/** Bytes of the format's name and version. */
const PREAMBLE = 8;

/** Pages that a shared memory may grow to: all that there can be, and less where a device has no room for it. */
const MAXIMA = [65_536, 32_768, 16_384];

/** Goes through a module's bytes. */
class Reader {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  byte(): number {
    return this.bytes[this.at++];
  }

  /** An unsigned number in LEB128. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        return value;
      }
    }
  }

  skip(count: number): void {
    this.at += count;
  }
}

/** Where a module says what memory it imports, as its only import, and how many pages that has at first. */
function importedMemory(bytes: Uint8Array): { limitsAt: number; initial: number } {
  const reader = new Reader(bytes, PREAMBLE);
  while (reader.at < bytes.length) {
    const section = reader.byte();
    const length = reader.number();
    if (section !== IMPORTS) {
      reader.skip(length);
      continue;
    }
    const count = reader.number();
    reader.skip(reader.number());
    reader.skip(reader.number());
    const kind = reader.byte();
    const limitsAt = reader.at;
    if (count === 1 && kind === MEMORY && reader.byte() === HAS_MAXIMUM) {
      return { limitsAt, initial: reader.number() };
    }
    break;
  }
  throw new Error("The WebAssembly module does not import a memory with a maximum.");
}

/** A module's bytes and the memory that it is to import. */
export interface WithMemory {
  bytes: Uint8Array;
  memory: ModuleMemory;
  isShared: boolean;
}

/** @param shares whether threads are to share it; where no memory can be had for that, it is not shared */
export function withMemory(bytes: Uint8Array, shares: boolean): WithMemory {
  const { limitsAt, initial } = importedMemory(bytes);
  for (const maximum of shares ? MAXIMA : []) {
    try {
      const memory = new WebAssembly.Memory({ initial, maximum, shared: true });
      const patched = Uint8Array.from(bytes);
      patched[limitsAt] |= IS_SHARED;
      return { bytes: patched, memory, isShared: true };
    } catch {
      // A device may refuse to keep so many addresses free: with fewer it may not.
    }
  }
  return {
    bytes,
    memory: new WebAssembly.Memory({ initial, maximum: MAXIMA[0] }),
    isShared: false,
  };
}
