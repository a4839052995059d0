import { tf } from "../tensorflow";
import { Blocks } from "./blocks";
import { type Group, partsOf } from "./instructions";
import { type ModuleMemory, PAGE } from "./memory";
import type { Threads } from "./threads";

/** What the module in cpp/ offers. Addresses and sizes are numbers. */
export interface Exports {
  __heap_base: { value: number };
  run(
    instructions: number,
    count: number,
    step: number,
    scratch: number,
    part: number,
    parts: number,
  ): void;
  productScratch(M: number, N: number, K: number): number;
  lstmScratch(T: number, N: number, H: number): number;
  simpleRnnScratch(N: number, H: number): number;
  gruScratch(N: number, H: number): number;
  attentionScratch(T: number, d: number): number;
}

/** Bytes of an instruction; see program.ts. */
const INSTRUCTION_BYTES = 64;

/**
 * From so many multiplications in a program on, a millisecond or two of them, threads are started: smaller steps are soon
 * over, and would hardly be sooner.
 */
const WORTH_THREADS = 2 ** 24;

/** The library's own operations in WebAssembly, and their memory. */
export class WebModule {
  private readonly blocks: Blocks;
  private working = { address: 0, bytes: 0 };
  /** The threads that share its memory. */
  readonly threads?: Threads;

  constructor(
    /** The set of instructions that it is compiled for. */
    readonly instructions: string,
    private readonly exports: Exports,
    private readonly memory: ModuleMemory,
    /** Makes the threads that share its memory; none where it has that alone. */
    makeThreads?: (stackAt: (bytes: number) => number) => Threads,
  ) {
    this.blocks = new Blocks(exports.__heap_base.value, (end) => this.growTo(end));
    this.threads = makeThreads?.((bytes) => this.blocks.take(bytes));
  }

  /** A place for `count` numbers that stays until it is given back. */
  take(count: number): number {
    return this.blocks.take(4 * count);
  }

  give(address: number): void {
    this.blocks.give(address);
  }

  /** How many bytes are in use, those of the working space among them. */
  get bytesInUse(): number {
    return this.blocks.used;
  }

  /** Where a step works; nothing in it outlasts the step. */
  get workingSpace(): { readonly address: number; readonly bytes: number } {
    return this.working;
  }

  /** Makes the working space at least so large. It may lie elsewhere afterwards. */
  reserve(bytes: number): void {
    this.blocks.give(this.working.address);
    this.working = { address: 0, bytes: 0 };
    this.working = { address: this.blocks.take(bytes), bytes };
  }

  /** Numbers in the memory. Whatever takes memory may leave the array without any: use it at once. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.settled(), address, count);
  }

  ints(address: number, count: number): Int32Array {
    return new Int32Array(this.settled(), address, count);
  }

  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.settled(), address, count);
  }

  /** How many threads may be at a program of such groups, each of which needs a scratch of its own. */
  threadsFor(groups: readonly Group[]): number {
    const { threads } = this;
    const shared = groups.reduce((sum, { work, most }) => sum + (most > 1 ? work : 0), 0);
    if (!threads || shared < WORTH_THREADS) {
      return 1;
    }
    threads.start();
    return threads.ready > 1 ? threads.count : 1;
  }

  /** Goes through instructions; see cpp/program.h. */
  run(
    at: { instructions: number; step: number; scratch: number; scratchBytes: number },
    groups: readonly Group[],
    threads: number,
  ): void {
    const { exports } = this;
    const { step, scratch } = at;
    const most = threads > 1 && this.threads ? this.threads.ready : 1;
    let { instructions } = at;
    for (let next = 0; next < groups.length; ) {
      let { count } = groups[next];
      const parts = partsOf(groups[next++], most);
      // Groups without parts, one behind the other, are one call.
      while (parts === 1 && next < groups.length && partsOf(groups[next], most) === 1) {
        count += groups[next++].count;
      }
      if (parts === 1) {
        exports.run(instructions, count, step, scratch, 0, 1);
      } else {
        this.threads?.run({ ...at, instructions, count, parts }, (part) =>
          exports.run(instructions, count, step, scratch, part, parts),
        );
      }
      instructions += INSTRUCTION_BYTES * count;
    }
  }

  productScratch(M: number, N: number, K: number): number {
    return this.exports.productScratch(M, N, K);
  }

  lstmScratch(T: number, N: number, H: number): number {
    return this.exports.lstmScratch(T, N, H);
  }

  simpleRnnScratch(N: number, H: number): number {
    return this.exports.simpleRnnScratch(N, H);
  }

  gruScratch(N: number, H: number): number {
    return this.exports.gruScratch(N, H);
  }

  attentionScratch(T: number, d: number): number {
    return this.exports.attentionScratch(T, d);
  }

  /** The memory, when no thread is at work in it any more. */
  private settled(): ArrayBuffer {
    this.threads?.settle();
    return this.memory.buffer;
  }

  private growTo(end: number): void {
    const { memory } = this;
    const missing = end - memory.buffer.byteLength;
    if (missing <= 0) {
      return;
    }
    try {
      memory.grow(Math.ceil(missing / PAGE));
    } catch (cause) {
      const megabytes = Math.ceil(end / 2 ** 20);
      throw new Error(
        `Training on WebAssembly needs ${megabytes} MB here, more than it gets: 4 GB at most, and no more ` +
          "than is free. Try a smaller batch or shorter sequences.",
        { cause },
      );
    }
  }
}

/** What lies at a place, as a tensor with memory of its own. */
export function tensorAt(module: WebModule, address: number, shape: number[]): tf.Tensor {
  const count = shape.reduce((product, n) => product * n, 1);
  const numbers = module.floats(address, count);
  // The backend of WebAssembly copies them; others may go on to read them where they are.
  return tf.tensor(tf.getBackend() === "wasm" ? numbers : numbers.slice(), shape);
}
