// docs/teaching against the lessons: times, map, and plans that speak of what is there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { findNotebooks } from "../../runner/findNotebooks";
import { type Cell, type Notebook, readNotebook, sourceOf } from "../../runner/notebookFile";
import { COURSE, courseMapSvg, courseMapText } from "../../scripts/docs/courseMap";
import { lessonTime, wordsIn } from "../../scripts/docs/lessonTime";
import {
  computerTime,
  rounded,
  TEACHING,
  timesTable,
  withTimes,
} from "../../scripts/docs/teaching";

const ROOT = resolve(__dirname, "../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const page = read(TEACHING.page);
const rowsOf = (markdown: string) =>
  markdown
    .split("\n")
    .filter((line) => /^\| \[\d\d /.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("**", "")));
const lessonOf = (name: string) => readNotebook(join(ROOT, "notebooks", `${name}.ipynb`));

test("the course is every numbered lesson, and none needs one that comes later", () => {
  const names = COURSE.map(({ name }) => name);
  assert.deepEqual(
    names,
    findNotebooks(["notebooks/0*.ipynb", "notebooks/1*.ipynb"], [ROOT]).map((path) =>
      basename(path, ".ipynb"),
    ),
  );
  for (const { name, needs, helps = [], title } of COURSE) {
    assert.ok(
      [...needs, ...helps].every((each) => names.includes(each) && each < name),
      name,
    );
    assert.ok(courseMapText().includes(title) || needs.length === 0, title);
  }
});

test("the times on the page are those of the lessons, within ten minutes or a fifth", () => {
  const [stated, now] = [rowsOf(page), rowsOf(timesTable(ROOT))];
  assert.equal(stated.length, COURSE.length);
  for (const [index, row] of stated.entries()) {
    const fresh = now[index] as string[];
    for (const column of [2, 3, 4, 5]) {
      const [was, is] = [Number(row[column]), Number(fresh[column])];
      assert.ok(
        Math.abs(was - is) <= Math.max(10, 0.2 * is),
        `${row[1]}: ${was} minutes, now ${is}: run \`npm run docs -- teaching\``,
      );
    }
    // The rest does not change with every sentence.
    assert.deepEqual([row[1], ...row.slice(6)], [fresh[1], ...fresh.slice(6)]);
    assert.equal(Number(row[2]) + Number(row[3]) + Number(row[4]), Number(row[5]));
  }
});

test("the map is drawn from what the lessons need, and the page has its words", () => {
  assert.equal(read(TEACHING.map), courseMapSvg(), "run `npm run docs -- teaching`");
  assert.ok(page.includes(`![${courseMapText()}](map.svg)`), "run `npm run docs -- teaching`");
  const { document } = new JSDOM(courseMapSvg(), { contentType: "image/svg+xml" }).window;
  const texts = [...document.querySelectorAll("text")].map((each) => each.textContent);
  for (const { name, title } of COURSE) {
    assert.ok(texts.includes(title) && texts.includes(name.slice(0, 2)), name);
  }
  const arrows = COURSE.flatMap(({ needs, helps = [] }) => [...needs, ...helps]);
  assert.equal(document.querySelectorAll("path").length, arrows.length);
  assert.equal(document.querySelector("title")!.textContent, courseMapText());
  assert.match(
    courseMapText(),
    /02 leads to 03 Hyperparameters, 05 Optimizers, and 06 Recurrent nets/,
  );
});

const sessions = read("docs/teaching/sessions.md");
const plans = new Map(
  sessions
    .split(/^## /m)
    .slice(1)
    .map((plan) => [plan.slice(0, 2), plan]),
);

test("each lesson has a plan of ninety minutes, without a gap", () => {
  assert.deepEqual(
    [...plans.keys()],
    COURSE.map(({ name }) => name.slice(0, 2)),
  );
  for (const [number, plan] of plans) {
    const times = [...plan.matchAll(/^\| (\d+)–(\d+) +\|/gm)].map(([, a, b]) => [+a, +b]);
    assert.ok(times.length >= 6, number);
    assert.equal(times[0][0], 0);
    assert.equal(times.at(-1)![1], 90);
    for (const [index, [begin, end]] of times.entries()) {
      assert.ok(end > begin);
      assert.equal(begin, index === 0 ? 0 : times[index - 1][1], `lesson ${number}`);
    }
    assert.match(plan, /^Home: /m, `lesson ${number} says what is left out`);
  }
});

for (const { name } of COURSE) {
  test(`the plan for ${name} names guesses, sections and exercises that are there`, () => {
    const plan = plans.get(name.slice(0, 2)) as string;
    const { cells } = lessonOf(name);
    const prose = cells
      .filter(({ cell_type }) => cell_type === "markdown")
      .map(sourceOf)
      .join("\n");
    const code = cells
      .filter(({ cell_type }) => cell_type === "code")
      .map(sourceOf)
      .join("\n");
    for (const [, question] of plan.matchAll(/(?<![\w\\])_([A-Z][^_]+)_/g)) {
      assert.ok(code.includes(`"${question}"`), `no guess is called "${question}"`);
    }
    const numbers = (word: string) =>
      [...plan.matchAll(new RegExp(`\\b${word}s? (\\d+(?:(?:, | and | to )\\d+)*)`, "gi"))].flatMap(
        ([, all]) => all.split(/\D+/).map(Number),
      );
    const exercises = numbers("exercise");
    assert.ok(exercises.length > 0, "a session has exercises");
    for (const number of exercises) {
      assert.match(prose, new RegExp(`^\\*\\*${number}\\.\\*\\* `, "m"), `exercise ${number}`);
    }
    for (const number of numbers("section")) {
      assert.match(prose, new RegExp(`^## ${number} · `, "m"), `section ${number}`);
    }
  });
}

const notebook = (...cells: Partial<Cell>[]): Notebook => ({
  cells: cells.map((cell) => ({ cell_type: "code", metadata: {}, source: "", ...cell })),
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

test("an estimate counts words, cells, guesses and exercises, and nothing of solutions", () => {
  const time = lessonTime(
    notebook(
      { cell_type: "markdown", source: `${"word ".repeat(180)}\n\n$$x + y$$` },
      { source: 'const guess = predict("Q", NaN);\n\noutcome(guess, 1);' },
      { source: "check.one(NaN);" },
      { source: "const f = () => yourCode();\ncheck.two(f);" },
      { source: "const own = check.two.use(f);" },
      { source: "check.one(15);", metadata: { tags: ["solution"] } },
      { cell_type: "markdown", source: "**3.** *(open)* Try." },
    ),
  );
  assert.equal(time.words, 183);
  assert.deepEqual([time.cells, time.guesses, time.exercises], [4, 1, 3]);
  assert.equal(time.exerciseMinutes, 3 + 8 + 20);
  assert.equal(time.runningMinutes, 4 * 0.25 + 1);
  assert.ok(
    Math.abs(time.readingMinutes - ((183 + 20) / 200 + 6 / 15)) < 1e-9,
    `${time.readingMinutes}`,
  );
  assert.equal(wordsIn("[a link](to/some/where) and $x$ <b>here</b> – `code`"), 6);
  assert.deepEqual([0, 7, 8, 52].map(rounded), [5, 5, 10, 50]);
});

test("a page without its marks, and a lesson that the README does not list, are refused", () => {
  assert.throws(() => withTimes("# For teachers", ROOT), /lacks the lines <!-- times -->/);
  assert.throws(() => computerTime("| no | table |", "01-autograd"), /no row for 01-autograd/);
  assert.deepEqual(computerTime(read("README.md"), "00-welcome"), ["10 s", "10 s"]);
});
