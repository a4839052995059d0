import { SourceMap } from "node:module";
import { isAbsolute, relative } from "node:path";

/** What is needed to find the place in the user's text from a place in the running code. */
export interface MappedSource {
  /** The compiler's source map as JSON: from the running code to the edited text. */
  sourceMap: string;
  /** The text as the compiler saw it. */
  edited: string;
  /** The text as the user wrote it. */
  original: string;
  toOriginal(offset: number): number;
}

interface KnownSource {
  source: MappedSource;
  name: string;
  parsed?: SourceMap;
}

/** A place in a text that the user wrote; line and column from 1. */
export interface Place {
  name: string;
  line: number;
  column: number;
  /** The whole text. */
  text: string;
}

const LOCATION = /((?:file:\/\/)?[^\s()]+?):(\d+):(\d+)/g;

/**
 * Rewrites stack traces in terms of the texts that the user wrote, and leaves out the frames that
 * are not theirs. It works when a stack is taken, so code that prints an error's `stack` sees the
 * right lines too.
 */
export class StackMapper {
  private readonly sources = new Map<string, KnownSource>();

  /**
   * @param folder paths are shown from here
   * @param hidden is a file part of the machinery that runs the code?
   */
  constructor(
    private readonly folder: string,
    private readonly hidden: (file: string) => boolean,
  ) {}

  /** Makes a running file known. */
  add(file: string, source: MappedSource, name = relative(this.folder, file)): void {
    this.sources.set(file, { source, name });
  }

  /** Has stacks mapped as V8 takes them, for this whole thread. */
  install(): void {
    Error.prepareStackTrace = (error, sites) => {
      const frames = sites.map((site) => `    at ${site}`).filter((frame) => !this.isHidden(frame));
      return [headerOf(error), ...frames.map((frame) => this.mapText(frame))].join("\n");
    };
  }

  /** A stack's lines with mapped places. Mapping twice changes nothing. */
  mapStack(stack: string): string {
    return stack
      .split("\n")
      .filter((line) => !this.isHidden(line))
      .map((line) => (/^\s+at /.test(line) ? this.mapText(line) : line))
      .join("\n");
  }

  /** The innermost place of a mapped stack that lies in one of the user's texts. */
  firstPlace(stack: string): Place | undefined {
    for (const line of stack.split("\n")) {
      const [match] = /^\s+at /.test(line) ? line.matchAll(LOCATION) : [];
      const known = match && [...this.sources.values()].findLast((s) => s.name === match[1]);
      if (known) {
        return {
          name: known.name,
          line: Number(match[2]),
          column: Number(match[3]),
          text: known.source.original,
        };
      }
    }
    return undefined;
  }

  private mapText(frame: string): string {
    // The function that a cell or a module is wrapped in is none of the user's.
    const own = frame.replace(/(^\s+at (?:async )?)Object\.<anonymous> \(([^)]+)\)$/, "$1$2");
    return own.replace(LOCATION, (_, path: string, line: string, column: string) => {
      const known = this.sources.get(path);
      if (!known) {
        return `${this.shorter(path)}:${line}:${column}`;
      }
      const place = original(known, Number(line), Number(column));
      return place ? `${known.name}:${place.line}:${place.column}` : known.name;
    });
  }

  /** A package's file as seen from the folder: like the rest of a stack it is the same on any machine. */
  private shorter(path: string): string {
    const fromHere = isAbsolute(path) ? relative(this.folder, path) : path;
    return fromHere.length < path.length ? fromHere : path;
  }

  private isHidden(frame: string): boolean {
    if (!/^\s+at /.test(frame)) {
      return false;
    }
    const [match] = frame.matchAll(LOCATION);
    if (!match) {
      return /\(node:|at node:/.test(frame);
    }
    return match[1].startsWith("node:") || this.hidden(match[1].replace(/^file:\/\//, ""));
  }
}

/** From a place in the running code, via the compiler's map and our own edits, to the text. */
function original(
  known: KnownSource,
  line: number,
  column: number,
): { line: number; column: number } | undefined {
  const { source } = known;
  known.parsed ??= new SourceMap(JSON.parse(source.sourceMap));
  const entry = known.parsed.findEntry(line - 1, column - 1);
  if (!("originalLine" in entry) || entry.originalLine === undefined) {
    return undefined;
  }
  const start = lineStart(source.edited, entry.originalLine);
  const offset = calleeStart(source.original, source.toOriginal(start + entry.originalColumn));
  const before = source.original.slice(0, offset);
  const newline = before.lastIndexOf("\n");
  return { line: before.split("\n").length, column: offset - newline };
}

/** V8 places calls of imported functions, emitted as `(0, m.f)(x)`, at the parenthesis. */
function calleeStart(text: string, offset: number): number {
  const name = text[offset] === "(" ? /[\w$]+$/.exec(text.slice(0, offset)) : null;
  return name ? name.index : offset;
}

function lineStart(text: string, line: number): number {
  let at = 0;
  for (let i = 0; i < line; i++) {
    at = text.indexOf("\n", at) + 1;
  }
  return at;
}

function headerOf(error: Error): string {
  try {
    return String(error);
  } catch {
    return "Error";
  }
}
