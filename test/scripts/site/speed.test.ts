import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { readNotebook } from "../../../runner/notebookFile";
import { LESSON_07, speedLine } from "../../../scripts/site/page/speed";

const NOTEBOOKS = resolve(__dirname, "../../../notebooks");

test("the network that stands for a device's speed is lesson 07's", () => {
  const [file] = readdirSync(NOTEBOOKS).filter((name) => /^07.*\.ipynb$/.test(name));
  const { cells } = readNotebook(join(NOTEBOOKS, file));
  const code = cells.map(({ source }) => [source].flat().join("")).join("\n");
  for (const [mode, { H, embedding, N }] of Object.entries(LESSON_07)) {
    const settings = `${mode}: { hiddenSize: ${H}, embeddingSize: ${embedding}, batchSize: ${N}, `;
    assert.ok(code.includes(settings), settings);
  }
  const { fast, browser, lesson, full } = LESSON_07;
  const steps = `byMode({ fast: ${fast.T}, lesson: ${lesson.T}, full: ${full.T} })`;
  assert.ok(code.includes(`const steps = ${steps}`), steps);
  // A mode without a setting of its own has that of "fast".
  assert.equal(browser.T, fast.T);
});

test("numbers have as many digits as they deserve", () => {
  const alone = { instructions: "simd", threads: 1 };
  assert.match(
    speedLine({ instructions: "relaxed", threads: 1 }, 12.34e9),
    /\(SIMD, relaxed SIMD; 1 thread\): about 12 billion/,
  );
  assert.match(speedLine(alone, 849.6e6), /\(SIMD; 1 thread\): about 850 million multiplications/);
  // 3 * 20 * 25 * (4 * 96 * (32 + 96) + 4 * 96 * (96 + 96) + 96 * 140) products, and a fifth more.
  assert.match(speedLine(alone, 1.2 * 204_480_000, "fast"), /takes about 1 s\.$/);
  assert.match(speedLine(alone, 10e9, "fast"), /takes about 25 ms\.$/);
  // 3 * 20 * 25 * (4 * 128 * (32 + 128) + 4 * 128 * (128 + 128) + 128 * 140), likewise.
  assert.match(speedLine(alone, 1.2 * 34_636_800, "browser"), /takes about 10 s\.$/);
  assert.match(speedLine(alone, 10e9, "lesson"), /takes about 0\.2 s\.$/);
});

test("with several threads their number stands there, and that the speed is that of one", () => {
  assert.match(
    speedLine({ instructions: "simd", threads: 4 }, 1e9),
    /\(SIMD; 4 threads\): about 1 billion multiplications a second on one of them, on which a step .* about 0\.2 s\.$/,
  );
});
