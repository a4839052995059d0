import { type Cell, type Notebook, sourceOf, tagsOf } from "../../runner/notebookFile";

/** The student's place: at its end, a check of what stands there under a name. */
const place = /^check\.(\w+)\((\w+)\);\s*$/m;

/**
 * The student's version of a lesson as nbgrader 0.9 grades it (metadata of schema 3): a student's place
 * is an answer, and behind it stands a locked cell, `check.<exercise>.mark(answer)`, worth one point,
 * which is full marks where it says nothing, and none where it says 0 or fails.
 * https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html
 */
export function gradable(notebook: Notebook): Notebook {
  const cells = notebook.cells.flatMap((cell) => {
    const [, exercise, answer] = placeIn(cell) ?? [];
    if (exercise === undefined) {
      return [cell];
    }
    const nbgrader = metadata({ grade_id: `answer-${exercise}`, solution: true });
    return [{ ...cell, metadata: { ...cell.metadata, nbgrader } }, markCell(exercise, answer)];
  });
  return { ...notebook, cells };
}

function placeIn(cell: Cell): RegExpExecArray | undefined {
  const isPlace = cell.cell_type === "code" && !tagsOf(cell).includes("example");
  return (isPlace && place.exec(sourceOf(cell))) || undefined;
}

function markCell(exercise: string, answer: string): Cell {
  return {
    cell_type: "code",
    id: `mark-${exercise}`,
    metadata: {
      deletable: false,
      editable: false,
      jupyter: { source_hidden: true },
      nbgrader: metadata({ grade_id: `mark-${exercise}`, grade: true, locked: true, points: 1 }),
      slideshow: { slide_type: "skip" },
    },
    source: [`check.${exercise}.mark(${answer}); // 1 point; leave this cell as it is`],
    outputs: [],
    execution_count: null,
  };
}

interface GradingMetadata {
  grade_id: string;
  grade?: boolean;
  solution?: boolean;
  locked?: boolean;
  points?: number;
}

function metadata(given: GradingMetadata) {
  return { grade: false, solution: false, locked: false, task: false, schema_version: 3, ...given };
}
