import assert from "node:assert/strict";
import { test } from "node:test";
import { course } from "../../../lessons/exercises/course";
import { solutions } from "../../../lessons/exercises/solutions";
import { neededCode } from "../../../scripts/grade/needed";
import { givenCells } from "../../../scripts/grade/submissions";

const lesson = [
  'import { show, tf } from "karenina";\nimport { check } from "karenina-lessons";\nawait ready();',
  "const list = [1, 2];\nconst square = (x: number) => x * x;\nshow(square(3));",
  "list.push(3);",
  "let rate = 0.1;\nfor (const each of list) show(each);",
  "rate = 0.2;",
  "const mine = (x: number): number => yourCode();\ncheck.double(mine);",
];
const needed = (...own: string[]) =>
  neededCode([...lesson, ...own], lesson)
    .map(({ code }) => code)
    .slice(0, lesson.length);

test("a lesson that is as it was needs nothing to be run", () => {
  assert.deepEqual(needed(), ["", "", "", "", "", ""]);
});

test("imports are run without what stands beside them", () => {
  const [first, ...others] = needed("check.double(2);");
  assert.equal(first, 'import { check } from "karenina-lessons";');
  assert.deepEqual(others, ["", "", "", "", ""]);
});

test("a function is declared, a list and a variable are changed, too", () => {
  assert.equal(needed("square(2);")[1], "const square = (x: number) => x * x;");
  const ofList = needed("console.log(list);");
  assert.equal(ofList[1], "const list = [1, 2];");
  assert.equal(ofList[2], "list.push(3);");
  assert.match(ofList[3], /^for/);
  const ofRate = needed("console.log(rate);");
  assert.deepEqual(ofRate.slice(3, 5), ["let rate = 0.1;", "rate = 0.2;"]);
});

test("names inside of functions and of properties are not those of the notebook", () => {
  const given = needed("const f = (list: number[], { rate = 1 }) => list.length * rate;\nf.list;");
  assert.deepEqual(given, ["", "", "", "", "", ""]);
});

test("nor are those behind a dot in a type, of members, and of properties that are taken apart", () => {
  const given = needed(
    "const f: Parameters<typeof check.square>[0] = 1 as never;",
    "class Own { rate = 1; list() { return this.rate; } }\ninterface Has { list: number }",
    "const { rate: own, list: others } = new Own();",
  );
  assert.deepEqual(given, ['import { check } from "karenina-lessons";', "", "", "", "", ""]);
});

test("names of what a lesson hands on change nothing, in a list of them, too", () => {
  const handed = "const [one, two] = [check.one.use(mine), check.two.use(mine)];";
  const demonstration = "show(one(2), two(3));";
  const cells = [...lesson, handed, demonstration];
  const code = neededCode([...cells, "check.three(one);"], cells);
  assert.equal(code[6].code, handed);
  assert.equal(code[7].code, "");
});

test("a cell that was changed is run whole, and one with other blanks counts as unchanged", () => {
  const cells = [...lesson];
  cells[5] = "const mine = (x: number): number => 2 * x;\ncheck.double(mine);";
  cells[2] = "list.push( 3 );";
  cells[4] = "rate  =\n0.2;";
  const code = neededCode(cells, lesson);
  assert.equal(code[5].code, cells[5]);
  assert.equal(code[2].code, cells[2]);
  assert.equal(code[4].code, "");
  assert.deepEqual(
    code.map(({ own }) => own),
    [false, false, true, false, false, true],
  );
});

test("the cells that autograders read are never run", () => {
  const [code] = neededCode(["check.neuron.mark(neuron); // 1 point; leave it as it is"], []);
  assert.deepEqual(code, { code: "", own: false });
});

test("of the lessons, answers need few lines of each: no training is waited for", () => {
  for (const each of course) {
    const given = givenCells(each);
    const answers = each.exercises.map((name) => solutions[name]);
    const run = neededCode([...given, ...answers], given).slice(0, given.length);
    const lines = run.flatMap(({ code }) => code.split("\n").filter(Boolean));
    assert.ok(lines.length < 60, `${each.lesson}: ${lines.length}`);
    assert.doesNotMatch(lines.join("\n"), /\bawait\b|\btrain\(/, each.lesson);
  }
});
