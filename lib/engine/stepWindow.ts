/**
 * What a transformer that writes has read and can still look at: at most C symbols of each of N sequences.
 * Where it is full, the newer half is read again from the beginning, so that every symbol is predicted from at
 * least C / 2 before it, at the places that the network was trained on.
 */
export class StepWindow {
  private readonly columns: Int32Array[] = [];

  /** @param capacity C */
  constructor(private readonly capacity: number) {}

  /** How many symbols it holds of each sequence. */
  get length(): number {
    return this.columns.length;
  }

  /** Whether nothing more can be looked at. */
  get isFull(): boolean {
    return this.columns.length >= this.capacity;
  }

  /** How many symbols can be added. */
  get room(): number {
    return this.capacity - this.columns.length;
  }

  /** Adds the N symbols of a step. */
  add(column: Int32Array): void {
    this.columns.push(column);
  }

  /** Forgets all, and returns the newer half [T][N], which is to be read again. */
  takeNewerHalf(): Int32Array[] {
    const half = this.columns.slice(this.columns.length - Math.floor(this.capacity / 2));
    this.columns.length = 0;
    return this.capacity > 1 ? half : [];
  }

  clear(): void {
    this.columns.length = 0;
  }
}
