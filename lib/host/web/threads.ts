import type { HostThreads } from "../host";

/** What a page and its workers have, as far as it is used here. */
interface Scope {
  crossOriginIsolated?: boolean;
  DedicatedWorkerGlobalScope?: new () => object;
}

/** Workers live as long as somebody could send them messages. */
const workers: Worker[] = [];
/** By the scripts, which are the same each time. */
const addresses = new Map<string, string>();

function addressOf(script: string): string {
  let address = addresses.get(script);
  if (address === undefined) {
    const text = `onmessage = ({ data }) => {\n${script}\n};`;
    address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    addresses.set(script, address);
  }
  return address;
}

/**
 * Threads where the page is cross-origin isolated, such that its workers may share memory, and where this is one
 * of its workers: a page's own thread may not wait.
 */
export function webThreads(): HostThreads | undefined {
  const { crossOriginIsolated, DedicatedWorkerGlobalScope: Dedicated } = globalThis as Scope;
  const mayWait = Dedicated !== undefined && globalThis instanceof Dedicated;
  if (!crossOriginIsolated || !mayWait || typeof Worker === "undefined") {
    return undefined;
  }
  return {
    processors: navigator.hardwareConcurrency,
    start(script, data) {
      const worker = new Worker(addressOf(script));
      // As where the page's policy allows no such script: nobody has to be told.
      worker.onerror = (event) => event.preventDefault();
      worker.postMessage(data);
      workers.push(worker);
    },
  };
}
