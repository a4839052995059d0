import type { MappedSource } from "../compile/emit";
import { RUNTIME_NAME } from "../compile/instrument";
import type { SessionHost } from "../host";
import { type FramePlace, isFrame, mayQuoteCode, placesIn, plainMessage } from "./engineTexts";
import { MappedText, placeAt } from "./mappedText";

/** A file that runs, as far as it is one of the user's texts. */
export interface KnownSource {
  source: MappedSource;
  /** How errors call it. */
  name: string;
  text: MappedText;
  isCell: boolean;
}

/** The frame of a function whose name says that it is none of the user's, wherever it lies. */
const OWN_FUNCTION = new RegExp(`^\\s+at (?:async )?${RUNTIME_NAME}_`);

/** A frame that may be one of the accessors by which cells reach each other's variables. */
const ACCESSOR = /^\s+at (?:Object\.)?[gs]et /;

/** A place in a text that the user wrote; line and column from 1. */
export interface Place {
  name: string;
  line: number;
  column: number;
  /** The whole text. */
  text: string;
}

/**
 * Rewrites stack traces in terms of the texts that the user wrote, and leaves out the frames that
 * are not theirs. It works when a stack is taken, so code that prints an error's `stack` sees the
 * right lines too.
 */
export class StackMapper {
  private readonly sources = new Map<string, KnownSource>();
  private readonly names = new Map<string, KnownSource>();
  /** How code wants stacks to be made, where it does. */
  private own: typeof Error.prepareStackTrace | undefined = undefined;
  private readonly prepare = (error: Error, sites: NodeJS.CallSite[]): string => {
    this.quoteUser(error, sites[0]);
    const frames = sites.flatMap((site) => {
      const frame = `    at ${site}`;
      const path = site.getFileName() ?? undefined;
      return this.isHidden(frame, path) ? [] : [this.mapFrame(frame, path)];
    });
    return [this.headerOf(error), ...frames].join("\n");
  };

  /** @param folder paths are shown from here */
  constructor(
    private readonly folder: string,
    private readonly host: SessionHost,
  ) {}

  /**
   * Makes a running file known.
   *
   * @param cellName how errors call it, where it is a cell
   */
  add(file: string, source: MappedSource, cellName?: string): void {
    const name = cellName ?? this.host.paths.relative(this.folder, file);
    const text = new MappedText(source, this.host.engine);
    const known = { source, name, text, isCell: cellName !== undefined };
    this.sources.set(file, known);
    this.names.set(name, known);
  }

  /** The files that are known, in the order in which they began to run. */
  files(): string[] {
    return [...this.sources.keys()];
  }

  /** What is known of a file. */
  find(file: string): KnownSource | undefined {
    return this.sources.get(this.filePath(file));
  }

  /** Has stacks mapped as V8 takes them, for this whole thread. */
  install(): void {
    // Code may have stacks made in its own way. When it sets that back to nothing, it gets ours.
    Object.defineProperty(Error, "prepareStackTrace", {
      configurable: true,
      get: () => this.own ?? this.prepare,
      set: (own) => {
        this.own = own === this.prepare ? undefined : (own ?? undefined);
      },
    });
  }

  /** Looks at errors with stacks mapped, whatever code has made of that in the meantime. */
  during<T>(look: () => T): T {
    const own = Object.hasOwn(Error, "prepareStackTrace") ? this.own : undefined;
    this.install();
    this.own = undefined;
    try {
      return look();
    } finally {
      this.own = own;
    }
  }

  /** A stack's lines with mapped places. Mapping twice changes nothing. */
  mapStack(stack: string): string {
    return stack
      .split("\n")
      .filter((line) => !isFrame(line) || !this.isHidden(line))
      .map((line) => (isFrame(line) ? this.mapFrame(line) : line))
      .join("\n");
  }

  /** The innermost place of a mapped stack that lies in one of the user's texts. */
  firstPlace(stack: string): Place | undefined {
    for (const frame of stack.split("\n").filter(isFrame)) {
      for (const { path, line, column } of this.placesWhere(frame, (path) =>
        this.names.has(path),
      )) {
        const known = this.names.get(path);
        if (known) {
          return { name: known.name, line, column, text: known.source.original };
        }
      }
    }
    return undefined;
  }

  /** @param file the path in it, where that is known */
  private mapFrame(frame: string, file?: string): string {
    let mapped = "";
    let at = 0;
    for (const { start, end, path, line, column } of this.placesIn(frame, file)) {
      mapped += frame.slice(at, start) + this.describe(path, line, column);
      at = end;
    }
    mapped += frame.slice(at);
    // The function that a cell or a module is wrapped in is none of the user's. (In a browser, code that
    // has no name has that of `eval`.)
    return mapped.replace(
      /(^\s+at (?:async )?)(?:Object\.<anonymous> \(|(?:Object\.)?eval \((?!eval at ))(.+)\)$/,
      "$1$2",
    );
  }

  private describe(path: string, line: number, column: number): string {
    const known = this.sources.get(this.filePath(path));
    if (!known) {
      return `${this.shorter(path)}:${line}:${column}`;
    }
    const offset = known.text.originalOffset(line, column);
    if (offset === undefined) {
      return known.name;
    }
    const place = placeAt(known.source.original, offset);
    return `${known.name}:${place.line}:${place.column}`;
  }

  /** A package's file as seen from the folder: like the rest of a stack it is the same on any machine. */
  private shorter(path: string): string {
    const absolute = this.filePath(path);
    const { isAbsolute, relative } = this.host.paths;
    const fromHere = isAbsolute(absolute) ? relative(this.folder, absolute) : path;
    return fromHere.length < path.length ? fromHere : path;
  }

  private isHidden(frame: string, file?: string): boolean {
    if (OWN_FUNCTION.test(frame)) {
      return true;
    }
    const [place] = this.placesIn(frame, file);
    const path = file ?? place?.path;
    if (path === undefined) {
      return /\(node:|at node:/.test(frame);
    }
    if (ACCESSOR.test(frame) && place && this.isAhead(place)) {
      return true;
    }
    return path.startsWith("node:") || this.host.isMachinery(this.filePath(path));
  }

  /** Does a place lie in front of the user's text, where a cell's accessors are? */
  private isAhead({ path, line, column }: FramePlace): boolean {
    const known = this.sources.get(this.filePath(path));
    const offset = known ? known.text.editedOffset(line, column) : undefined;
    return known !== undefined && offset !== undefined && offset < known.source.start;
  }

  private placesIn(frame: string, file?: string) {
    return this.placesWhere(
      frame,
      (path) => path === file || this.sources.has(this.filePath(path)),
    );
  }

  private placesWhere(frame: string, isKnown: (path: string) => boolean) {
    return placesIn(frame, isKnown, this.host.paths.isAbsolute);
  }

  /** The path that a file URL stands for; anything else as it is. */
  private filePath(path: string): string {
    if (!path.startsWith("file:")) {
      return path;
    }
    try {
      return this.host.paths.fromUrl(path);
    } catch {
      return path;
    }
  }

  /**
   * The first line of a stack, as the platform writes it. It is not what the error's own `toString`
   * gives: that of a class may leave out the name, and objects without one get a header too.
   */
  private headerOf(error: unknown): string {
    try {
      const code = this.host.engine.codeOf(error);
      if (code !== undefined) {
        const { name, message } = error as Error;
        return `${name} [${code}]: ${message}`;
      }
      return Error.prototype.toString.call(error);
    } catch {
      return "Error";
    }
  }

  /** Puts an error's message in terms of the user's text, as is done whenever its stack is read. */
  putPlainly(error: unknown): void {
    try {
      void (mayQuoteCode(this.host.engine, error) && error.stack);
      if (this.host.engine.isError(error) && error instanceof AggregateError) {
        for (const each of error.errors) {
          this.putPlainly(each);
        }
      }
    } catch {
      // How code has stacks made may fail; the message stays as it is.
    }
  }

  /** The same for all errors in what `Promise.allSettled` gave, which is given back. */
  putOutcomesPlainly<T>(outcomes: T): T {
    if (Array.isArray(outcomes)) {
      for (const outcome of outcomes) {
        this.putPlainly(Object.getOwnPropertyDescriptor(Object(outcome), "reason")?.value);
      }
    }
    return outcomes;
  }

  /** Puts a message in which V8 quotes emitted code in terms of the user's. */
  private quoteUser(error: unknown, site: NodeJS.CallSite | undefined): void {
    if (!site || !mayQuoteCode(this.host.engine, error)) {
      return;
    }
    // Code that `eval` runs has a name of its own and no file.
    const file = site.getFileName() ?? site.getScriptNameOrSourceURL() ?? "";
    const known = this.sources.get(this.filePath(file));
    const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
    if (known && line !== null && column !== null) {
      const { javascript, edited, original } = known.source;
      const at = known.text.originalOffset(line, column) ?? original.length;
      const [before, place] = [original.slice(0, at), original.slice(at)];
      error.message = plainMessage(error.message, { javascript, edited, before, place });
    }
  }
}
