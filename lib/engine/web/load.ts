import { host } from "../../host/host";
import { withMemory } from "./memory";
import { type Exports, WebModule } from "./module";
import { MODULES } from "./moduleBytes";
import { MOST_THREADS, Threads } from "./threads";

/** WebAssembly as far as it is used here; the language's own declarations leave it to those of pages. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
};

let known: WebModule | undefined;
let tried = false;

/**
 * The module, with the best instructions that this machine's WebAssembly has. Undefined where it has none of
 * SIMD, where a page may not compile, and where the environment sets KARENINA_OPERATIONS to "off".
 */
export function webModule(): WebModule | undefined {
  if (!tried) {
    tried = true;
    known = loadModule(host.process.environment.KARENINA_OPERATIONS, threadCount());
  }
  return known;
}

/** So many threads are taken unasked; more have gained little. */
const USUAL_THREADS = 4;

/**
 * How many threads are to compute: as many as the machine runs at once, four at most, or KARENINA_THREADS.
 *
 * @throws Error where KARENINA_THREADS is no whole number from 1 to 64
 */
export function threadCount({ environment, threads } = host.process): number {
  const wanted = environment.KARENINA_THREADS;
  if (!wanted) {
    return Math.min(USUAL_THREADS, threads?.processors ?? 1);
  }
  const count = Number(wanted);
  if (!Number.isInteger(count) || count < 1 || count > MOST_THREADS) {
    throw new Error(
      `KARENINA_THREADS is "${wanted}", but must be a whole number from 1 to ${MOST_THREADS}: how many threads ` +
        "train on WebAssembly.",
    );
  }
  return count;
}

/**
 * Loads the module.
 *
 * @param wanted the only instructions to try, or "off"
 * @param threads how many are to compute, where the host has any; by default one
 */
export function loadModule(wanted?: string, threads = 1): WebModule | undefined {
  if (wanted === "off" || typeof WebAssembly === "undefined") {
    return undefined;
  }
  const ofHost = threads > 1 ? host.process.threads : undefined;
  const names = Object.keys(MODULES);
  for (const name of names.includes(wanted ?? "") ? [wanted as string] : names) {
    const original = bytesOf(MODULES[name]);
    if (!WebAssembly.validate(original)) {
      continue;
    }
    try {
      const { bytes, memory, isShared } = withMemory(original, ofHost !== undefined);
      const module = new WebAssembly.Module(bytes);
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      return new WebModule(
        name,
        exports as Exports,
        memory,
        ofHost && isShared
          ? (stackAt) => new Threads(threads, ofHost, { module, memory }, stackAt)
          : undefined,
      );
    } catch {
      // A page may forbid to compile, and old browsers do outside of workers: TensorFlow.js goes on alone.
    }
  }
  return undefined;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
