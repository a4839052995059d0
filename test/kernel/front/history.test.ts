import assert from "node:assert/strict";
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
