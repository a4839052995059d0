// How long a lesson takes a student, estimated from its cells.
import { type Cell, type Notebook, sourceOf, tagsOf } from "../../runner/notebookFile";

/**
 * What the estimate rests on. Nobody was timed: 200 words a minute is a careful reader of prose, the
 * rest is what teachers allow.
 */
export const RATES = {
  /** Words of prose that are read in a minute. */
  wordsPerMinute: 200,
  /** A displayed formula takes as long as so many words. */
  wordsPerFormula: 20,
  /** Lines of code that are read in a minute. */
  codeLinesPerMinute: 15,
  /** To run a cell and look at what it shows, in minutes, besides the time that it computes. */
  minutesPerCell: 0.25,
  /** To make a guess, in minutes. */
  minutesPerGuess: 1,
  /** An exercise that asks for a number, a word or a shape, in minutes. */
  minutesPerAnswer: 3,
  /** An exercise that asks for code, in minutes. */
  minutesPerCode: 8,
  /** An open exercise, in minutes. */
  minutesPerOpen: 20,
};

/** Minutes of a student. What the computer needs comes on top of `running`. */
export interface LessonTime {
  words: number;
  cells: number;
  guesses: number;
  exercises: number;
  readingMinutes: number;
  runningMinutes: number;
  exerciseMinutes: number;
}

/** The words of a piece of Markdown: without code, formulas and targets of links. */
export function wordsIn(markdown: string): number {
  const prose = markdown
    .replace(/\$\$[\s\S]*?\$\$/g, " ")
    .replace(/\]\([^)]*\)/g, "]")
    .replace(/<[^>]*>/g, " ");
  return prose.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** Minutes to read a cell's prose or code. */
export function readingMinutes(cell: Cell): number {
  const source = sourceOf(cell);
  if (cell.cell_type !== "markdown") {
    return (
      source.split("\n").filter((line) => line.trim() !== "").length / RATES.codeLinesPerMinute
    );
  }
  const formulas = [...source.matchAll(/\$\$[\s\S]*?\$\$/g)].length;
  return (wordsIn(source) + formulas * RATES.wordsPerFormula) / RATES.wordsPerMinute;
}

/** Guesses that a cell asks for. */
export const guessesIn = (cell: Cell): number =>
  cell.cell_type === "code" ? [...sourceOf(cell).matchAll(/\bpredict\(/g)].length : 0;

/** What a student does in a cell as an exercise, in minutes; 0 where it is none. */
export function exerciseMinutes(cell: Cell): number {
  const source = sourceOf(cell);
  if (cell.cell_type === "markdown") {
    return [...source.matchAll(/\*\(open\)\*/gi)].length * RATES.minutesPerOpen;
  }
  if (!/\bcheck\s*\.\s*\w+\s*\(/.test(source) || /\bcheck\s*\.\s*\w+\s*\.\s*use\(/.test(source)) {
    return 0;
  }
  return /\byourCode\(/.test(source) ? RATES.minutesPerCode : RATES.minutesPerAnswer;
}

/** The estimate for an English lesson. Solutions, and cells in which the lesson answers, count nothing. */
export function lessonTime({ cells }: Notebook): LessonTime {
  const own = cells.filter(
    (cell) => !tagsOf(cell).some((tag) => tag === "solution" || tag === "example"),
  );
  const sum = (value: (cell: Cell) => number) => own.reduce((all, cell) => all + value(cell), 0);
  const code = own.filter((cell) => cell.cell_type === "code");
  const guesses = sum(guessesIn);
  return {
    words: sum((cell) => (cell.cell_type === "markdown" ? wordsIn(sourceOf(cell)) : 0)),
    cells: code.length,
    guesses,
    exercises: own.filter((cell) => exerciseMinutes(cell) > 0).length,
    readingMinutes: sum(readingMinutes),
    runningMinutes: code.length * RATES.minutesPerCell + guesses * RATES.minutesPerGuess,
    exerciseMinutes: sum(exerciseMinutes),
  };
}
