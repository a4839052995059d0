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
    ["browser", "browser"],
    ["lesson", "lesson"],
    ["full", "full"],
    ["", "lesson"],
  ] as const) {
    process.env.KARENINA_MODE = asked;
    assert.equal(lessonMode(), mode);
    assert.equal(
      byMode({ fast: "fast", browser: "browser", lesson: "lesson", full: "full" }),
      mode,
    );
  }
  delete process.env.KARENINA_MODE;
  assert.equal(lessonMode(), "lesson");
});

test("a page takes what a test does where a cell says nothing else", () => {
  process.env.KARENINA_MODE = "browser";
  assert.equal(byMode({ fast: 1, lesson: 2, full: 20 }), 1);
  assert.equal(
    byMode<number | undefined>({ fast: 1, browser: undefined, lesson: 2, full: 20 }),
    undefined,
  );
});

test("a mode that does not exist is an error that names those that do", () => {
  process.env.KARENINA_MODE = "quick";
  assert.throws(
    () => lessonMode(),
    /KARENINA_MODE is "quick", but must be one of fast, browser, lesson, full/,
  );
});
