import { KeptSessions, type Line } from "./keptSessions";

/** A cell that was run, as history_request asks for it. */
interface Entry extends Line {
  /** The number of its session; 0 for this one where it has none. */
  session: number;
}

/** The cells that were run, in this session and, where a folder keeps them, in earlier ones. */
export class History {
  private readonly lines: Line[] = [];
  private readonly kept: KeptSessions | undefined;

  /** @param folder where sessions are kept. Default: nowhere */
  constructor(folder?: string) {
    this.kept = folder === undefined ? undefined : new KeptSessions(folder);
  }

  add(line: number, input: string): void {
    this.lines.push({ line, input });
    this.kept?.add({ line, input });
  }

  /** The content of a history_reply. Outputs are not kept. */
  answer(request: Record<string, unknown>): object {
    const chosen = this.choose(request);
    const entries = request.unique ? lastOfEach(chosen) : chosen;
    const count = countOf(request);
    const limited =
      request.hist_access_type !== "range" && count !== undefined
        ? entries.slice(Math.max(0, entries.length - count))
        : entries;
    return {
      status: "ok",
      history: limited.map(({ session, line, input }) =>
        request.output ? [session, line, [input, null]] : [session, line, input],
      ),
    };
  }

  private choose(request: Record<string, unknown>): Entry[] {
    const { hist_access_type: kind, session, start, stop, pattern } = request;
    if (kind === "range") {
      const first = typeof start === "number" ? start : 0;
      const end = typeof stop === "number" ? stop : Number.POSITIVE_INFINITY;
      return this.inSession(typeof session === "number" ? session : 0).filter(
        ({ line }) => line >= first && line < end,
      );
    }
    if (kind === "search" && typeof pattern === "string") {
      const matcher = globPattern(pattern);
      return this.newest().filter(({ input }) => matcher.test(input));
    }
    return this.newest(request.unique ? undefined : countOf(request));
  }

  /** As IPython counts them: 0 is this one, -1 the one before, and numbers from 1 are their own. */
  private inSession(session: number): Entry[] {
    const own = this.kept?.number;
    if (session === 0 || session === own) {
      return this.lines.map((line) => ({ session, ...line }));
    }
    const number = session < 0 ? this.kept?.earlier().at(session) : session;
    return number === undefined ? [] : this.linesOf(number);
  }

  /** The newest entries, or all of them, the oldest first. */
  private newest(count = Number.POSITIVE_INFINITY): Entry[] {
    const session = this.kept?.number ?? 0;
    let found = this.lines.map((line): Entry => ({ session, ...line }));
    const earlier = this.kept?.earlier() ?? [];
    for (let i = earlier.length - 1; i >= 0 && found.length < count; i--) {
      found = [...this.linesOf(earlier[i] as number), ...found];
    }
    return found;
  }

  private linesOf(session: number): Entry[] {
    return (this.kept?.read(session) ?? []).map((line) => ({ session, ...line }));
  }
}

function countOf({ n }: Record<string, unknown>): number | undefined {
  return typeof n === "number" && n >= 0 ? n : undefined;
}

function lastOfEach<T extends { input: string }>(entries: T[]): T[] {
  return entries.filter(
    ({ input }, index) => entries.findLastIndex((other) => other.input === input) === index,
  );
}

/** A pattern with `*`, `?`, `[a-z]` and `[^a-z]` as SQLite's GLOB has them, over a whole text. */
function globPattern(glob: string): RegExp {
  const source = glob.replace(/\[(\^?)(\]?[^\]]*)\]|[\s\S]/g, (part, negated, characters) => {
    if (part === "*" || part === "?") {
      return part === "*" ? "[\\s\\S]*" : "[\\s\\S]";
    }
    return part.length > 1
      ? `[${negated}${characters.replace(/[\\\]^]/g, "\\$&")}]`
      : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  try {
    return new RegExp(`^${source}$`);
  } catch {
    // A range from a later to an earlier character, as in [z-a], which holds none.
    return /(?!)/;
  }
}
