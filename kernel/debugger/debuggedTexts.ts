import { readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { DebugSession } from "../session/debug/debugSession";
import { cellPath } from "./cellFiles";
import type { DebugSource, Place, RunningPlace } from "./messages";

/**
 * The user's texts, cells and modules, and the places in them: front ends know a cell by the path of
 * its text, V8 by the URL of the file that runs it, of which there is one for each time that it ran.
 */
export class DebuggedTexts {
  private readonly paths = new Map<string, string>();

  constructor(private readonly session: () => DebugSession) {}

  /** The URL, for V8, of each file that runs a text. */
  urlsOf(path: string): string[] {
    return this.debug
      .files()
      .flatMap((file) => (this.pathOf(file) === path ? [pathToFileURL(file).href] : []));
  }

  /** The user's places for places in running code; nothing for those of the kernel and of Node. */
  places(running: RunningPlace[]): (Place | undefined)[] {
    return running.map((one) => this.placeOf(one));
  }

  /** The lines on which code of a text can stop that has not run yet. */
  codeLines(text: string): number[] {
    return this.debug.codeLines(text);
  }

  /** The text that a path stands for; undefined where there is none. */
  textOf(path: string): string | undefined {
    const file = this.debug.files().find((one) => this.pathOf(one) === path);
    if (file !== undefined) {
      return this.debug.source(file)?.source.original;
    }
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  }

  /** The user's own modules that are loaded. */
  modules(): { name: string; path: string }[] {
    return this.debug
      .files()
      .filter((file) => this.debug.source(file)?.isCell === false)
      .map((file) => ({ name: this.debug.source(file)?.name ?? basename(file), path: file }));
  }

  /** Behind which line and column, from 0, a file's own code begins that runs as a cell. */
  headEnd(url: string): { line: number; column: number } | undefined {
    const file = fileOf(url);
    const source = file === undefined ? undefined : this.debug.source(file);
    if (file === undefined || !source?.isCell) {
      return undefined;
    }
    const lines = source.source.javascript.split("\n");
    for (let line = 0; line < lines.length; line++) {
      const column = lines[line].length;
      // V8's lines count from 1, and the first is the head of the function around the code.
      const offset = source.text.editedOffset(line + 2, Math.max(1, column));
      if (offset !== undefined && offset >= source.source.start) {
        return { line: line + 1, column: 0 };
      }
    }
    return undefined;
  }

  /** Does a `catch` of the user's take what is thrown at one of these places? */
  isCaught(running: RunningPlace[]): boolean {
    return running.some(({ url, line, column }) => {
      const file = fileOf(url);
      return file !== undefined && this.debug.isCaughtAt(file, line + 1, column + 1);
    });
  }

  /** What is known of the text that a URL's file runs. */
  source(url: string) {
    const file = fileOf(url);
    return file === undefined ? undefined : this.debug.source(file);
  }

  /** The user's file that a URL names. */
  knownFile(url: string | undefined): string | undefined {
    const file = url === undefined ? undefined : fileOf(url);
    return file !== undefined && this.debug.source(file) ? file : undefined;
  }

  private placeOf({ url, line, column }: RunningPlace): Place | undefined {
    const file = fileOf(url);
    if (file === undefined) {
      return undefined;
    }
    const known = this.debug.source(file);
    if (!known) {
      const source = { name: relative(process.cwd(), file), path: file };
      return { source, line: line + 1, column: column + 1, kind: "package", stops: true };
    }
    const source: DebugSource = { name: known.name, path: this.pathOf(file) };
    const kind = known.isCell ? "cell" : "module";
    const place = this.debug.stopAt(file, line + 1, column + 1);
    return place
      ? {
          source,
          line: place.line,
          column: place.column,
          statement: place.statement,
          kind,
          stops: true,
        }
      : { source, line: 1, column: 1, kind, stops: false };
  }

  /** The path by which front ends know what a file runs. */
  pathOf(file: string): string {
    const known = this.debug.source(file);
    if (!known?.isCell) {
      return file;
    }
    let path = this.paths.get(file);
    if (path === undefined) {
      path = cellPath(known.source.original);
      this.paths.set(file, path);
    }
    return path;
  }

  private get debug(): DebugSession {
    return this.session();
  }
}

/** The file that V8's URL of a script names; undefined where it names none. */
function fileOf(url: string): string | undefined {
  try {
    return url.startsWith("file:") ? fileURLToPath(url) : undefined;
  } catch {
    return undefined;
  }
}
