import { type Cell, type Notebook, sourceOf, tagsOf } from "../../runner/notebookFile";
import { MarkError, type Region, regionsOf } from "./regions";

/** Stands where a solution was, in a cell that has other code too. */
const place = "// Your code here";

/** A cell that checks an answer, or waits for one: what it showed was the teacher's. */
const exercise = /\bcheck\s*\.\s*\w+\s*\(|\byourCode\s*\(/;

/**
 * The notebook without its solutions. A cell that is all solution is left out; within other code a
 * solution becomes the comment `// Your code here`, within prose it vanishes. A Markdown cell tagged
 * `solution` is left out, too. Exercises lose their outputs, unless the cell is tagged `example`: then
 * the lesson itself answers. All else stays as it is.
 *
 * @param path named in errors
 * @throws Error where marks do not fit together, naming notebook, cell and line
 */
export function studentVersion(notebook: Notebook, path: string): Notebook {
  const cells = notebook.cells.flatMap((cell, index) => {
    try {
      const own = studentCell(cell);
      return own === undefined ? [] : [own];
    } catch (error) {
      if (!(error instanceof MarkError)) {
        throw error;
      }
      const name = cell.id === undefined ? "" : ` (${cell.id})`;
      throw new Error(`${path}, cell ${index + 1}${name}, line ${error.line}: ${error.message}.`);
    }
  });
  return { ...notebook, cells };
}

function studentCell(cell: Cell): Cell | undefined {
  const source = sourceOf(cell);
  const isSolution = tagsOf(cell).includes("solution");
  if (cell.cell_type === "markdown") {
    const regions = regionsOf(source, "markdown");
    if (isSolution) {
      return undefined;
    }
    return regions.length === 1 ? cell : proseWithout(cell, regions);
  }
  if (cell.cell_type !== "code") {
    return cell;
  }
  const regions = regionsOf(source, "code");
  const open = regions.filter(({ solution }) => !solution).flatMap(({ lines }) => lines);
  const hasOpen = open.some((line) => line.trim() !== "");
  if (isSolution && (hasOpen || regions.length === 1)) {
    throw new MarkError(
      'the cell is tagged "solution", but has code outside BEGIN SOLUTION and END SOLUTION: move the ' +
        "marks, or take the tag away",
      1,
    );
  }
  if (regions.length === 1) {
    const isExercise = exercise.test(source) && !tagsOf(cell).includes("example");
    return isExercise ? cleared(cell, source) : cell;
  }
  return hasOpen ? cleared(cell, codeWithout(regions)) : undefined;
}

function codeWithout(regions: Region[]): string {
  return regions
    .flatMap(({ solution, lines, indentation }) => (solution ? [indentation + place] : lines))
    .join("\n");
}

function proseWithout(cell: Cell, regions: Region[]): Cell | undefined {
  const kept = regions.filter(({ solution }) => !solution).flatMap(({ lines }) => lines);
  if (kept.every((line) => line.trim() === "")) {
    return undefined;
  }
  return { ...cell, source: linesOf(kept.join("\n")) };
}

function cleared(cell: Cell, source: string): Cell {
  return { ...cell, source: linesOf(source), outputs: [], execution_count: null };
}

/** As Jupyter stores text: lines with their line ends. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
