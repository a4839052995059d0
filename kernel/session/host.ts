/** The TypeScript compiler's public API. */
export type TypeScript = typeof import("typescript");

/**
 * All that a session needs of the program that it runs in. The session itself is plain TypeScript:
 * it knows no file system, no module system and no process. (The compiler brings a way of its own
 * to read files, `sys`.)
 */
export interface SessionHost {
  /** Where cells are, unless a session is given another folder: an absolute path. */
  readonly folder: string;
  /** Where to find declarations of the platform for projects that have none of their own. */
  readonly typesFolder: string;
  readonly files: Files;
  readonly paths: Paths;
  readonly modules: ModuleSystem;
  readonly engine: Engine;
  /** Emitted modules, so that what one session has emitted the next need not emit again. */
  readonly kept: KeptTexts;
  /**
   * Has the shell of the system run a command, whose output goes where the program's own goes.
   * @throws where there is no shell
   */
  startCommand(command: string): StartedCommand;
  /** Does a file belong to the machinery that runs cells? Stacks leave out its frames. */
  isMachinery(file: string): boolean;
  /**
   * The compiler for the project that a folder belongs to.
   * @throws Error where there is none
   */
  loadTypeScript(folder: string): TypeScript;
  /**
   * What to tell people whose code imports a package that is not there, in a sentence. Default: how to
   * install it by a package manager.
   */
  packageAdvice?(specifier: string): string;
}

/** A command that the shell runs. */
export interface StartedCommand {
  /** How it ended: a number, or the signal that ended it. Rejects where it could not be started. */
  readonly ended: Promise<{ code: number | undefined; signal: string | undefined }>;
  /** Ends it, and all that it has started. */
  stop(): void;
}

/** What a session asks of the file system. */
export interface Files {
  /** When a file was last changed, in milliseconds, and its size in bytes; undefined where there is none. */
  status(file: string): { modified: number; size: number } | undefined;
  /**
   * A file's text, read as UTF-8.
   * @throws where it cannot be read
   */
  read(file: string): string;
  /** A path without symbolic links; the path itself where nothing is there. */
  realPath(path: string): string;
}

/** How paths are written. */
export interface Paths {
  join(...parts: string[]): string;
  dirname(path: string): string;
  basename(path: string): string;
  relative(from: string, to: string): string;
  isAbsolute(path: string): boolean;
  toUrl(path: string): string;
  /** @throws where a file URL names no path */
  fromUrl(url: string): string;
}

/** Modules that are not the user's own files: packages, and those of the platform. */
export interface ModuleSystem {
  /** Is it a module of the platform, such as `node:fs`? */
  isBuiltIn(specifier: string): boolean;
  /** Folders in which packages are looked for last of all. */
  globalFolders(): readonly string[];
  /**
   * Loads a module for code in the file `from`, whether or not `require` could, so that `require`
   * gives it from then on.
   *
   * @throws whatever goes wrong
   */
  import(specifier: string, from: string): Promise<unknown>;
  /** The function that code in the file `from` calls to load modules synchronously. */
  requireFrom(from: string): Require;
}

export interface Require {
  (specifier: string): unknown;
  /** The file that a specifier stands for, or the name of a module of the platform. */
  resolve(specifier: string): string;
}

/** What the engine that runs JavaScript can do beyond the language. */
export interface Engine {
  /** How many lines {@link compile} puts before the code's first, as stacks count them. */
  readonly headLines: number;
  /**
   * Compiles code as the body of a function.
   * @param options `file`: how stacks call it; `async`: may the code await?
   */
  compile(
    javascript: string,
    parameters: readonly string[],
    options: { file: string; async: boolean },
  ): (...values: unknown[]) => unknown;
  /** Is a value an error of the language itself? To be found out without touching it. */
  isError(value: unknown): value is Error;
  /** The code that the first line of a stack gives in brackets, for errors of the platform. */
  codeOf(error: unknown): string | undefined;
  /** @param json a source map, as the compiler writes it */
  readSourceMap(json: string): SourceMapReader;
  /**
   * For engines that take an element of shared memory for one that stays as it is where nothing in a
   * loop changes it, as SpiderMonkey does: gives what loops look at in its place.
   */
  flagOver?(memory: Int32Array): { readonly raised: number };
  /** For engines that do not let `Error.prepareStackTrace` write stacks, as V8 does. */
  readonly stacks?: ForeignStacks;
}

/** The stacks of an engine other than V8. */
export interface ForeignStacks {
  /**
   * Has a function write what code reads as an error's `stack`. When it is called again, the new
   * function takes the place of the last.
   */
  watch(write: WriteStack): void;
  /** Writes the stack of an error that holds what the engine has written. Any value will do. */
  rewrite(error: unknown): void;
  /**
   * Called where code awaits a value, before it does: errors that the value rejects with get a line
   * for that place, as in V8.
   * @returns the value
   */
  awaited<T>(value: T): T;
}

/**
 * @param calls what the engine has written: the calls alone
 * @param awaits stacks of the places that have awaited the error since, the innermost first
 */
export type WriteStack = (error: unknown, calls: string, awaits: readonly string[]) => string;

/** A source map. Lines and columns count from 0. */
export interface SourceMapReader {
  /** The last mapped place at or before one in the running code. */
  find(line: number, column: number): MappedPlace | undefined;
}

export interface MappedPlace {
  generatedLine: number;
  generatedColumn: number;
  originalLine: number;
  originalColumn: number;
}

/** Texts that outlive the process, each by all that decides what it is. */
export interface KeptTexts {
  get(key: readonly string[]): string | undefined;
  /** Where nothing can be kept, this does nothing. */
  put(key: readonly string[], text: string): void;
  /** Removes the oldest where there are too many. */
  prune(): void;
}
