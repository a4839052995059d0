import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Compares a figure with the one that was agreed on, test/lib/figures/fixtures/NAME.json. With
 * UPDATE_SNAPSHOTS=1 the file is written instead: look at the difference before committing it.
 */
export function matchesSnapshot(name: string, figure: object): void {
  const file = path.join(__dirname, "fixtures", `${name}.json`);
  const text = `${JSON.stringify(figure, null, 1)}\n`;
  if (process.env.UPDATE_SNAPSHOTS === "1") {
    writeFileSync(file, text);
  }
  assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(file, "utf8")));
}
