import type { HostThreads } from "../../host/host";
import type { ModuleMemory } from "./memory";

// Threads that share the work of a program: instances of the module on one memory. All that they say to each
// other are the words below, in a memory of their own, read and written by Atomics, which also brings about that
// each sees what others have computed before. A thread takes whatever part is next; nobody waits for one that
// has taken none, so that one that starts late, or never, holds nothing up. Idle threads sleep.

/**
 * What the words are. CLAIM has in its lowest byte how many parts nobody has taken yet, and above it a number
 * that no other round had: what follows is only written while no part is left, and nobody takes a part of
 * another round than the one that it has read of. From STATES on there is one for each thread: 1 while it may
 * be at a part.
 */
const WORDS = {
  CLAIM: 0,
  READY: 1,
  FAILED: 2,
  INSTRUCTIONS: 3,
  COUNT: 4,
  STEP: 5,
  SCRATCH: 6,
  SCRATCH_BYTES: 7,
  PARTS: 8,
  STATES: 9,
};
const { CLAIM, READY, FAILED, STATES } = WORDS;

/** The most threads, such that parts are counted by a byte. */
export const MOST_THREADS = 64;

/** A stack has room for what the module's functions put there, with plenty to spare. */
const STACK_BYTES = 2 ** 16;

/** How often it is looked for news before a thread sleeps: some microseconds, less than to wake takes. */
const LOOKS = 500;

/** Instructions of a program that are done beside each other. */
export interface Round {
  instructions: number;
  count: number;
  step: number;
  scratch: number;
  /** From the scratch of a thread to that of the next. */
  scratchBytes: number;
  parts: number;
}

/** What a thread is given: which it is, from 1 on, and what it shares. */
interface ThreadData {
  module: object;
  memory: ModuleMemory;
  words: Int32Array;
  thread: number;
  /** Where its stack ends: it grows towards lower addresses. */
  stack: number;
}

const NAMES = Object.entries(WORDS).map(([name, place]) => `${name} = ${place}`);

/** A thread, as text, so that no bundler has to know of it. */
const SCRIPT = `
const { module, memory, words, thread, stack } = data;
const ${NAMES.join(", ")}, OWN = STATES + thread - 1;
const { run, __stack_pointer } = new WebAssembly.Instance(module, { env: { memory } }).exports;
__stack_pointer.value = stack;
Atomics.add(words, READY, 1);
Atomics.notify(words, READY);
for (let looks = 0; ; ) {
  const seen = Atomics.load(words, CLAIM);
  if ((seen & 255) === 0) {
    if (++looks > ${LOOKS}) {
      looks = 0;
      Atomics.wait(words, CLAIM, seen);
    }
    continue;
  }
  looks = 0;
  Atomics.store(words, OWN, 1);
  if (Atomics.compareExchange(words, CLAIM, seen, seen - 1) === seen) {
    const parts = words[PARTS];
    const scratch = words[SCRATCH] + thread * words[SCRATCH_BYTES];
    try {
      run(words[INSTRUCTIONS], words[COUNT], words[STEP], scratch, parts - (seen & 255), parts);
    } catch {
      Atomics.store(words, FAILED, 1);
    }
  }
  Atomics.store(words, OWN, 0);
  Atomics.notify(words, OWN);
}
`;

/** The threads beside the one that has made them. */
export class Threads {
  private readonly words = new Int32Array(
    new SharedArrayBuffer(4 * (STATES + MOST_THREADS)) as unknown as ArrayBuffer,
  );
  private round = 0;
  private started = false;

  /**
   * @param count how many there are with the one that makes them
   * @param stackAt where so many bytes are that nobody else uses
   */
  constructor(
    readonly count: number,
    private readonly host: HostThreads,
    private readonly shared: { module: object; memory: ModuleMemory },
    private readonly stackAt: (bytes: number) => number,
  ) {}

  /** How many can take parts by now, the one that asks among them. */
  get ready(): number {
    return 1 + Atomics.load(this.words, READY);
  }

  /** Starts them, where they have not been. Those that cannot start are not there, and that is all. */
  start(): void {
    if (this.started) {
      return;
    }
    this.started = true;
    for (let thread = 1; thread < this.count; thread++) {
      const { words } = this;
      try {
        const stack = this.stackAt(STACK_BYTES) + STACK_BYTES;
        const data: ThreadData = { ...this.shared, words, thread, stack };
        this.host.start(SCRIPT, data);
      } catch {
        return;
      }
    }
  }

  /** Waits until all are ready, or for so many milliseconds. */
  waitUntilReady(milliseconds: number): boolean {
    const until = Date.now() + milliseconds;
    for (let ready = this.ready; ready < this.count; ready = this.ready) {
      const left = until - Date.now();
      if (left <= 0) {
        return false;
      }
      Atomics.wait(this.words, READY, ready - 1, left);
    }
    return true;
  }

  /**
   * Has the parts of a round done, by whichever thread comes first.
   *
   * @param own does one of them on this thread
   * @throws Error where a thread could not go on; what it should have computed is not there then
   */
  run(round: Round, own: (part: number) => void): void {
    // What ended this function in its middle the last time, as a cell's Stop may, has left others at work.
    this.settle();
    const { words } = this;
    const { parts } = round;
    const { INSTRUCTIONS, COUNT, STEP, SCRATCH, SCRATCH_BYTES, PARTS } = WORDS;
    words[INSTRUCTIONS] = round.instructions;
    words[COUNT] = round.count;
    words[STEP] = round.step;
    words[SCRATCH] = round.scratch;
    words[SCRATCH_BYTES] = round.scratchBytes;
    words[PARTS] = parts;
    this.round = (this.round + 1) & 0x7fffff;
    Atomics.store(words, CLAIM, (this.round << 8) | parts);
    Atomics.notify(words, CLAIM, parts - 1);
    for (;;) {
      const seen = Atomics.load(words, CLAIM);
      const left = seen & 255;
      if (left === 0) {
        break;
      }
      if (Atomics.compareExchange(words, CLAIM, seen, seen - 1) === seen) {
        own(parts - left);
      }
    }
    this.settle();
    if (Atomics.exchange(words, FAILED, 0) === 1) {
      throw new Error(
        "A thread of the WebAssembly module failed. KARENINA_THREADS=1 does without.",
      );
    }
  }

  /**
   * Leaves no part to take, and waits for those that have been taken. Between rounds there are none, unless a
   * round was ended in its middle.
   */
  settle(): void {
    const { words } = this;
    Atomics.and(words, CLAIM, ~255);
    for (let state = STATES; state < STATES + this.count - 1; state++) {
      for (let looks = 0; Atomics.load(words, state) === 1; ) {
        if (++looks > LOOKS) {
          Atomics.wait(words, state, 1);
        }
      }
    }
  }
}
