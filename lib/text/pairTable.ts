/**
 * Counts of pairs of whole numbers from 0 up, numbered in the order in which they were added. A hash table
 * with open addressing in flat arrays (Knuth, The Art of Computer Programming 3, 6.4): millions of pairs
 * take 12 bytes each and a slot, where a Map would take a string or a boxed number.
 */
export class PairTable {
  /** How many different pairs there are. */
  size = 0;
  private firsts = new Int32Array(512);
  private seconds = new Int32Array(512);
  private counts = new Int32Array(512);
  /** 1 + a pair's number; 0 is free. At most half of the slots are taken. */
  private slots = new Int32Array(1024);

  /** The number of a pair, which is added where it is new. */
  add(first: number, second: number): number {
    const slot = this.slotOf(first, second);
    if (this.slots[slot] > 0) {
      return this.slots[slot] - 1;
    }
    const index = this.size++;
    this.firsts[index] = first;
    this.seconds[index] = second;
    this.slots[slot] = index + 1;
    if (2 * this.size >= this.slots.length) {
      this.grow();
    }
    return index;
  }

  /** The number of a pair; -1 where it is not there. */
  find(first: number, second: number): number {
    return this.slots[this.slotOf(first, second)] - 1;
  }

  /** Counts a pair once more. */
  count(first: number, second: number): void {
    const index = this.add(first, second); // may replace the arrays
    this.counts[index] += 1;
  }

  /** How often a pair was counted; 0 where it is not there. */
  countOf(first: number, second: number): number {
    const index = this.find(first, second);
    return index < 0 ? 0 : this.counts[index];
  }

  private slotOf(first: number, second: number): number {
    const mask = this.slots.length - 1;
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (let taken = this.slots[slot]; taken > 0; taken = this.slots[slot]) {
      if (this.firsts[taken - 1] === first && this.seconds[taken - 1] === second) {
        break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private grow(): void {
    const wider = (old: Int32Array) => {
      const array = new Int32Array(2 * old.length);
      array.set(old);
      return array;
    };
    this.firsts = wider(this.firsts);
    this.seconds = wider(this.seconds);
    this.counts = wider(this.counts);
    this.slots = new Int32Array(2 * this.slots.length);
    for (let index = 0; index < this.size; index++) {
      this.slots[this.slotOf(this.firsts[index], this.seconds[index])] = index + 1;
    }
  }
}
