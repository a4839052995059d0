import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { byMode, lessonMode } from "../../lessons/mode";

const before = process.env.KARENINA_MODE;

afterEach(() => {
  if (before === undefined) {
    delete process.env.KARENINA_MODE;
  } else {
    process.env.KARENINA_MODE = before;
  }
});

test("the mode comes from the environment; nothing means a lesson", () => {
  for (const [asked, mode] of [
    ["fast", "fast"],
    ["lesson", "lesson"],
    ["full", "full"],
    ["", "lesson"],
  ] as const) {
    process.env.KARENINA_MODE = asked;
    assert.equal(lessonMode(), mode);
    assert.equal(byMode({ fast: "fast", lesson: "lesson", full: "full" }), mode);
  }
  delete process.env.KARENINA_MODE;
  assert.equal(lessonMode(), "lesson");
});

test("a mode that does not exist is an error that names those that do", () => {
  process.env.KARENINA_MODE = "quick";
  assert.throws(
    () => lessonMode(),
    /KARENINA_MODE is "quick", but must be one of fast, lesson, full/,
  );
});
