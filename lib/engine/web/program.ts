import { type Group, LINE, OPERATIONS, type Operation, shareOf } from "./instructions";
import type { WebModule } from "./module";

/** How many numbers of 32 bits an instruction has. */
const WORDS = 16;

/** Where the structure Step of cpp/program.h has what, in numbers of its kind. */
const STEP = { bytes: 96, loss: 0, norm: 2, limits: 6, isFinite: 11, scalars: 12 };

/** Bits of a float32, as an instruction holds it. */
export function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0];
}

/** Numbers that the program reads, written once it has its place. */
type Input =
  | { at: number; count: number; floats: (into: Float32Array) => void }
  | { at: number; count: number; ints: (into: Int32Array) => void };

/** What a step reads besides its instructions. */
export interface StepSettings {
  /** The longest norm, the largest number, and λ of weight decay; 0 for none. */
  limits: readonly [clipNorm: number, clipValue: number, weightDecay: number];
  /** Those of an optimizer's rule. */
  scalars: readonly number[];
  /** Leaves all of it to the thread that runs it. Default false. */
  onOneThread?: boolean;
}

/** What a step says of itself. */
export interface StepOutcome {
  loss: number;
  norm: number;
}

/**
 * Instructions and the places of their numbers, while they are written. Places lie in the module's working
 * space, one behind the other, and nothing is written to them before {@link run}.
 */
export class Program {
  private readonly words: number[] = [];
  private readonly inputs: Input[] = [];
  private readonly groups: Group[] = [];
  /** The one that instructions are added to. */
  private open?: Group;
  private end: number;
  private scratch = 0;

  constructor(readonly module: WebModule) {
    this.end = module.workingSpace.address;
  }

  /** A place for `count` numbers. */
  place(count: number): number {
    const address = this.end;
    this.end += Math.ceil((4 * count) / 64) * 64;
    return address;
  }

  /** A place that float32 numbers are written to. */
  floats(count: number, write: (into: Float32Array) => void): number {
    const at = this.place(count);
    this.inputs.push({ at, count, floats: write });
    return at;
  }

  /** A place that int32 numbers are written to. */
  ints(count: number, write: (into: Int32Array) => void): number {
    const at = this.place(count);
    this.inputs.push({ at, count, ints: write });
    return at;
  }

  /** Adds an instruction; its numbers are those of its structure in cpp/program.h. */
  add(operation: Operation, ...numbers: number[]): void {
    const { work, most } = shareOf(operation, numbers);
    if (this.open) {
      this.open.count++;
      this.open.work += work;
      this.open.most = Math.max(this.open.most, most);
    } else {
      this.groups.push({ count: 1, work, most });
    }
    const begin = this.words.length;
    this.words.push(OPERATIONS.indexOf(operation), ...numbers);
    this.words.length = begin + WORDS;
    this.words.fill(0, begin + 1 + numbers.length);
  }

  /**
   * The instructions that `write` adds are done beside each other. None of them may read what another writes, except
   * what the same part of both has: of results of one size.
   */
  together<Result>(write: () => Result): Result {
    this.open = { count: 0, work: 0, most: 1 };
    this.groups.push(this.open);
    try {
      return write();
    } finally {
      this.open = undefined;
    }
  }

  /** Sees to it that operations have so many numbers to work with. */
  needScratch(count: number): void {
    this.scratch = Math.max(this.scratch, count);
  }

  /** Runs it, where the working space is large enough; else undefined, and the space is made larger. */
  run({ limits, scalars, onOneThread = false }: StepSettings): StepOutcome | undefined {
    const { module, words } = this;
    const instructions = this.place(words.length);
    const step = this.place(STEP.bytes / 4);
    const threads = onOneThread ? 1 : module.threadsFor(this.groups);
    const ofThread = Math.ceil(this.scratch / LINE) * LINE;
    const scratch = this.place(threads * ofThread);
    const { address, bytes } = module.workingSpace;
    if (this.end - address > bytes) {
      module.reserve(this.end - address);
      return undefined;
    }
    for (const input of this.inputs) {
      if ("floats" in input) {
        input.floats(module.floats(input.at, input.count));
      } else {
        input.ints(module.ints(input.at, input.count));
      }
    }
    module.ints(instructions, words.length).set(words);
    const numbers = module.floats(step, STEP.bytes / 4);
    numbers.fill(0);
    numbers.set(limits, STEP.limits);
    numbers.set(scalars, STEP.scalars);
    module.run({ instructions, step, scratch, scratchBytes: 4 * ofThread }, this.groups, threads);
    const said = module.doubles(step, STEP.bytes / 8);
    return { loss: said[STEP.loss], norm: said[STEP.norm] };
  }
}

/**
 * Writes a program and runs it.
 *
 * @param write may be called twice: the first time shows how much space the program needs
 * @returns what the program says of itself, and what `write` returned, whose places can be read until the
 *   next program runs
 */
export function runProgram<Written>(
  module: WebModule,
  settings: StepSettings,
  write: (program: Program) => Written,
): { outcome: StepOutcome; written: Written } {
  for (;;) {
    const program = new Program(module);
    const written = write(program);
    const outcome = program.run(settings);
    if (outcome) {
      return { outcome, written };
    }
  }
}
