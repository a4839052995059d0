import { host } from "../../host/host";
import { tf } from "../tensorflow";
import { Blocks } from "./blocks";
import { MODULES } from "./moduleBytes";

/** WebAssembly as far as it is used here; the language's own declarations leave it to those of pages. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};

/** What the module in cpp/ offers. Addresses and sizes are numbers. */
interface Exports {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  __heap_base: { value: number };
  run(instructions: number, count: number, step: number, scratch: number): void;
  productScratch(M: number, N: number, K: number): number;
  lstmScratch(T: number, N: number, H: number): number;
  simpleRnnScratch(N: number, H: number): number;
  gruScratch(N: number, H: number): number;
}

/** One page of a WebAssembly memory, in bytes. */
const PAGE = 2 ** 16;

/** The library's own operations in WebAssembly, and their memory. */
export class WebModule {
  private readonly blocks: Blocks;
  private working = { address: 0, bytes: 0 };

  constructor(
    /** The set of instructions that it is compiled for. */
    readonly instructions: string,
    private readonly exports: Exports,
  ) {
    this.blocks = new Blocks(exports.__heap_base.value, (end) => this.growTo(end));
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
    return new Float32Array(this.exports.memory.buffer, address, count);
  }

  ints(address: number, count: number): Int32Array {
    return new Int32Array(this.exports.memory.buffer, address, count);
  }

  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.exports.memory.buffer, address, count);
  }

  /** Goes through instructions; see cpp/program.h. */
  run(at: { instructions: number; step: number; scratch: number }, count: number): void {
    this.exports.run(at.instructions, count, at.step, at.scratch);
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

  private growTo(end: number): void {
    const { memory } = this.exports;
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

let known: WebModule | undefined;
let tried = false;

/**
 * The module, with the best instructions that this machine's WebAssembly has. Undefined where it has none of
 * SIMD, where a page may not compile, and where the environment sets KARENINA_OPERATIONS to "off".
 */
export function webModule(): WebModule | undefined {
  if (!tried) {
    tried = true;
    known = load(host.process.environment.KARENINA_OPERATIONS);
  }
  return known;
}

function load(wanted: string | undefined): WebModule | undefined {
  if (wanted === "off" || typeof WebAssembly === "undefined") {
    return undefined;
  }
  const names = Object.keys(MODULES);
  for (const name of names.includes(wanted ?? "") ? [wanted as string] : names) {
    const bytes = bytesOf(MODULES[name]);
    if (!WebAssembly.validate(bytes)) {
      continue;
    }
    try {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
      return new WebModule(name, exports as Exports);
    } catch {
      // A page may forbid to compile, and old browsers do outside of workers: TensorFlow.js goes on alone.
    }
  }
  return undefined;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
