// What a lecturer sees beside a slide and the room does not: minutes, outcomes, the longer prose.
import { type Cell, type Notebook, sourceOf, tagsOf } from "../../runner/notebookFile";
import { guessesIn, RATES, readingMinutes, wordsIn } from "./lessonTime";
import { type Language, WORDS } from "./words";

/** Words of plain paragraphs that a cell may put on a slide before the rest goes to the notes. */
const WORDS_ON_SLIDE = 70;

/** Jupyter's slide type of a cell; "-" goes on with the slide before. */
const slideType = (cell: Cell): string =>
  (cell.metadata as { slideshow?: { slide_type?: string } }).slideshow?.slide_type ?? "-";

/**
 * The lecture with notes for its speaker: behind the first cell of each slide stands one of the type
 * `notes` that says when the slide begins, what came of its guesses when the lesson was run, and what
 * prose it left out. That is prose beyond some 70 words which asks nothing, names no term, and belongs to
 * no formula, list or table. Notes that the lesson has itself stay.
 */
export function withSpeakerNotes(notebook: Notebook, language: Language = "en"): Notebook {
  const slides = slidesOf(notebook.cells);
  const whole = slides.reduce((sum, slide) => sum + minutesOf(slide), 0);
  let begin = 0;
  const cells = slides.flatMap((slide) => {
    const first = slide.findIndex((cell) => slideType(cell) !== "skip");
    if (first === -1) {
      return slide;
    }
    const end = begin + minutesOf(slide);
    const { minutes, outcomes, more } = WORDS[language].notes;
    const divided = slide.map(divide);
    const came = slide.flatMap(outcomesIn);
    const said = divided.flatMap(({ left }) => left);
    const parts = [
      minutes(Math.round(begin), Math.round(end), Math.round(whole)),
      ...(came.length > 0 ? [outcomes, came.map((each) => `* ${each}`).join("\n")] : []),
      ...(said.length > 0 ? [more, ...said] : []),
    ];
    begin = end;
    const shown = divided.map(({ cell }) => cell);
    const notes = notesCell(slide[first] as Cell, parts.join("\n\n"));
    return [...shown.slice(0, first + 1), notes, ...shown.slice(first + 1)];
  });
  return { ...notebook, cells };
}

/** Cells that stand on one slide, in order. */
function slidesOf(cells: readonly Cell[]): Cell[][] {
  const slides: Cell[][] = [];
  for (const cell of cells) {
    if (slides.length === 0 || ["slide", "subslide"].includes(slideType(cell))) {
      slides.push([]);
    }
    slides.at(-1)!.push(cell);
  }
  return slides;
}

/** Minutes to read and run what a slide shows. */
const minutesOf = (slide: readonly Cell[]): number =>
  slide
    .filter((cell) => slideType(cell) !== "skip" && !tagsOf(cell).includes("solution"))
    .reduce((sum, cell) => {
      const running = cell.cell_type === "code" ? RATES.minutesPerCell : 0;
      return sum + readingMinutes(cell) + running + guessesIn(cell) * RATES.minutesPerGuess;
    }, 0);

/** What `outcome` showed when the lesson was run, one line of Markdown for each guess. */
function outcomesIn(cell: Cell): string[] {
  if (slideType(cell) === "skip") {
    return [];
  }
  return (cell.outputs ?? []).flatMap((output) => {
    const { data } = output as { data?: Record<string, string | string[]> };
    const text = [data?.["text/plain"] ?? ""].flat().join("");
    const found = /^.*? · (.+)\n(?:.*\n)?Outcome: (.+)\n?([\s\S]*)$/.exec(text);
    if (!found) {
      return [];
    }
    const [, question, came, because] = found as unknown as [string, string, string, string];
    const reason = because.trim().replaceAll("\n", " ");
    return [`${plain(question)}: **${plain(came)}**${reason === "" ? "" : ` (${plain(reason)})`}`];
  });
}

/** Text in which Markdown finds no marks of its own. */
const plain = (text: string) => text.replace(/[\\`*_[\]<>$|]/g, "\\$&");

/** What a cell puts on the slide, and the paragraphs that it leaves to the notes. */
function divide(cell: Cell): { cell: Cell; left: string[] } {
  if (cell.cell_type !== "markdown" || ["skip", "notes"].includes(slideType(cell))) {
    return { cell, left: [] };
  }
  const blocks = blocksOf(sourceOf(cell));
  const left: string[] = [];
  let words = 0;
  const kept = blocks.filter((block, index) => {
    if (!isPlain(block)) {
      return true;
    }
    const before = words;
    words += wordsIn(block);
    const fits = before === 0 || words <= WORDS_ON_SLIDE;
    if (fits || belongs(block, blocks[index - 1], blocks[index + 1])) {
      return true;
    }
    left.push(block);
    return false;
  });
  return left.length === 0
    ? { cell, left }
    : { cell: { ...cell, source: kept.join("\n\n") }, left };
}

/** Whether a paragraph has to stay with the room: it asks, names a term, or belongs to a neighbour. */
const belongs = (block: string, before = "", after = ""): boolean =>
  /\?|\*\*|:$/.test(block) ||
  /^\(?(\p{Ll}|\$)/u.test(block) ||
  before.includes("$$") ||
  (after !== "" && !isPlain(after));

/** Paragraphs, lists and the like; what stands in a fence, a formula or a fold is one block. */
function blocksOf(source: string): string[] {
  const open = (text: string) =>
    (text.match(/\$\$/g) ?? []).length % 2 === 1 ||
    (text.match(/^(```|~~~)/gm) ?? []).length % 2 === 1 ||
    (text.match(/<details>/g) ?? []).length > (text.match(/<\/details>/g) ?? []).length;
  const blocks: string[] = [];
  for (const piece of source.trim().split(/\n\s*\n/)) {
    const last = blocks.at(-1);
    if (last !== undefined && open(last)) {
      blocks[blocks.length - 1] = `${last}\n\n${piece}`;
    } else {
      blocks.push(piece);
    }
  }
  return blocks;
}

/** A paragraph of prose: no heading, list, table, quotation, picture, code, fold or formula. */
const isPlain = (block: string): boolean =>
  !/^\s*(#|[*+-] |\d+\. |\||>|!\[|```|~~~|<)/.test(block) && !block.includes("$$");

function notesCell(first: Cell, source: string): Cell {
  return {
    cell_type: "markdown",
    id: `${(first.id ?? "slide").slice(0, 56)}-notes`,
    metadata: { slideshow: { slide_type: "notes" } },
    source,
  };
}
