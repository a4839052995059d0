import { inspect, types } from "node:util";

/** Rejects a promise. */
type Reject = (reason: unknown) => void;

/** A promise of a cell that Stop is to reject. */
export interface Pending {
  promise: Promise<unknown> | undefined;
  reject: Reject | undefined;
  /** In place of the two above, once the event loop has moved on. */
  weak?: WeakRef<Promise<unknown>>;
}

/** How many may be held before the ones that nobody can wait for any more are looked for. */
const ENOUGH = 1000;

/**
 * How many of the last ones are held while their cell runs. One that nobody can settle may be gone
 * otherwise before Stop rejects it, and the code that awaits it would never clean up.
 */
const KEPT = 100;

/** How to reject promises that are held weakly: for as long as there is somebody to wait for them. */
const rejects = new WeakMap<Promise<unknown>, Reject>();

/**
 * The promises of one cell that have yet to settle, so that they can be rejected. Most settle
 * soon. Those that outlive the turn of the event loop in which they were made are held weakly, but
 * for the last ones while the cell runs: promises that never settle must not keep in memory all
 * that waits for them.
 */
export class PendingPromises {
  private readonly all = new Set<Pending>();
  private fresh: Pending[] = [];
  private enough = ENOUGH;
  private kept = KEPT;
  private isPlanned = false;

  constructor(private readonly later: (callback: () => void) => void) {}

  add(promise: Promise<unknown>, reject: Reject): Pending {
    const pending: Pending = { promise, reject };
    this.all.add(pending);
    this.fresh.push(pending);
    if (!this.isPlanned) {
      this.isPlanned = true;
      this.later(() => this.weaken());
    }
    return pending;
  }

  delete(pending: Pending): void {
    this.all.delete(pending);
    pending.promise = undefined;
    pending.reject = undefined;
    if (this.fresh.length > ENOUGH && this.fresh.length > 2 * this.all.size) {
      this.fresh = this.fresh.filter(({ promise }) => promise);
    }
  }

  /** The cell has ended: from here on all are held weakly. */
  release(): void {
    this.kept = 0;
    this.weaken();
  }

  /** Does anybody wait, as far as can be known? */
  get some(): boolean {
    this.sweep();
    return this.all.size > 0;
  }

  /** Rejects them all; of those that have been resolved nobody notices. */
  rejectAll(reason: unknown): void {
    for (const { promise, reject, weak } of this.all) {
      const held = promise ?? weak?.deref();
      (reject ?? (held && rejects.get(held)))?.(reason);
    }
    this.all.clear();
    this.fresh = [];
  }

  private weaken(): void {
    this.isPlanned = false;
    const open = this.fresh.filter(({ promise }) => promise);
    this.fresh = open.splice(Math.max(0, open.length - this.kept));
    for (const pending of open) {
      const { promise, reject } = pending;
      if (promise && reject) {
        rejects.set(promise, reject);
        pending.weak = new WeakRef(promise);
        pending.promise = undefined;
        pending.reject = undefined;
      }
    }
    if (this.all.size > this.enough) {
      this.sweep();
      this.enough = Math.max(ENOUGH, 2 * this.all.size);
    }
  }

  private sweep(): void {
    for (const pending of this.all) {
      if (pending.weak && !pending.weak.deref()) {
        this.all.delete(pending);
      }
    }
  }
}

const { prototype } = Promise;

/** Has a promise of the language itself, of no class derived from it, yet to settle? */
export function isPendingPromise(value: unknown): value is Promise<unknown> {
  // Of a number V8 sees at once that it is no object; it cannot see into Node's `isPromise`.
  if (typeof value !== "object" || value === null || !types.isPromise(value)) {
    return false;
  }
  if (Object.getPrototypeOf(value) !== prototype) {
    return false;
  }
  // Only this looks at a promise's state without waiting for it.
  const shown = inspect(value, {
    customInspect: false,
    depth: 0,
    maxArrayLength: 0,
    maxStringLength: 0,
  });
  return /^Promise \{\s*<pending>/.test(shown);
}
