import { display, host } from "karenina";
import { course, type Lesson } from "./course";
import { changeStandings, progressFile, readStandings } from "./progressBook";
import { type AskedExercise, courseBundle, lessonBundle } from "./progressView";
import { addStandings, parseProgress, progressText, type Standings } from "./standings";
import { judgementBundle } from "./verdictView";

/** Shows how far a student has come, and keeps, blanks and carries that. */
export interface Progress<Name extends string = string> {
  /**
   * Shows a map of the course, a sign for each exercise, and how many are right in each lesson; with a
   * lesson's name or number, as in `progress("01")`, its exercises one by one.
   *
   * @throws RangeError for a lesson that does not exist
   */
  (lesson?: string): void;
  /**
   * Makes an exercise, a lesson (`"01"`) or the whole `"course"` blank again: what is known of attempts,
   * hints and right answers is forgotten. Cells stay as they are.
   *
   * @throws RangeError for a name that is none of these
   */
  reset(what: Name | "course" | (string & {})): void;
  /**
   * Writes all that is known into a file, to be loaded on another machine.
   *
   * @param file its name, from the notebook's folder on
   * @throws Error where it cannot be written
   */
  save(file: string): void;
  /**
   * Adds what another machine knew: of each exercise, the larger numbers count, and what was right in one
   * of the two is right. Loading a file twice changes nothing more.
   *
   * @throws Error where there is no such file, or where it holds no progress
   */
  load(file: string): void;
}

/** The course's progress, for the exercises of `check`. */
export function progressOf<Name extends string>(
  checks: Readonly<Record<Name, { exercise: { title: string } }>>,
): Progress<Name> {
  const asked = ({ exercises }: Lesson, standings: Standings): AskedExercise[] =>
    exercises.map((name) => ({
      name,
      title: checks[name as Name].exercise.title,
      standing: standings[name],
    }));
  const show = (name?: string) => {
    const chosen = name === undefined ? undefined : lessonNamed(name);
    const standings = readStandings();
    display(
      chosen
        ? lessonBundle(chosen, asked(chosen, standings))
        : courseBundle(
            course.map((lesson) => ({ lesson, exercises: asked(lesson, standings) })),
            placeText(),
          ),
    );
  };
  return Object.assign(show, { reset, save, load });
}

function reset(what: string): void {
  const names = namesOf(what);
  changeStandings((standings) => {
    for (const name of names ?? Object.keys(standings)) {
      delete standings[name];
    }
  });
  say(`Blank again: ${what}`, [
    "Cells stay as they are: empty your answers where you want to try again.",
  ]);
}

function save(file: string): void {
  const path = host.store.resolve(file);
  host.store.write(path, progressText(readStandings()));
  say("Saved", [`\`${path}\`. On another machine: \`progress.load("${file}")\`.`]);
}

function load(file: string): void {
  const path = host.store.resolve(file);
  if (host.store.look(path) === undefined) {
    throw new Error(
      `There is no file ${path} to load progress from. Name one that progress.save(file) has written.`,
    );
  }
  let others: Standings;
  try {
    others = parseProgress(new TextDecoder().decode(host.store.read(path)));
  } catch (error) {
    throw new Error(
      `${path} holds no progress: ${(error as Error).message} Name a file that progress.save(file) has written.`,
    );
  }
  changeStandings((standings) => addStandings(standings, others));
  const count = Object.keys(others).length;
  say("Loaded", [`${count} ${count === 1 ? "exercise" : "exercises"} from \`${path}\`.`]);
}

/** The exercises that are meant; undefined means all that are known. */
function namesOf(what: string): readonly string[] | undefined {
  if (what === "course") {
    return undefined;
  }
  const isExercise = course.some(({ exercises }) => exercises.includes(what));
  return isExercise
    ? [what]
    : lessonNamed(what, ', an exercise such as "neuron", or "course"').exercises;
}

/** By its whole name, its number, or what stands behind that. */
function lessonNamed(name: string, others = ""): Lesson {
  const found = course.find(
    ({ lesson }) =>
      lesson === name || lesson.slice(0, 2) === name.padStart(2, "0") || lesson.slice(3) === name,
  );
  if (found) {
    return found;
  }
  const lessons = course.map(({ lesson }) => `"${lesson}"`).join(", ");
  throw new RangeError(
    `Nothing in the course is called ${JSON.stringify(name)}. Give one of its lessons, by name or ` +
      `number (${lessons})${others}.`,
  );
}

/** Where all this is kept; KARENINA_PROGRESS_PLACE says it where the file is out of a user's sight. */
function placeText(): string {
  const file = progressFile();
  if (file === undefined) {
    return "Kept as long as this kernel lives.";
  }
  const { KARENINA_PROGRESS_PLACE: place } = host.process.environment;
  return place
    ? `Kept in ${place}.`
    : `Kept in \`${file}\`; \`progress.save(file)\` and \`progress.load(file)\` carry it to another machine.`;
}

function say(words: string, details: readonly string[]): void {
  display(judgementBundle({ icon: "✓", words, color: "#009E73" }, "progress", details));
}
