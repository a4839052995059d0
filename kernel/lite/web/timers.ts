// Node's timers: objects that can be told not to keep a process alive, which no browser's page needs.
type Callback = (...parameters: unknown[]) => unknown;

const own = {
  setTimeout: globalThis.setTimeout.bind(globalThis) as unknown as (
    callback: () => void,
    delay?: number,
  ) => number,
  clearTimeout: globalThis.clearTimeout.bind(globalThis) as unknown as (id: number) => void,
};

export class Timeout {
  private id = 0;
  private over = false;

  constructor(
    private readonly callback: () => void,
    private readonly delay: number,
    private readonly repeats: boolean,
  ) {
    this.start();
  }

  private start(): void {
    this.id = own.setTimeout(() => {
      if (this.repeats) {
        this.start();
      }
      this.callback();
    }, this.delay);
  }

  close(): this {
    this.over = true;
    own.clearTimeout(this.id);
    return this;
  }

  refresh(): this {
    own.clearTimeout(this.id);
    if (!this.over) {
      this.start();
    }
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.toPrimitive](): number {
    known.set(this.id, new WeakRef(this));
    return this.id;
  }
}

/** Those whose number has been asked for, by which they can be cleared, too. */
const known = new Map<number, WeakRef<Timeout>>();

const timer =
  (repeats: boolean) =>
  (callback: Callback, delay?: number, ...parameters: unknown[]) =>
    new Timeout(() => void callback(...parameters), Number(delay) || 0, repeats);

function clear(timeout: unknown): void {
  const held = typeof timeout === "object" ? timeout : known.get(Number(timeout))?.deref();
  (held as Timeout | null | undefined)?.close?.();
}

const queue: { run?: () => void }[] = [];
let door: MessagePort | undefined;

/** A message comes sooner than any timer does, and behind all that came before it. */
function openDoor(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => queue.shift()?.run?.();
  return port2;
}

function setImmediate(callback: Callback, ...parameters: unknown[]) {
  const immediate = { run: () => void callback(...parameters) };
  queue.push(immediate);
  door ??= openDoor();
  door.postMessage(0);
  return immediate;
}

const timers = {
  setTimeout: timer(false),
  setInterval: timer(true),
  setImmediate,
  clearTimeout: clear,
  clearInterval: clear,
  clearImmediate: (immediate?: { run?: () => void }) => {
    if (immediate) {
      immediate.run = undefined;
    }
  },
};

export default timers;
