/** Every block begins at a multiple of this, in bytes: what a processor reads from memory at once. */
const BORDER = 64;

/** A place in memory, in bytes. */
interface Range {
  address: number;
  bytes: number;
}

const upTo = (border: number, bytes: number) => Math.ceil(bytes / border) * border;

/** Hands out parts of a memory that only grows: the first gap that is large enough, else new memory. */
export class Blocks {
  /** In the order of their addresses; no two touch. */
  private readonly gaps: Range[] = [];
  private readonly taken = new Map<number, number>();
  private end: number;

  /**
   * @param begin where the memory that may be handed out begins
   * @param growTo makes the memory reach up to an address. What it throws leaves everything as it was
   */
  constructor(
    begin: number,
    private readonly growTo: (end: number) => void,
  ) {
    this.end = upTo(BORDER, begin);
  }

  /** @returns the address of a block of its own, whose contents are whatever was there */
  take(bytes: number): number {
    const size = upTo(BORDER, Math.max(bytes, 1));
    const place = this.gaps.findIndex((gap) => gap.bytes >= size);
    const gap = this.gaps[place] ?? this.grow(size);
    const { address } = gap;
    gap.address += size;
    gap.bytes -= size;
    if (gap.bytes === 0) {
      this.gaps.splice(this.gaps.indexOf(gap), 1);
    }
    this.taken.set(address, size);
    return address;
  }

  /** Takes a block back. Does nothing where it has been. */
  give(address: number): void {
    const bytes = this.taken.get(address);
    if (bytes === undefined) {
      return;
    }
    this.taken.delete(address);
    let place = this.gaps.findIndex((gap) => gap.address > address);
    place = place < 0 ? this.gaps.length : place;
    this.gaps.splice(place, 0, { address, bytes });
    this.join(place);
    this.join(place - 1);
  }

  /** How many bytes are handed out. */
  get used(): number {
    return [...this.taken.values()].reduce((total, bytes) => total + bytes, 0);
  }

  /** Joins a gap with the next one where they touch. */
  private join(place: number): void {
    const [gap, next] = [this.gaps[place], this.gaps[place + 1]];
    if (gap && next && gap.address + gap.bytes === next.address) {
      gap.bytes += next.bytes;
      this.gaps.splice(place + 1, 1);
    }
  }

  /** A gap of at least so many bytes at the end. */
  private grow(bytes: number): Range {
    const last = this.gaps.at(-1);
    const touches = last !== undefined && last.address + last.bytes === this.end;
    const gap = touches ? last : { address: this.end, bytes: 0 };
    const end = gap.address + bytes;
    this.growTo(end);
    gap.bytes = bytes;
    this.end = end;
    if (!touches) {
      this.gaps.push(gap);
    }
    return gap;
  }
}
