// The part of Node's `process` that the kernel and cells use. What nobody catches comes as its events.
type Listener = (...parameters: never[]) => void;

const listeners = new Map<string, Set<Listener>>();

/** Says something to those who listen; were there any? */
function emit(event: string, ...parameters: unknown[]): boolean {
  const heard = [...(listeners.get(event) ?? [])];
  for (const listener of heard) {
    listener(...(parameters as never[]));
  }
  return heard.length > 0;
}

function on(event: string, listener: Listener) {
  listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
  return webProcess;
}

function off(event: string, listener: Listener) {
  listeners.get(event)?.delete(listener);
  return webProcess;
}

function once(event: string, listener: Listener) {
  const heard: Listener = (...parameters) => {
    off(event, heard);
    listener(...parameters);
  };
  return on(event, heard);
}

/** Where text goes that is written to a standard stream; the worker says. */
const stream = () => ({ isTTY: false, write: (_text: unknown): boolean => true });

const hrtime = () => {
  const now = performance.now();
  return [Math.floor(now / 1000), Math.round((now % 1000) * 1e6)];
};

export const webProcess = {
  env: {} as Record<string, string | undefined>,
  argv: ["node"],
  execArgv: [],
  platform: "browser",
  arch: "wasm32",
  // By this, libraries know a browser.
  browser: true,
  /** That of the Node whose modules are imitated here. */
  version: "v20.0.0",
  versions: { node: "20.0.0" },
  pid: 1,
  exitCode: undefined,
  cwd: () => "/home/notebooks",
  exit: () => {},
  abort: () => {},
  emitWarning: (warning: unknown) => console.warn(String(warning)),
  nextTick: (callback: (...parameters: unknown[]) => void, ...parameters: unknown[]) =>
    queueMicrotask(() => callback(...parameters)),
  hrtime: Object.assign(hrtime, { bigint: () => BigInt(Math.round(performance.now() * 1e6)) }),
  uptime: () => performance.now() / 1000,
  memoryUsage: () => {
    const heap = (performance as { memory?: { usedJSHeapSize: number } }).memory;
    const heapUsed = heap?.usedJSHeapSize ?? 0;
    return { rss: heapUsed, heapTotal: heapUsed, heapUsed, external: 0, arrayBuffers: 0 };
  },
  stdout: stream(),
  stderr: stream(),
  on,
  once,
  off,
  addListener: on,
  removeListener: off,
  emit,
  listenerCount: (event: string) => listeners.get(event)?.size ?? 0,
};

export default webProcess;
