import { escape as escapeHtml } from "html-escaper";
import type { MimeBundle } from "karenina";
import type { Lesson } from "./course";
import type { Standing } from "./standings";
import { withCode } from "./verdictView";

/** An exercise as progress shows it. */
export interface AskedExercise {
  name: string;
  title: string;
  /** Undefined where nobody has tried it. */
  standing: Standing | undefined;
}

/** Signs that differ without their colours, which have at least 3 : 1 on white and on black pages. */
const signs = {
  right: { sign: "●", words: "right", color: "#009E73" },
  tried: { sign: "◐", words: "tried", color: "#D55E00" },
  blank: { sign: "○", words: "not tried yet", color: "#808080" },
} as const;

type Sign = (typeof signs)[keyof typeof signs];

const cell = 'style="text-align: left; padding: 2px 12px 2px 0"';
const legend = Object.values(signs)
  .map(({ sign, words }) => `${sign} ${words}`)
  .join("  ");

/** The map of the course: a row for each lesson, a sign for each of its exercises. */
export function courseBundle(
  lessons: readonly { lesson: Lesson; exercises: readonly AskedExercise[] }[],
  place: string,
): MimeBundle {
  const all = lessons.flatMap(({ exercises }) => exercises);
  const head = `${rightOf(all)} of ${all.length} exercises right`;
  const rows = lessons.map(({ lesson: { lesson, title }, exercises }) => ({
    name: `${lesson.slice(0, 2)} ${title}`,
    exercises,
    count: `${rightOf(exercises)} of ${exercises.length}`,
    attempts: sumOf(exercises, (standing) => standing.attempts),
    hints: sumOf(exercises, (standing) => standing.hints),
  }));
  const html = rows.map(
    ({ name, exercises, count, attempts, hints }) =>
      `<tr><th scope="row" ${cell}>${escapeHtml(name)}</th>` +
      `<td ${cell}>${exercises.map(signHtml).join(" ")}</td>` +
      [count, attempts, hints].map((each) => `<td ${cell}>${each}</td>`).join("") +
      "</tr>",
  );
  const width = Math.max(...rows.map(({ name }) => name.length));
  const most = Math.max(...rows.map(({ exercises }) => exercises.length));
  const lines = rows.map(({ name, exercises, count, attempts, hints }) => {
    const map = exercises.map((each) => signOf(each).sign).join("");
    return `${name.padEnd(width)}  ${map.padEnd(most)}  ${count}, attempts ${attempts}, hints ${hints}`;
  });
  return {
    "text/html":
      `<table><caption ${cell}><b>${head}</b></caption>` +
      `${headHtml(["Lesson", "Exercises", "Right", "Attempts", "Hints"])}` +
      `<tbody>${html.join("")}</tbody></table><div>${legend}</div><div>${withCode(place)}</div>`,
    "text/plain": [head, ...lines, legend, place].join("\n"),
  };
}

/** The exercises of a lesson, one by one. */
export function lessonBundle(
  { lesson, title }: Lesson,
  exercises: readonly AskedExercise[],
): MimeBundle {
  const head = `${lesson.slice(0, 2)} ${title}: ${rightOf(exercises)} of ${exercises.length} exercises right`;
  const rows = exercises.map((each) => {
    const { attempts = 0, hints = 0, solution = false } = each.standing ?? {};
    return { ...each, sign: signOf(each), attempts, hints, solution: solution ? "seen" : "" };
  });
  const html = rows.map(
    ({ title: name, sign, attempts, hints, solution, name: call }) =>
      `<tr><th scope="row" ${cell}>${escapeHtml(name)}</th>` +
      `<td ${cell}>${colored(sign)} ${sign.words}</td>` +
      [attempts, hints, solution, `<code>check.${call}</code>`]
        .map((each) => `<td ${cell}>${each}</td>`)
        .join("") +
      "</tr>",
  );
  const lines = rows.map(
    ({ title: name, sign, attempts, hints, solution, name: call }) =>
      `${sign.sign} ${name} (check.${call}): ${sign.words}, attempts ${attempts}, hints ${hints}` +
      (solution ? ", solution seen" : ""),
  );
  return {
    "text/html":
      `<table><caption ${cell}><b>${escapeHtml(head)}</b></caption>` +
      `${headHtml(["Exercise", "", "Attempts", "Hints", "Solution", "Name"])}` +
      `<tbody>${html.join("")}</tbody></table>`,
    "text/plain": [head, ...lines].join("\n"),
  };
}

function headHtml(names: readonly string[]): string {
  return `<thead><tr>${names.map((name) => `<th scope="col" ${cell}>${name}</th>`).join("")}</tr></thead>`;
}

function signOf({ standing }: AskedExercise): Sign {
  if (standing?.right) {
    return signs.right;
  }
  return (standing?.attempts ?? 0) > 0 ? signs.tried : signs.blank;
}

function colored({ sign, color }: Sign): string {
  return `<span aria-hidden="true" style="color: ${color}; font-size: 120%">${sign}</span>`;
}

/** The sign alone; its title tells a mouse and a screen reader which exercise it is. */
function signHtml(exercise: AskedExercise): string {
  const { sign, color, words } = signOf(exercise);
  const text = escapeHtml(`${exercise.title}: ${words}`);
  return (
    `<span role="img" aria-label="${text}" title="${text}" ` +
    `style="color: ${color}; font-size: 120%">${sign}</span>`
  );
}

function rightOf(exercises: readonly AskedExercise[]): number {
  return exercises.filter(({ standing }) => standing?.right).length;
}

function sumOf(exercises: readonly AskedExercise[], of: (standing: Standing) => number): number {
  return exercises.reduce((sum, { standing }) => sum + (standing ? of(standing) : 0), 0);
}
