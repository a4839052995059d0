import { KareninaError } from "../errors";
/** What lies at a path. */
export interface StoredEntry {
  kind: "file" | "folder" | "other";
  bytes: number;
}

/** A file that is open: bytes by their place in it. */
export interface StoredFile {
  /** How many bytes it has. */
  readonly bytes: number;
  /**
   * Reads up to `into.length` bytes from a place on.
   *
   * @returns how many were read; 0 at the end
   */
  read(into: Uint8Array, offset: number): number;
  close(): void;
}

/** A file that is being written, and that nobody sees before it is complete. */
export interface FileInTheMaking {
  /** Writes all bytes at a place, and returns the place after them. */
  write(bytes: Uint8Array, offset: number): number;
}

/**
 * Files. All of it at once and not by promises, because a cell's calculation reads and writes in its
 * middle. Errors have a `code` as Node.js has them (`ENOENT`, `EACCES`, `ENOSPC`).
 */
export interface Store {
  /** The whole path of a file; names that are not whole begin at the current folder. */
  resolve(...parts: string[]): string;
  /** The whole path of a file that comes with the library, such as `models/pretrained/README.md`. */
  ownFile(path: string): string;
  /** What lies at a path; undefined where nothing does. */
  look(path: string): StoredEntry | undefined;
  /** @throws Error with a `code` where there is no file, or none that may be read */
  read(file: string): Uint8Array;
  /** @throws Error with a `code`, as `read` */
  open(file: string): StoredFile;
  /**
   * Writes a file whole or not at all, whatever stops the process, and makes the folders above it.
   *
   * @throws Error naming the file, what went wrong and how to mend it, with the host's own error as its
   *   `cause`; an older file is untouched
   */
  write(file: string, contents: Uint8Array | string): void;
  /** As `write`, for contents that come bit by bit; an error of `fill` passes through. */
  writeInParts(file: string, fill: (made: FileInTheMaking) => Promise<void>): Promise<void>;
  /** Makes a folder and those above it, where they are missing. */
  makeFolder(folder: string): void;
  /** The names in a folder, sorted; none where there is no such folder. */
  list(folder: string): string[];
  /** Removes a file; nothing happens where there is none. */
  remove(file: string): void;
  /**
   * Does work while no other process does any for the same file: what is read, changed and written in
   * it loses nobody's changes. Not to be nested for one file.
   *
   * @throws Error naming the file, where another process keeps it for longer than 20 seconds, or where
   *   its folder cannot be written; what `work` throws passes through
   */
  exclusively<T>(file: string, work: () => T): T;
  /**
   * The whole path of a file in the folder that this user's programs keep what is the user's own in;
   * it need not be there. Undefined where this user has none.
   */
  userFile(name: string): string | undefined;
}

/** Bytes that are known before they are here, and addresses that serve them. */
export interface WantedBytes {
  bytes: number;
  /** SHA-256 in lower-case hexadecimal. */
  sha256: string;
  /** Tried in this order. */
  mirrors: readonly string[];
}

/** How long to wait for the network, and whom to tell. */
export interface FetchOptions {
  /** Seconds without a byte after which an address is given up. */
  stallSeconds: number;
  /** Seconds before a second try at the same address. */
  retryDelaySeconds: number;
  /** Gets the number of bytes so far. */
  onProgress: (bytes: number) => void;
}

/** One exact version of an npm package. */
export interface NpmPackage {
  package: string;
  version: string;
  /** `sha512-` and the hash in base64, as npm gives it. */
  integrity: string;
}

/** Thrown where the network did not give what was wanted: address by address, what was wrong. */
export class FetchError extends KareninaError {
  override name = "FetchError";
  readonly code = "fetch-failed";
}

/** Bytes of known hashes, from wherever the host may get them. */
export interface Fetcher {
  /** The registry of data sets that comes with the library: its JSON text, and where it lies. */
  registry(): { text: string; origin: string };
  /** The folder that downloads are kept in by default; undefined where this user has none. */
  cacheFolder(): string | undefined;
  /**
   * Bytes with the right length and hash.
   *
   * @throws FetchError naming each address and what was wrong with it
   */
  fetch(wanted: WantedBytes, options: FetchOptions): Promise<Uint8Array>;
  /**
   * Files of an npm package, by their path in it, without its dependencies and without running its
   * scripts. Absent where there is no npm; then `fetch` is asked for what would be made of them.
   *
   * @throws FetchError with npm's reason
   */
  npmFiles?(
    wanted: NpmPackage,
    needs: (path: string) => boolean,
  ): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** One thing in several forms by MIME type: text as strings, `+json` types as plain objects. */
export type MimeBundle = Readonly<Record<string, unknown>>;

export interface DisplayOptions {
  /** Names the output, so that a later display can take its place. */
  id?: string;
  /** Takes the place of the output with this id instead of adding one. Default false. */
  update?: boolean;
}

/** What a message through a channel carries besides its data. */
export interface CommParts {
  buffers?: Uint8Array[];
  metadata?: Record<string, unknown>;
}

/** A channel to something that a front end has drawn, such as a slider. */
export interface Comm {
  /** By which the front end knows it. */
  readonly id: string;
  send(data: unknown, parts?: CommParts): void;
  close(): void;
  /** Is called with what the front end sends, between two steps of whatever runs. */
  onMessage?: (data: unknown, buffers: Uint8Array[]) => void;
  /** Is called when the front end has closed it. */
  onClose?: () => void;
}

/** Where displays go: a notebook's front end, a terminal, or a list in a test. */
export interface DisplayTarget {
  /** "notebook" shows rich forms and replaces outputs; "terminal" prints text, line after line. */
  kind: "notebook" | "terminal";
  show(bundle: MimeBundle, options: DisplayOptions): void;
  /** Opens a channel to a target of the front end. Absent where nobody is there who could answer. */
  openComm?(target: string, data: unknown, parts: CommParts): Comm;
}

/** A progress bar at a terminal. */
export interface ProgressBar {
  /** @param text stands beside the bar */
  update(done: number, total: number, text: string): void;
  /** Prints a text above the bar. */
  log(text: string): void;
  stop(): void;
}

/** What people see. */
export interface Display {
  /** Where displays go by default. */
  target(): DisplayTarget;
  /** A bar with a title, where somebody looks on at a terminal; undefined where nobody does. */
  progressBar(title: string): ProgressBar | undefined;
}

/** A hash that grows with what is read. */
export interface GrowingHash {
  update(bytes: Uint8Array): void;
  /** The hash of all so far, in lower-case hexadecimal. */
  hex(): string;
}

/** Threads of this process beside the one that the library runs on. */
export interface HostThreads {
  /** How many threads the machine runs at once. */
  readonly processors: number;
  /**
   * Starts one that lives as long as the process, and keeps that from ending by nothing. Whether it comes to
   * run it has to say itself: nothing is heard of one that cannot.
   *
   * @param script JavaScript that needs nothing but the language, its WebAssembly and `data`
   * @param data a plain object with what threads can be given, such as shared memories and compiled modules
   * @throws Error where no thread can be started
   */
  start(script: string, data: object): void;
}

/** The process that the library runs in, and what its machine does best itself. */
export interface HostProcess {
  /** Variables of the environment, such as KARENINA_DATA, as they are now. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Unlike that of any other process: a page may show what several have made. */
  readonly id: string;
  /** Milliseconds by a clock that nobody sets. */
  now(): number;
  /**
   * Calls back, once, when the user asks to stop (Ctrl-C, Stop in a notebook without signals).
   *
   * @returns a function that ends listening
   */
  onStop(listener: () => void): () => void;
  /** Threads that share memory with this one. Absent where there are none, and where this one may not wait. */
  readonly threads?: HostThreads;
  /** Lets signals and messages come in before the work goes on. */
  nextTurn(): Promise<void>;
  /** Says a line that is no result: on stderr. */
  note(line: string): void;
  sha256(): GrowingHash;
  /** @throws Error saying what is wrong with the bytes */
  gunzip(bytes: Uint8Array): Uint8Array;
}

/** A figure of Plotly, as far as a picture is made of it. */
export interface FigureToDraw {
  readonly data: readonly object[];
  readonly layout: object;
}

/**
 * Draws a figure as SVG text; undefined where that takes a browser. Width and height in pixels, by
 * default those of the layout.
 */
export type DrawPicture = (
  figure: FigureToDraw,
  size: { width?: number; height?: number },
) => string | undefined;

/** Which build of TensorFlow.js answers to the library's `tf`. */
export interface Backend {
  /**
   * "native" is TensorFlow's C library, "wasm" its WebAssembly build (2 to 10 times slower), "webgpu" a
   * browser's graphics processor.
   */
  readonly name: "native" | "wasm" | "webgpu";
  /** Why this one, where it is not the native one; empty otherwise. */
  readonly reason: string;
  /** What helps where WebAssembly had to step in unasked; undefined where that is as it should be. */
  readonly remedy?: string;
  /** Hears, once, of the library's own WebAssembly module, when it is about to compute. Default: nobody does. */
  readonly onModule?: (module: ModuleSpeed) => void;
}

/** What the library's own WebAssembly module can do on this machine. */
export interface ModuleSpeed {
  /** The instructions that it is compiled for: "simd", or "relaxed" for SIMD and relaxed SIMD. */
  instructions: string;
  /** How many threads share large steps. */
  threads: number;
  /** Measures for some 50 to 150 ms how many multiplications one thread does in a second. */
  measure(): number;
}

/** The doors through which the library reaches the machine that it runs on. */
export interface Host {
  store: Store;
  fetcher: Fetcher;
  display: Display;
  process: HostProcess;
  backend: Backend;
  /** How still pictures are drawn. Default: there are none. */
  drawPicture: DrawPicture;
}

const opened: Partial<Host> = { drawPicture: () => undefined };

function door<Name extends keyof Host>(name: Name): Host[Name] {
  const found = opened[name];
  if (found) {
    return found as Host[Name];
  }
  throw new Error(
    `Nothing here lends the library its \`${name}\`. Import "karenina" before anything of its insides, or call registerHost() with a \`${name}\` of your own.`,
  );
}

/** What `registerHost` was given. */
export const host: Host = {
  get store() {
    return door("store");
  },
  get fetcher() {
    return door("fetcher");
  },
  get display() {
    return door("display");
  },
  get process() {
    return door("process");
  },
  get backend() {
    return door("backend");
  },
  get drawPicture() {
    return door("drawPicture");
  },
};

/**
 * Opens doors, or puts others in their place. `import "karenina"` opens those of Node.js.
 *
 * @returns a function that puts things back as they were
 */
export function registerHost(doors: Partial<Host>): () => void {
  const before = { ...opened };
  Object.assign(opened, doors);
  return () => {
    for (const name of Object.keys(doors)) {
      delete opened[name as keyof Host];
    }
    Object.assign(opened, before);
  };
}
