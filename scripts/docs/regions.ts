/** Lines of a cell that are a solution, or that are not. */
export interface Region {
  solution: boolean;
  lines: string[];
  /** The blanks before the mark that begins a solution. */
  indentation: string;
}

/** Thrown where marks do not fit together; `line` counts from 1. */
export class MarkError extends Error {
  override name = "MarkError";

  constructor(
    message: string,
    readonly line: number,
  ) {
    super(message);
  }
}

/** How a mark is written in code, and in prose, where it is a comment that no reader sees. */
const markStyles = {
  code: { mark: /^(\s*)\/\/\s*(BEGIN|END)\s+SOLUTION\s*$/i, written: "// BEGIN SOLUTION" },
  markdown: {
    mark: /^(\s*)<!--\s*(BEGIN|END)\s+SOLUTION\s*-->\s*$/i,
    written: "<!-- BEGIN SOLUTION -->",
  },
};

/** Code that speaks of a mark without being one would give a solution away. */
const nearlyMark = {
  code: /\b(BEGIN|END)\s+SOLUTION\b/i,
  markdown: /<!--.*\b(BEGIN|END)\s+SOLUTION/i,
};

/**
 * Cuts a cell's source at its marks, which are left out: `// BEGIN SOLUTION` and `// END SOLUTION` in
 * code, as comments of HTML in Markdown.
 *
 * @throws MarkError for marks that are nested, not closed, not opened, or not on a line of their own
 */
export function regionsOf(source: string, style: "code" | "markdown"): Region[] {
  const { mark, written } = markStyles[style];
  let region: Region = { solution: false, lines: [], indentation: "" };
  const regions = [region];
  let begun = 0;
  for (const [index, line] of source.split("\n").entries()) {
    const found = mark.exec(line);
    if (!found) {
      if (nearlyMark[style].test(line)) {
        throw new MarkError(`the mark must stand alone on its line, as in "${written}"`, index + 1);
      }
      region.lines.push(line);
      continue;
    }
    const begins = found[2].toUpperCase() === "BEGIN";
    if (begins && region.solution) {
      throw new MarkError(`a solution begins inside the one that line ${begun} began`, index + 1);
    }
    if (!begins && !region.solution) {
      throw new MarkError("a solution ends that never began", index + 1);
    }
    if (begins) {
      begun = index + 1;
    }
    region = { solution: begins, lines: [], indentation: found[1] };
    regions.push(region);
  }
  if (region.solution) {
    throw new MarkError("the solution that begins here is never ended", begun);
  }
  return regions;
}
