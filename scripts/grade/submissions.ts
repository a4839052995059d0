import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { course, type Lesson } from "../../lessons/exercises/course";
import {
  type Notebook,
  parseNotebook,
  readNotebook,
  sourceOf,
  tagsOf,
} from "../../runner/notebookFile";

const NOTEBOOKS = join(__dirname, "../../notebooks");

/** A notebook that was handed in. */
export interface Submission {
  file: string;
  /** Its path in the folder of submissions, without the ending: what it is called in reports. */
  name: string;
  /** The folder that it lies in, or, where all lie in one folder, the file's name. */
  student: string;
  /** When it was handed in: nbgrader's timestamp.txt beside it, else the file's own time. */
  time: Date;
}

/** The notebooks in a folder and those below it, in order; links that are called so, too, which are not followed. */
export function findSubmissions(folder: string): Submission[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .filter((entry) => entry.name.endsWith(".ipynb"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !file.includes(".ipynb_checkpoints"))
    .sort();
  return files.map((file) => {
    const name = relative(folder, file)
      .replace(/\.ipynb$/, "")
      .split(sep)
      .join("/");
    return { file, name, student: name.split("/")[0], time: timeOf(file) };
  });
}

/** What lies in a folder of submissions in folders that have no notebook: a PDF, an archive, nothing. */
export interface WithoutNotebook {
  /** Of the student: a folder's name. */
  student: string;
  /** The names of some files below it. */
  files: string[];
}

/** The students' folders in which there is no notebook at all; `submissions` are those of the folder. */
export function withoutNotebook(
  folder: string,
  submissions: readonly Submission[],
): WithoutNotebook[] {
  const students = new Set(submissions.map(({ student }) => student));
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .filter(({ name }) => !students.has(name))
    .map(({ name: student }) => {
      const found = readdirSync(join(folder, student), { recursive: true, withFileTypes: true });
      const files = found.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
      return { student, files: files.sort().slice(0, 3) };
    })
    .sort((a, b) => (a.student < b.student ? -1 : 1));
}

/** What a class on JupyterHub has of a lesson: see docs/classroom.md. */
export interface FoundInHomes {
  submissions: Submission[];
  /** Links in a home that lead elsewhere, perhaps to another student's work: they are no submissions. */
  links: string[];
}

/**
 * A lesson's notebooks in students' homes.
 *
 * @param homes the folder of the homes, such as /home
 * @param lesson the notebook's name, such as "00-welcome"
 */
export function findInHomes(homes: string, lesson: string): FoundInHomes {
  const found: FoundInHomes = { submissions: [], links: [] };
  for (const student of readdirSync(homes).sort()) {
    const own = join("karenina", "notebooks", `${lesson}.ipynb`);
    const file = join(homes, student, own);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
      continue;
    }
    if (realpathSync(file) === join(realpathSync(join(homes, student)), own)) {
      const name = `${student}/${lesson}`;
      found.submissions.push({ file, name, student, time: statSync(file).mtime });
    } else {
      found.links.push(file);
    }
  }
  return found;
}

function timeOf(file: string): Date {
  const stamp = join(file, "..", "timestamp.txt");
  const isStamp = lstatSync(stamp, { throwIfNoEntry: false })?.isFile();
  const time = isStamp ? new Date(readFileSync(stamp, "utf8").trim()) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time : lstatSync(file).mtime;
}

/** The code of a submission and what it is to be marked for; or why it is broken, in words. */
export type Opened = { codes: string[]; lesson: Lesson } | { broken: string };

/** The largest file that is opened, in bytes. */
const LARGEST = 20_000_000;

/** Reads a submission. Outputs that stand in it are never looked at. */
export function openSubmission({ file }: Submission): Opened {
  const about = lstatSync(file);
  if (about.isSymbolicLink()) {
    return { broken: "it is a link, perhaps to another's work" };
  }
  const { size } = about;
  if (size > LARGEST) {
    return { broken: `the file has ${Math.round(size / 1e6)} MB; ${LARGEST / 1e6} MB is the most` };
  }
  let notebook: Notebook;
  try {
    notebook = parseNotebook(readFileSync(file, "utf8"), basename(file));
  } catch (error) {
    return { broken: (error as Error).message };
  }
  const codes = notebook.cells
    .filter(({ cell_type }) => cell_type === "code")
    .map(sourceOf)
    .filter((code) => code.trim() !== "");
  const lesson = lessonOf(file, codes);
  return lesson === undefined
    ? { broken: "no lesson of the course is recognised by its name or its exercises" }
    : { codes, lesson };
}

/** The lesson that the file is named for, else the one that most of its checks belong to. */
function lessonOf(file: string, codes: readonly string[]): Lesson | undefined {
  const named = course.find(({ lesson }) => basename(file).includes(lesson));
  if (named) {
    return named;
  }
  const checked = new Set(
    codes.flatMap((code) => [...code.matchAll(/\bcheck\s*\.\s*(\w+)/g)].map(([, name]) => name)),
  );
  const count = (exercises: readonly string[]) =>
    exercises.filter((name) => checked.has(name)).length;
  const [most] = [...course].sort((a, b) => count(b.exercises) - count(a.exercises));
  return count(most.exercises) > 0 ? most : undefined;
}

const given = new Map<string, readonly string[]>();

/** The code cells that a lesson begins with, in both languages: unchanged, they hand in nothing. */
export function givenCells({ lesson }: Lesson): readonly string[] {
  const known = given.get(lesson);
  if (known) {
    return known;
  }
  const files = ["", "ru"].map((folder) => join(NOTEBOOKS, folder, `${lesson}.ipynb`));
  const cells = files.filter(existsSync).flatMap((file) =>
    readNotebook(file)
      .cells.filter((cell) => cell.cell_type === "code" && !tagsOf(cell).includes("solution"))
      .map(sourceOf),
  );
  given.set(lesson, cells);
  return cells;
}

/** Marks of code that is after the checker and not after the exercise, each in words. */
const prying: [RegExp, string][] = [
  [/\b(const|let|var|function|class)\s+check\b|\bcheck\s*=[^=]/, "redefines check"],
  [/\.\s*exercise\b|\bexercisesOf\b/, "reads an exercise's definition"],
  [
    /lessons\/|solutions?\.ts|handIn|observation|kareninaOpenAnswers/i,
    "looks for the checker's files",
  ],
  [/\bcheck(\s*\.\s*\w+|\s*\[[^\]]*\])\s*=[^=]|defineProperty\(\s*check/, "replaces a check"],
  [/child_process|\bprocess\s*\.\s*(kill|binding)|\/proc\//, "reaches for other processes"],
  [/\bjudge\b/, "calls the judge"],
];

/** What in the code a teacher should look at. It changes no marks. */
export function remarksOn(codes: readonly string[]): string[] {
  const text = codes.join("\n");
  return prying.filter(([pattern]) => pattern.test(text)).map(([, words]) => words);
}
