import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import {
  type Cell,
  type Notebook,
  readNotebook,
  sourceOf,
  tagsOf,
} from "../../../runner/notebookFile";
import { studentVersion } from "../../../scripts/docs/studentVersion";

const LESSONS = resolve(__dirname, "../../../notebooks");

function code(source: string, metadata = {}): Cell {
  const outputs = [{ output_type: "stream", name: "stdout", text: ["shown\n"] }];
  return { cell_type: "code", id: "c1", source, metadata, outputs, execution_count: 7 };
}

const markdown = (source: string, metadata = {}): Cell => ({
  cell_type: "markdown",
  id: "m1",
  source,
  metadata,
});

const notebookOf = (...cells: Cell[]): Notebook => ({
  cells,
  metadata: { kernelspec: { name: "karenina" } },
  nbformat: 4,
  nbformat_minor: 5,
});

function studentCells(...cells: Cell[]): Cell[] {
  return studentVersion(notebookOf(...cells), "lesson.ipynb").cells;
}

const begin = "// BEGIN SOLUTION";
const end = "// END SOLUTION";

test("a cell that is all solution is left out", () => {
  const solution = code(`\n${begin}\ncheck.sum(3);\n${end}\n`, { tags: ["solution"] });
  const untagged = code(`${begin}\ncheck.sum(3);\n${end}`);
  assert.deepEqual(studentCells(solution, markdown("a"), untagged), [markdown("a")]);
});

test("a solution within other code becomes a comment in its place", () => {
  const source = `function f(x) {\n  ${begin}\n  const y = 2;\n\n  return x * y;\n  ${end}\n}\n${begin}\nf(1);\n${end}`;
  const [cell] = studentCells(code(source));
  assert.equal(sourceOf(cell), "function f(x) {\n  // Your code here\n}\n// Your code here");
  assert.deepEqual(cell.outputs, []);
  assert.equal(cell.execution_count, null);
});

test("exercises lose their outputs, other cells keep theirs", () => {
  const plain = code("show(figure);");
  const example = code("check.sum(2);", { tags: ["example"] });
  const [shown, answered, checked, open] = studentCells(
    plain,
    example,
    code("check.sum(NaN);"),
    code("const f = (x: number): number => yourCode();"),
  );
  assert.equal(shown, plain);
  assert.equal(answered, example);
  assert.deepEqual(checked.outputs, []);
  assert.deepEqual(open.outputs, []);
});

test("prose about solutions vanishes, with the cell where nothing is left", () => {
  const [cell, ...more] = studentCells(
    markdown(
      "Try it.\n<!-- BEGIN SOLUTION -->\nThe solution lies below.\n<!-- END SOLUTION -->\nGood luck.",
    ),
    markdown("<!-- BEGIN SOLUTION -->\nBecause.\n<!-- END SOLUTION -->"),
    markdown("Because.", { tags: ["solution"] }),
  );
  assert.equal(sourceOf(cell), "Try it.\nGood luck.");
  assert.equal(more.length, 0);
  const talk = markdown("In the source, `// BEGIN SOLUTION` begins a solution.");
  assert.deepEqual(studentCells(talk), [talk]);
});

test("marks that do not fit are errors that name notebook, cell and line", () => {
  const broken: [string, RegExp][] = [
    [
      `a;\n${begin}\nb;\n${begin}\nc;\n${end}`,
      /line 4: a solution begins inside the one that line 2/,
    ],
    [`a;\n${begin}\nb;`, /line 2: the solution that begins here is never ended/],
    [`a;\n${end}`, /line 2: a solution ends that never began/],
    [`a; ${begin}\nb;\n${end}`, /line 1: the mark must stand alone/],
    [`${begin} of 3\nb;\n${end}`, /line 1: the mark must stand alone/],
  ];
  for (const [source, message] of broken) {
    const act = () => studentCells(markdown("x"), code(source));
    assert.throws(act, message);
    assert.throws(act, /^Error: lesson\.ipynb, cell 2 \(c1\), line \d: /);
  }
  const tagged = { tags: ["solution"] };
  assert.throws(
    () => studentCells(code("check.sum(3);", tagged)),
    /tagged "solution", but has code/,
  );
  assert.throws(
    () => studentCells(code(`import x from "y";\n${begin}\na;\n${end}`, tagged)),
    /tagged "solution", but has code/,
  );
  assert.throws(
    () => studentCells(markdown("<!-- BEGIN SOLUTION -->\nBecause.")),
    /cell 1 \(m1\), line 1: the solution that begins here is never ended/,
  );
});

const line = fc
  .tuple(fc.constantFrom("", "  ", "\t"), fc.stringMatching(/^[a-z0-9 =;(){}"'/<>!-]{0,20}$/))
  .map(([blanks, text]) => blanks + text);
const part = fc.record({
  solution: fc.boolean(),
  mark: fc.constantFrom("// BEGIN SOLUTION", "  //BEGIN  SOLUTION ", "// Begin Solution"),
  lines: fc.array(line, { maxLength: 4 }),
});

test("the student's version has no line of a solution and every other line, in order", () => {
  const run = (cells: { solution: boolean; mark: string; lines: string[] }[][]) => {
    let secrets = 0;
    const kept: string[] = [];
    const sources = cells.map((parts) => {
      const all = parts.flatMap(({ solution, mark, lines }) => {
        if (!solution) {
          kept.push(...lines.filter((text) => text.trim() !== ""));
          return lines;
        }
        return [mark, ...lines.map((text) => `${text} /* secret ${secrets++} */`), end];
      });
      return all.join("\n");
    });
    const notebook = notebookOf(...sources.map((source) => code(source)));
    const before = structuredClone(notebook);
    const text = studentVersion(notebook, "x").cells.map(sourceOf).join("\n");
    assert.doesNotMatch(text, /secret|SOLUTION/i);
    const left = text
      .split("\n")
      .filter((each) => each.trim() !== "" && each.trim() !== "// Your code here");
    assert.deepEqual(left, kept);
    assert.deepEqual(notebook, before, "the source is not touched");
  };
  fc.assert(fc.property(fc.array(fc.array(part, { maxLength: 4 }), { maxLength: 4 }), run));
});

for (const name of readdirSync(LESSONS).filter((each) => each.endsWith(".ipynb"))) {
  test(`${name} has a student's version without solutions, in which each exercise is still there`, () => {
    const source = readNotebook(join(LESSONS, name));
    const student = studentVersion(source, name);
    const text = (notebook: Notebook) =>
      notebook.cells
        .filter(({ cell_type }) => cell_type === "code")
        .map(sourceOf)
        .join("\n");
    assert.doesNotMatch(text(student), /SOLUTION/);
    const exercises = (code: string) =>
      new Set([...code.matchAll(/\bcheck\s*\.\s*(\w+)/g)].map(([, each]) => each));
    assert.deepEqual(exercises(text(student)), exercises(text(source)));
  });

  test(`${name} folds each solution up, and checks it`, () => {
    const { cells } = readNotebook(join(LESSONS, name));
    for (const cell of cells.filter(({ cell_type }) => cell_type === "code")) {
      const source = sourceOf(cell);
      const isSolution = /^\s*\/\/ BEGIN SOLUTION\n.*\n\/\/ END SOLUTION\s*$/s.test(source);
      assert.equal(tagsOf(cell).includes("solution"), isSolution, `the tag of ${cell.id}`);
      if (!isSolution) {
        continue;
      }
      const { jupyter } = cell.metadata as Record<string, Record<string, unknown>>;
      assert.equal(jupyter?.source_hidden, true, `${cell.id} is folded up`);
      assert.match(source, /\bcheck\.\w+\(/);
    }
  });
}
