import type { tf } from "../tensorflow";
import { type Handle, release } from "./operations";
import { type Contents, contentsOf, copy, handleOf, renewContents } from "./tensors";

/**
 * A variable's numbers in memory that nobody else can reach, so that an operation may write to it in place.
 *
 * The variable itself gets no numbers until somebody asks for them, and then a copy of its own, which is
 * dropped at the next step. So whatever was made of the variable before a step, a clone, a slice that shares
 * its memory, an array, keeps what it showed. A training loop that only trains never asks and never copies.
 */
export class OwnedWeights {
  /** The memory of our own; undefined before the first step. */
  private own: Handle | undefined;
  /** What stands for the variable inside tfjs since the last step. */
  private contents: Contents | undefined;
  /** The copy that somebody has asked for since the last step. */
  private lent: Handle | undefined;

  constructor(private readonly variable: tf.Variable) {}

  /**
   * The memory, for a step to read and write. Takes over what others have set the variable to, by setWeights
   * or from a checkpoint, and takes back what was lent.
   */
  claim(): Handle {
    const before = contentsOf(this.variable);
    if (this.own === undefined || before === undefined || !this.isOurs(before)) {
      // Copied, because others may share the memory without a trace here.
      const taken = copy(handleOf(this.variable));
      if (this.own !== undefined) {
        release(this.own);
      }
      this.own = taken;
      this.lent = undefined;
      this.contents = renewContents(this.variable);
      this.stand(this.contents);
    } else if (before.refCount > 1) {
      // Clones keep the contents, with a copy that is theirs from now on; the variable gets others.
      settle(before, this.lend());
      this.lent = undefined;
      this.contents = renewContents(this.variable);
      this.stand(this.contents);
    } else if (this.lent !== undefined) {
      release(this.lent);
      this.lent = undefined;
    }
    return this.own;
  }

  /** Gives the numbers back to the variable. */
  dispose(): void {
    const { own, contents } = this;
    if (own === undefined) {
      return;
    }
    const isLast = !this.variable.isDisposed && contents !== undefined && this.isOurs(contents);
    if (isLast && this.lent === undefined) {
      settle(contents, own);
    } else {
      if (isLast) {
        settle(contents, this.lend());
      }
      release(own);
    }
    this.own = undefined;
    this.contents = undefined;
    this.lent = undefined;
  }

  /** Whether these contents still lead here: whoever sets a variable gives it others, or a handle. */
  private isOurs(contents: Contents): boolean {
    const read = Object.getOwnPropertyDescriptor(contents, "id")?.get;
    return contents === this.contents && read === this.lend;
  }

  /** Lets the contents ask here for their handle. */
  private stand(contents: Contents): void {
    Object.defineProperty(contents, "id", {
      get: this.lend,
      set: (handle: Handle) => settle(contents, handle),
      configurable: true,
      enumerable: true,
    });
  }

  private readonly lend = (): Handle => {
    this.lent ??= copy(this.own as Handle);
    return this.lent;
  };
}

/** Lets contents have a handle of their own again. */
function settle(contents: Contents, handle: Handle): void {
  Object.defineProperty(contents, "id", {
    value: handle,
    writable: true,
    configurable: true,
    enumerable: true,
  });
}
