import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { History } from "../../../kernel/front/history";

const history = new History();
for (const [index, input] of ["a = 1", "b", "a = 1", "c"].entries()) {
  history.add(index + 1, input);
}
const lines = (request: Record<string, unknown>) =>
  (history.answer(request) as { history: unknown[][] }).history.map((entry) => entry[1]);

test("tail, range and search choose entries as the protocol says", () => {
  assert.deepEqual(lines({ hist_access_type: "tail", n: 2 }), [3, 4]);
  assert.deepEqual(lines({ hist_access_type: "tail", n: 0 }), []);
  assert.deepEqual(lines({ hist_access_type: "range", session: 0, start: 2, stop: 4 }), [2, 3]);
  assert.deepEqual(lines({ hist_access_type: "range", session: 5, start: 1 }), []);
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "a*" }), [1, 3]);
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "?" }), [2, 4]);
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "[ac]*" }), [1, 3, 4]);
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "[^a-b]" }), [4]);
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "[" }), []);
  // No regular expression, and yet no reason to die: it was the kernel's end.
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "[z-a]*" }), []);
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "a = 1", unique: true }), [3]);
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "*", n: 1 }), [4]);
});

function folder(t: { after(end: () => void): void }): string {
  const made = mkdtempSync(join(tmpdir(), "history-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return join(made, "kept");
}

function asked(history: History, request: Record<string, unknown>): unknown[][] {
  return (history.answer(request) as { history: unknown[][] }).history;
}

test("sessions outlive their kernels, with numbers as IPython's", (t) => {
  const place = folder(t);
  const first = new History(place);
  first.add(1, "a = 1");
  first.add(2, "a");
  const second = new History(place);
  assert.deepEqual(asked(second, { hist_access_type: "tail", n: 1 }), [[1, 2, "a"]]);
  second.add(1, "b = 2");
  const tail = (n: number) => asked(second, { hist_access_type: "tail", n });
  assert.deepEqual(tail(2), [
    [1, 2, "a"],
    [2, 1, "b = 2"],
  ]);
  assert.deepEqual(tail(1), [[2, 1, "b = 2"]]);
  const range = (session: number) => asked(second, { hist_access_type: "range", session });
  assert.deepEqual(range(0), [[0, 1, "b = 2"]]);
  assert.deepEqual(range(2), [[2, 1, "b = 2"]]);
  for (const earlier of [-1, 1]) {
    assert.deepEqual(range(earlier), [
      [1, 1, "a = 1"],
      [1, 2, "a"],
    ]);
  }
  assert.deepEqual([range(-2), range(7)], [[], []]);
  assert.deepEqual(asked(second, { hist_access_type: "search", pattern: "*= *" }), [
    [1, 1, "a = 1"],
    [2, 1, "b = 2"],
  ]);
  // One that goes on at the same time is nobody's past.
  first.add(3, "later");
  assert.deepEqual(
    asked(first, { hist_access_type: "tail", n: 9 }).map(([session]) => session),
    [1, 1, 1],
  );
  assert.equal(statSync(join(place, "1.jsonl")).mode & 0o077, 0, "for nobody else to read");
});

test("a session without a cell leaves nothing; the oldest go; broken files do no harm", (t) => {
  const place = folder(t);
  assert.deepEqual(asked(new History(place), { hist_access_type: "tail", n: 5 }), []);
  new History(place).add(1, "first");
  appendFileSync(join(place, "1.jsonl"), '{"line": 2, "inp\n[]\nnull');
  writeFileSync(join(place, "notes.txt"), "not ours");
  for (let session = 2; session <= 501; session++) {
    writeFileSync(join(place, `${session}.jsonl`), "");
  }
  const history = new History(place);
  history.add(1, "last");
  const left = readdirSync(place).filter((name) => name.endsWith(".jsonl"));
  assert.equal(left.length, 500);
  assert.ok(!left.includes("1.jsonl") && left.includes("502.jsonl"));
});

test("where nothing can be written, the kernel remembers its own session", (t) => {
  const place = folder(t);
  writeFileSync(place, "a file where a folder should be");
  const history = new History(place);
  history.add(1, "a");
  history.add(2, "b");
  assert.deepEqual(asked(history, { hist_access_type: "tail", n: 5 }), [
    [0, 1, "a"],
    [0, 2, "b"],
  ]);
});
