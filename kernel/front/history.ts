/** The cells that a session has run, as history_request asks for them. */
export class History {
  private readonly entries: { line: number; input: string }[] = [];

  add(line: number, input: string): void {
    this.entries.push({ line, input });
  }

  /** The content of a history_reply. Sessions before this one are not kept: there is session 0. */
  answer(request: Record<string, unknown>): object {
    const chosen = this.choose(request);
    const entries = request.unique ? lastOfEach(chosen) : chosen;
    const count = typeof request.n === "number" ? request.n : undefined;
    const limited =
      request.hist_access_type !== "range" && count !== undefined && count >= 0
        ? entries.slice(Math.max(0, entries.length - count))
        : entries;
    return {
      status: "ok",
      // Outputs are not kept either.
      history: limited.map(({ line, input }) =>
        request.output ? [0, line, [input, null]] : [0, line, input],
      ),
    };
  }

  private choose({
    hist_access_type: kind,
    session,
    start,
    stop,
    pattern,
  }: Record<string, unknown>) {
    if (kind === "range") {
      const first = typeof start === "number" ? start : 0;
      const end = typeof stop === "number" ? stop : Number.POSITIVE_INFINITY;
      return session === undefined || session === 0
        ? this.entries.filter(({ line }) => line >= first && line < end)
        : [];
    }
    if (kind === "search" && typeof pattern === "string") {
      const matcher = globPattern(pattern);
      return this.entries.filter(({ input }) => matcher.test(input));
    }
    return this.entries;
  }
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
