import assert from "node:assert/strict";
import { test } from "node:test";
import type { Grade } from "../../../scripts/grade/gradeSubmission";
import { gradescopeResults, marksCsv, otterGrades } from "../../../scripts/grade/report";

function gradeOf(name: string, part: Partial<Grade>): Grade {
  const submission = {
    file: `${name}.ipynb`,
    name,
    student: name.split("/")[0],
    time: new Date(0),
  };
  const rest = { reason: "", late: false, remarks: [], outcomes: {}, seconds: 4.56, work: 3 };
  return { submission, status: "graded", ...rest, ...part };
}

const grades = [
  gradeOf("anna/00-welcome", {
    outcomes: { neuron: "right", cellRunThrice: "wrong", guessFault: "not tried" },
  }),
  gradeOf("bea/00-welcome", { status: "broken", reason: "b<i>.ipynb is not a notebook" }),
  gradeOf("cem/00-welcome", {
    status: "time limit",
    reason: 'cell 3 took longer than 10 seconds; cell 4, "x", too',
    late: true,
    outcomes: { neuron: "right", cellRunThrice: "right", guessFault: "right" },
  }),
  gradeOf("=2+3/00-welcome", { status: "empty", outcomes: { neuron: "not tried" } }),
];
const points = { neuron: 2.5 };

type Kind = (value: unknown) => boolean;

const text: Kind = (value) => typeof value === "string";
const number: Kind = (value) => typeof value === "number" && Number.isFinite(value);
const oneOf =
  (...words: string[]): Kind =>
  (value) =>
    words.includes(value as string);
const visibility = oneOf("hidden", "after_due_date", "after_published", "visible");
const format = oneOf("text", "html", "simple_format", "md", "ansi");
const thing: Kind = (value) => typeof value === "object" && value !== null;

/** What the documentation of results.json names, at the top and of each test (docs/specs.md, 2026). */
const TOP: Record<string, Kind> = {
  score: number,
  execution_time: number,
  output: text,
  output_format: format,
  test_output_format: format,
  test_name_format: format,
  visibility,
  stdout_visibility: visibility,
  extra_data: thing,
  tests: Array.isArray,
  leaderboard: Array.isArray,
};
const TEST: Record<string, Kind> = {
  score: number,
  max_score: number,
  status: oneOf("passed", "failed"),
  name: text,
  name_format: format,
  number: text,
  output: text,
  output_format: format,
  tags: (value) => Array.isArray(value) && value.every(text),
  visibility,
  extra_data: thing,
};

/** What of an object is unknown, or not of its kind. */
function faultsIn(value: object, kinds: Record<string, Kind>): string[] {
  return Object.entries(value).flatMap(([name, each]) =>
    kinds[name]?.(each) ? [] : [`${name}: ${JSON.stringify(each)}`],
  );
}

interface Results {
  score?: number;
  output: string;
  output_format: string;
  tests: { name: string; score: number; max_score: number; status: string }[];
}

test("results.json has what Gradescope's documentation names, and nothing else", () => {
  for (const grade of grades) {
    const results = JSON.parse(JSON.stringify(gradescopeResults(grade, points))) as Results;
    assert.deepEqual(faultsIn(results, TOP), [], grade.submission.name);
    for (const each of results.tests) {
      assert.deepEqual(faultsIn(each, TEST), [], each.name);
      assert.equal(each.status, each.score === each.max_score ? "passed" : "failed");
    }
    // "Required if not on each test case below. Overrides total of tests if specified."
    const sum = results.tests.reduce((total, { score }) => total + score, 0);
    assert.equal(results.score, sum);
  }
  assert.deepEqual(faultsIn({ score: NaN, colour: "red", visibility: "seen" }, TOP).length, 3);
});

test("what a student has written is shown by Gradescope as text, not as HTML", () => {
  const results = gradescopeResults(grades[1], points) as Results;
  assert.equal(results.output, "broken: b<i>.ipynb is not a notebook");
  assert.equal(results.output_format, "text");
});

test("final_grades.csv has the columns and the first row of otter-grader 7", () => {
  assert.deepEqual(otterGrades(grades, points).split("\r\n"), [
    "file,cellRunThrice,guessFault,neuron,total_points_earned,percent_correct,grading_status",
    "points-per-question,1,1,2.5,4.5,1,--",
    `anna/00-welcome.ipynb,0,0,2.5,2.5,${2.5 / 4.5},Completed`,
    "bea/00-welcome.ipynb,,,,0,0,broken",
    "cem/00-welcome.ipynb,1,1,2.5,4.5,1,time limit",
    "'=2+3/00-welcome.ipynb,,,0,0,0,empty",
    "",
  ]);
});

test("a table of marks quotes what it has to, and no field is a formula", () => {
  const lines = marksCsv(grades, points).split("\r\n");
  assert.equal(
    lines[3],
    'cem,cem/00-welcome,time limit,late,4.5,4.5,"cell 3 took longer than 10 seconds; cell 4, ""x"", too",' +
      "2.5,1,1",
  );
  assert.equal(lines[4], "'=2+3,'=2+3/00-welcome,empty,,0,2.5,,0,,");
});
