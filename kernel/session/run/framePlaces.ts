/** A place as it stands in a line of a stack. */
export interface FramePlace {
  /** Where it stands in the line. */
  start: number;
  end: number;
  /** A path, a file URL, or a name such as `node:fs` or `<anonymous>`. */
  path: string;
  /** From 1. */
  line: number;
  column: number;
}

/** After these a place may begin; a path may hold them too. */
const BEFORE = /\(|, |\bat |\basync /g;
/** With these a place may end. */
const POSITION = /:(\d+):(\d+)(?=[),\s]|$)/g;

/**
 * The places in a line of a stack, such as `at f (eval at g (/a b (1)/c.ts:1:2), <anonymous>:3:4)`.
 * Since paths may hold spaces and parentheses, the line alone does not say where they begin: what
 * is known to be a path counts, then what is an absolute one.
 */
export function placesIn(
  frame: string,
  isKnown: (path: string) => boolean,
  isAbsolute: (path: string) => boolean,
): FramePlace[] {
  const starts = [...frame.matchAll(BEFORE)].map((match) => (match.index ?? 0) + match[0].length);
  const ends = [...frame.matchAll(POSITION)].map((match) => ({
    from: match.index ?? 0,
    to: (match.index ?? 0) + match[0].length,
    line: Number(match[1]),
    column: Number(match[2]),
  }));
  const places: FramePlace[] = [];
  for (let at = 0; ; at = places[places.length - 1].end) {
    const positions = ends.filter(({ from }) => from > at);
    const candidates = starts
      .filter((start) => start >= at)
      .flatMap((start) =>
        positions
          .filter(({ from }) => from > start)
          .map(({ from, to, line, column }): FramePlace => {
            return { start, end: to, path: frame.slice(start, from), line, column };
          }),
      );
    const nearest = candidates.filter(({ end }) => end === positions[0].to);
    const chosen =
      candidates.find(({ path }) => isKnown(path)) ??
      nearest.find(({ path }) => isAbsolute(path) || /^(file|node):/.test(path)) ??
      nearest.at(-1);
    if (!chosen) {
      return places;
    }
    places.push(chosen);
  }
}

/** Is a line of a stack one that tells of a call? */
export function isFrame(line: string): boolean {
  return /^\s+at /.test(line);
}
