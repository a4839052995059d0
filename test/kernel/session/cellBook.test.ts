import assert from "node:assert/strict";
import { test } from "node:test";
import { type BookedCell, CellBook } from "../../../kernel/session/cellBook";

const cell = (name: string, code: string, more: Partial<BookedCell> = {}): BookedCell => ({
  name,
  code,
  inputs: [],
  declares: [],
  ...more,
});
const uses = (name: string) => [{ name, inFunction: false }];
const kept = (book: CellBook) => (book as unknown as { entries: BookedCell[] }).entries;

test("cells that neither declare nor use names are not kept, however many run", () => {
  const book = new CellBook();
  for (let i = 0; i < 1000; i++) {
    book.add(cell(`cell-${i}.ts`, `1 + ${i}`, { id: i % 2 === 0 ? `id-${i}` : undefined }));
    book.add(cell(`cell-${i}.ts`, `print(${i})`, { inputs: uses("print") }));
  }
  assert.equal(kept(book).length, 0);
  book.add(cell("cell-2000.ts", "const a = 1", { declares: ["a"] }));
  book.add(cell("cell-2001.ts", "a + 1", { inputs: uses("a") }));
  assert.equal(kept(book).length, 2);
  assert.deepEqual(book.stale(), []);
});

test("a cell that once declared a name, and no longer does, makes those stale that use it", () => {
  const book = new CellBook();
  book.add(cell("cell-1.ts", "const a = 1", { id: "one", declares: ["a"] }));
  book.add(cell("cell-2.ts", "a + 1", { id: "two", inputs: uses("a") }));
  book.add(cell("cell-3.ts", "1 + 1", { id: "one" }));
  assert.deepEqual(
    book.stale().map(({ name, because }) => ({ name, because })),
    [{ name: "cell-2.ts", because: ["a"] }],
  );
  book.add(cell("cell-4.ts", "2", { id: "two" }));
  assert.deepEqual(book.stale(), []);
});
