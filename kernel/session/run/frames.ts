import type { MappedSource } from "../compile/emit";
import { RUNTIME_NAME } from "../compile/instrument";
import type { SessionHost } from "../host";
import { type FramePlace, isFrame, placesIn } from "./engineTexts";
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

/** Puts the lines of stacks in terms of the texts that the user wrote, and tells which are not theirs. */
export class FrameMapper {
  private readonly sources = new Map<string, KnownSource>();
  private readonly names = new Map<string, KnownSource>();

  /** @param folder paths are shown from here */
  constructor(
    private readonly folder: string,
    protected readonly host: SessionHost,
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

  /**
   * A line of a stack with mapped places.
   *
   * @param file the path in it, where that is known
   * @param adjust gives the offset in a user's text that is meant by one
   */
  protected mapFrame(
    frame: string,
    file?: string,
    adjust = (_text: string, offset: number) => offset,
  ): string {
    let mapped = "";
    let at = 0;
    for (const { start, end, path, line, column } of this.placesIn(frame, file)) {
      mapped += frame.slice(at, start) + this.describe(path, line, column, adjust);
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

  private describe(
    path: string,
    line: number,
    column: number,
    adjust: (text: string, offset: number) => number,
  ): string {
    const known = this.sources.get(this.filePath(path));
    if (!known) {
      return `${this.shorter(path)}:${line}:${column}`;
    }
    const offset = known.text.originalOffset(line, column);
    if (offset === undefined) {
      return known.name;
    }
    const { original } = known.source;
    const place = placeAt(original, adjust(original, offset));
    return `${known.name}:${place.line}:${place.column}`;
  }

  /** A package's file as seen from the folder: like the rest of a stack it is the same on any machine. */
  private shorter(path: string): string {
    const absolute = this.filePath(path);
    const { isAbsolute, relative } = this.host.paths;
    const fromHere = isAbsolute(absolute) ? relative(this.folder, absolute) : path;
    return fromHere.length < path.length ? fromHere : path;
  }

  /** Is a line of a stack none that is to be shown? */
  protected isHidden(frame: string, file?: string): boolean {
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

  protected placesIn(frame: string, file?: string) {
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
}
