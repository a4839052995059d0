import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

const folder = path.resolve(__dirname, "../../notebooks");
const welcome = fs.readFileSync(path.join(folder, "00-welcome.ipynb"), "utf8");

test("the welcome's table of lessons names every lesson", () => {
  const lessons = fs.readdirSync(folder).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
  for (const lesson of lessons.filter((name) => !name.startsWith("00-"))) {
    assert.ok(
      welcome.includes(`(${lesson})`),
      `${lesson} is missing in 00-welcome.ipynb, section 7`,
    );
  }
});
