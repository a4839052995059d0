import type { MappedSource } from "../compile/emit";
import { isOwnStatement } from "../compile/instrument";
import type { Engine, SourceMapReader } from "../host";

/** A place in a user's text, by what stands there in the running code. */
export interface WrittenPlace {
  /** From the text's beginning, in UTF-16 units. */
  offset: number;
  /** From 1. */
  line: number;
  column: number;
}

/** The way from a place in running code, via the compiler's map and our own edits, to the user's text. */
export class MappedText {
  private map: SourceMapReader | undefined;

  constructor(
    readonly source: MappedSource,
    private readonly engine: Engine,
  ) {}

  /**
   * The offset in the user's text of a place in the running code. Line and column are the engine's,
   * from 1; undefined where the code was made by nobody's text.
   */
  originalOffset(line: number, column: number): number | undefined {
    const offset = this.editedOffset(line, column);
    return offset === undefined
      ? undefined
      : calleeStart(this.source.original, this.source.toOriginal(offset));
  }

  /** The same in the text that the compiler saw. */
  editedOffset(line: number, column: number): number | undefined {
    const { source } = this;
    this.map ??= this.engine.readSourceMap(source.sourceMap);
    const lineOfCode = line - 1 - this.engine.headLines;
    const entry = this.map.find(lineOfCode, column - 1);
    if (!entry) {
      return undefined;
    }
    const { javascript, edited } = source;
    const from = lineStart(edited, entry.originalLine) + entry.originalColumn;
    const emitted = lineStart(javascript, entry.generatedLine) + entry.generatedColumn;
    // The map has not every place: from the last it has, the text goes on as it was written.
    const at = lineStart(javascript, lineOfCode) + column - 1;
    const rest = javascript.slice(emitted, at);
    return edited.startsWith(rest, from) ? from + rest.length : from;
  }

  /**
   * Where in the user's text a debugger stops that stops at a place in the running code; nowhere
   * where the statement there is one of ours.
   */
  stopAt(line: number, column: number): WrittenPlace | undefined {
    const { source } = this;
    if (line - this.engine.headLines > this.lineCount) {
      return undefined;
    }
    const offset = this.editedOffset(line, column);
    if (
      offset === undefined ||
      offset < source.start ||
      (!source.isWritten(offset) && isOwnStatement(source.edited.slice(offset, offset + 80)))
    ) {
      return undefined;
    }
    return placeAt(source.original, source.toOriginal(offset));
  }

  private get lineCount(): number {
    return this.source.javascript.trimEnd().split("\n").length;
  }
}

/** The line and the column, from 1, of an offset. */
export function placeAt(text: string, offset: number): WrittenPlace {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { offset, line: lines.length, column: lines[lines.length - 1].length + 1 };
}

/** V8 places calls of imported functions, emitted as `(0, m.f)(x)`, at the parenthesis. */
function calleeStart(text: string, offset: number): number {
  const name = text[offset] === "(" ? /[\w$]+$/.exec(text.slice(0, offset)) : null;
  return name ? name.index : offset;
}

/** Where a line begins, by the line breaks that the compiler counts. */
function lineStart(text: string, line: number): number {
  const breaks = /\r\n|[\n\r\u2028\u2029]/g;
  for (let i = 0; i < line; i++) {
    breaks.exec(text);
  }
  return breaks.lastIndex;
}
