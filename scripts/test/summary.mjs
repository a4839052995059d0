// What `npm test` says at its end.

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {Counts & { name: string, seconds: number }} Row */

/**
 * A table of the checks and, as the last line, their sum in a form that machines read, too.
 *
 * @param {Row[]} rows
 * @returns {string}
 */
export function summarize(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length), "check".length) + 2;
  const line = (name, ...cells) =>
    name.padEnd(width) + cells.map((cell) => String(cell).padStart(9)).join("");
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const skipped = sum("skipped");
  return [
    line("check", "passed", "failed", "skipped", "seconds"),
    ...rows.map((row) =>
      line(row.name, row.passed, row.failed, row.skipped, row.seconds.toFixed(1)),
    ),
    "",
    `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  ].join("\n");
}
