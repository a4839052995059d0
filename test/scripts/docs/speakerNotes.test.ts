import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { findNotebooks } from "../../../runner/findNotebooks";
import { type Cell, type Notebook, readNotebook, sourceOf } from "../../../runner/notebookFile";
import { withSpeakerNotes } from "../../../scripts/docs/speakerNotes";
import { studentVersion } from "../../../scripts/docs/studentVersion";

const ROOT = resolve(__dirname, "../../..");
const typeOf = (cell: Cell) =>
  (cell.metadata as { slideshow?: { slide_type?: string } }).slideshow?.slide_type ?? "-";
const isNotes = (cell: Cell) => typeOf(cell) === "notes";

const markdown = (id: string, type: string, source: string): Cell => ({
  cell_type: "markdown",
  id,
  metadata: { slideshow: { slide_type: type } },
  source,
});
const code = (id: string, type: string, plain: string): Cell => ({
  cell_type: "code",
  id,
  metadata: { slideshow: { slide_type: type } },
  source: 'predict("Q", NaN);',
  outputs: [{ output_type: "display_data", data: { "text/plain": plain }, metadata: {} }],
});
const lecture = (...cells: Cell[]): Notebook => ({
  cells,
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});
const notesOf = (notebook: Notebook) => notebook.cells.filter(isNotes).map(sourceOf);
const long = (word: string, n: number) => `A${` ${word}`.repeat(n)}.`;

for (const path of findNotebooks(["notebooks"], [ROOT])) {
  const name = path.slice(join(ROOT, "notebooks").length + 1);
  const student = studentVersion(readNotebook(path), name);
  const { cells } = withSpeakerNotes(student);

  test(`${name}: each slide has notes, whose minutes go from the first to the last`, () => {
    const begins = cells.filter((cell) => ["slide", "subslide"].includes(typeOf(cell)));
    const notes = cells.filter(isNotes);
    assert.equal(notes.length, begins.length);
    assert.ok(begins.length >= 15, `${begins.length} slides`);
    let last = 0;
    for (const each of notes) {
      const [, begin, end, whole] = /^\*\*Minutes (\d+) to (\d+)\*\* of (\d+)\./
        .exec(sourceOf(each))!
        .map(Number) as [number, number, number, number];
      assert.equal(begin, last);
      assert.ok(end >= begin && end <= whole);
      last = end;
      if (each === notes.at(-1)) {
        assert.equal(end, whole);
        assert.ok(whole >= 20 && whole <= 150, `${whole} minutes`);
      }
    }
  });

  test(`${name}: slides and notes together have the lesson's prose, and the outcome of each guess`, () => {
    const blocks = (all: readonly Cell[]) =>
      all
        .filter((cell) => cell.cell_type === "markdown")
        .flatMap((cell) =>
          sourceOf(cell)
            .trim()
            .split(/\n\s*\n/),
        )
        .sort();
    const there = new Set(blocks(cells));
    assert.deepEqual(
      blocks(student.cells).filter((block) => !there.has(block)),
      [],
    );
    const shown = student.cells.filter((cell) => typeOf(cell) !== "skip");
    const outcomes = shown.filter((cell) => /\boutcome\(/.test(sourceOf(cell)));
    const told = cells
      .filter(isNotes)
      .flatMap((cell) => sourceOf(cell).match(/^\* .+: \*\*/gm) ?? []);
    assert.ok(told.length >= outcomes.length, `${told.length} of ${outcomes.length} outcomes`);
  });
}

test("long prose goes to the notes, but not what asks, leads to a formula, or explains one", () => {
  const text = [
    "# Title",
    long("one", 60),
    long("two", 40),
    `${long("three", 40)} Why?`,
    `${long("four", 40)} A **term**.`,
    long("five", 40),
    "$$x$$",
    "with y.",
    long("six", 40),
    "* a list",
    long("seven", 40),
  ];
  const made = withSpeakerNotes(lecture(markdown("a", "slide", text.join("\n\n"))));
  assert.match(notesOf(made)[0] as string, /More to say:\*\*\n\nA two two/);
  const shown = sourceOf(made.cells[0] as Cell);
  assert.doesNotMatch(shown, /two|seven/);
  for (const word of ["one", "three", "four", "five", "with y", "six", "a list"]) {
    assert.match(shown, new RegExp(word));
  }
  assert.match(notesOf(made)[0] as string, /seven/);
});

test("formulas, fences and folds are not torn apart", () => {
  const fold = "<details><summary>Q?</summary>\n\nThe answer.\n\n</details>";
  const text = `${long("one", 80)}\n\n$$\na\n\nb\n$$\n\n${fold}\n\n\`\`\`\nx\n\ny\n\`\`\``;
  const made = withSpeakerNotes(lecture(markdown("a", "slide", text)));
  assert.equal(sourceOf(made.cells[0] as Cell), text);
});

test("an outcome stands in the notes of its slide, with its reason, and is text whatever it holds", () => {
  const guess = code("b", "fragment", "○ No guess · A *question*\nOutcome: 3 | 4\nBecause of <b>.");
  const skipped = code("c", "skip", "○ No guess · Exercise\nOutcome: 5");
  const made = withSpeakerNotes(
    lecture(markdown("a", "slide", "# A"), guess, skipped, markdown("d", "subslide", "Next.")),
  );
  const [first, second] = notesOf(made) as [string, string];
  assert.match(first, /\* A \\\*question\\\*: \*\*3 \\\| 4\*\* \(Because of \\<b\\>\.\)$/);
  assert.doesNotMatch(made.cells.filter(isNotes).map(sourceOf).join(), /Exercise/);
  assert.doesNotMatch(second, /guesses/);
  assert.deepEqual(made.cells.map(typeOf), [
    "slide",
    "notes",
    "fragment",
    "skip",
    "subslide",
    "notes",
  ]);
});

test("a lesson's own notes stay, and the Russian lecture has Russian ones", () => {
  const own = markdown("n", "notes", "Bring a ball.");
  const made = withSpeakerNotes(lecture(markdown("a", "slide", "# А"), own), "ru");
  assert.equal(notesOf(made).length, 2);
  assert.match(notesOf(made)[0] as string, /^\*\*Минуты 0–0\*\* из 0\./);
  assert.equal(notesOf(made)[1], "Bring a ball.");
});
