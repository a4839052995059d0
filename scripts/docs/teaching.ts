// docs/teaching/README.md: its table of times and its map are made of the lessons.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readNotebook } from "../../runner/notebookFile";
import { COURSE, courseMapText } from "./courseMap";
import { type LessonTime, lessonTime } from "./lessonTime";

/** The page for teachers, and the drawing beside it. */
export const TEACHING = { page: "docs/teaching/README.md", map: "docs/teaching/map.svg" };

/** The estimates of the numbered lessons, by name. */
export const lessonTimes = (root: string): Map<string, LessonTime> =>
  new Map(
    COURSE.map(({ name }) => [
      name,
      lessonTime(readNotebook(join(root, "notebooks", `${name}.ipynb`))),
    ]),
  );

/**
 * How long a lesson computes in class, and in the quick check, as the README's table of lessons says.
 *
 * @throws Error where it has no row for the lesson
 */
export function computerTime(readme: string, lesson: string): [lesson: string, fast: string] {
  const row = readme.split("\n").find((line) => line.includes(`(notebooks/${lesson}.ipynb)`));
  const cells = row?.split("|").map((cell) => cell.trim());
  if (cells?.length !== 6) {
    throw new Error(`README.md has no row for ${lesson} in its table of lessons.`);
  }
  return [cells[3] as string, cells[4] as string];
}

/** To five minutes: more would be a pretence. */
export const rounded = (minutes: number): number => Math.max(5, 5 * Math.round(minutes / 5));

/** The table of times, as Markdown. */
export function timesTable(root: string): string {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const times = lessonTimes(root);
  const shortOf = (names: readonly string[] = []) =>
    names.map((name) => name.slice(0, 2)).join(", ") || "–";
  const rows = COURSE.map(({ name, title, needs, helps }) => {
    const time = times.get(name)!;
    const parts = [time.readingMinutes, time.runningMinutes, time.exerciseMinutes].map(rounded);
    const whole = parts.reduce((sum, part) => sum + part, 0);
    const number = name.slice(0, 2);
    return (
      `| [${number} ${title}](../../notebooks/${name}.ipynb) | ${parts.join(" | ")} | **${whole}** | ` +
      `${computerTime(readme, name)[0]} | ${shortOf(needs)} | ${shortOf(helps)} |`
    );
  });
  return [
    "| lesson | reading | running, guessing | exercises | together | computer, in class | needs | helped by |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

const between = (name: string) =>
  new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(\\n<!-- /${name} -->)`);

/**
 * The page with its table and its picture as the lessons are now.
 *
 * @throws Error where a mark is missing in the page
 */
export function withTimes(page: string, root: string): string {
  const parts = { times: timesTable(root), map: `![${courseMapText()}](map.svg)` };
  let text = page;
  for (const [name, part] of Object.entries(parts)) {
    if (!between(name).test(text)) {
      throw new Error(
        `${TEACHING.page} lacks the lines <!-- ${name} --> and <!-- /${name} -->, between which this goes.`,
      );
    }
    text = text.replace(between(name), (_, begin, end) => `${begin}\n${part}\n${end}`);
  }
  return text;
}
